import { modelInputSize } from '../../../core/geometry/smartResize';
import type { SentMessage } from '../../../core/policy/policyRollout';
import { readVerdicts } from '../../../core/policy/readVerdicts';
import { fillTemplate } from '../../../core/policy/template';
import type { ImageProbe } from '../../../protocol/media';
import type { JudgeAnswer, JudgeRequest } from '../../../protocol/policy';
import type { AnswerSchema, Policy } from '../policy';
import type { Templates } from '../templates';
import { systemMessage } from './askTask';
import { cropPicture, type Encode, type SentPicture, wholePicture } from './pictures';

interface JudgeTools {
  readonly templates: Templates;
  readonly judge: Policy;
  readonly encode: Encode;
  probe(path: string): Promise<ImageProbe>;
}

const verdictList: AnswerSchema = {
  name: 'verdicts',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        step: { type: 'integer', minimum: 1 },
        label: { type: 'integer', enum: [-1, 0, 1] },
        reason: { type: 'string' },
      },
      required: ['step', 'label', 'reason'],
      additionalProperties: false,
    },
  },
};

/** What a model says of another's steps, shown what that one saw. An answer that holds no verdict gives none. */
export async function judged(request: JudgeRequest, tools: JudgeTools, signal: AbortSignal): Promise<JudgeAnswer> {
  const { image, regions, question, steps, outcome, policy, seed } = request;
  const { judge, templates } = tools;
  const pictures = image === null ? [] : await shown(image, regions, tools, signal);
  const response = [
    ...steps.map((step, i) => `Step ${i + 1}: ${step}`),
    ...(outcome === null ? [] : [`What came of it, no step of its own: ${outcome}`]),
  ].join('\n\n');
  const text = fillTemplate(await templates.judge(policy.spec), { question, response });
  const sent: SentMessage = {
    role: 'user',
    content: [
      ...pictures.map(({ cut, size }, i) => ({
        type: 'image' as const,
        image: image ?? '',
        crop: i === 0 ? null : cut,
        size,
      })),
      { type: 'text', text },
    ],
  };
  const messages = [
    ...systemMessage(await templates.system(policy.spec)),
    { sent, pictures: pictures.map(({ uri }) => uri) },
  ];
  const reply = await judge.answer(
    { messages, seed, schema: verdictList, onText: null, onWait: () => undefined },
    signal,
  );
  return { verdicts: readVerdicts(reply.text, steps.length), reply, judge: await judge.label(signal) };
}

async function shown(
  image: string,
  regions: JudgeRequest['regions'],
  { judge, encode, probe }: JudgeTools,
  signal: AbortSignal,
): Promise<readonly SentPicture[]> {
  const input = await judge.input(signal);
  const size = modelInputSize((await probe(image)).stored, input.resize);
  const whole = wholePicture(encode, image, size, judge.image, signal);
  const how = { shape: 'aspect', input, format: judge.image } as const;
  const parts = regions.map((box) => cropPicture(encode, image, box, how, signal));
  return Promise.all([whole, ...parts]);
}
