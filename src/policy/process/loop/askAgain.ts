import { modelInputSize } from '../../../core/geometry/smartResize';
import type { SentMessage } from '../../../core/policy/policyRollout';
import { fillTemplate } from '../../../core/policy/template';
import type { ImageProbe } from '../../../protocol/media';
import type { AskAgainAnswer, AskAgainRequest } from '../../../protocol/policy';
import type { Policy } from '../policy';
import type { Templates } from '../templates';
import { systemMessage } from './askTask';
import { cropPicture, type Encode, wholePicture } from './pictures';

interface AskTools {
  readonly templates: Templates;
  readonly policy: Policy;
  readonly encode: Encode;
  probe(path: string): Promise<ImageProbe>;
}

/** A question as the task model was asked it in a rollout (the whole picture, then the parts), its evidence as the request says. */
export async function askedAgain(
  request: AskAgainRequest,
  { templates, policy, encode, probe }: AskTools,
  signal: AbortSignal,
): Promise<AskAgainAnswer> {
  const { image, parts, question, options, thought, cropShape, seed } = request;
  const { spec } = request.policy;
  const input = await policy.input(signal);
  const size = modelInputSize((await probe(image)).stored, input.resize);
  const how = { shape: cropShape, input, format: policy.image };
  const pictures = await Promise.all([
    wholePicture(encode, image, size, policy.image, signal),
    ...parts.map(({ box, look }) => cropPicture(encode, image, box, { ...how, look }, signal)),
  ]);
  const asked = fillTemplate(await templates.task(spec, 'question'), { question, options });
  const text = thought === null ? asked : `${asked}\n${fillTemplate(await templates.thought(), { response: thought })}`;
  const sent: SentMessage = {
    role: 'user',
    content: [
      ...pictures.map(({ cut, size }, i) => ({ type: 'image' as const, image, crop: i === 0 ? null : cut, size })),
      { type: 'text', text },
    ],
  };
  const messages = [...systemMessage(await templates.system(spec)), { sent, pictures: pictures.map(({ uri }) => uri) }];
  const reply = await policy.answer({ messages, seed, schema: null, onText: null, onWait: () => undefined }, signal);
  return { reply, answered: await policy.label(signal) };
}
