import type { Size } from '../../../core/geometry/box';
import { modelInputSize } from '../../../core/geometry/smartResize';
import type { CocoMask } from '../../../core/mask/cocoMask';
import type { ModelInput } from '../../../core/policy/convention';
import type { PolicyRollout, SentMessage } from '../../../core/policy/policyRollout';
import { scoreGroup } from '../../../core/policy/scoreRollouts';
import { fillTemplate } from '../../../core/policy/template';
import { UserError } from '../../../core/text/userError';
import type { ImageProbe } from '../../../protocol/media';
import type { ProposeAnswer, ProposeRequest } from '../../../protocol/policy';
import type { Policy, ReadyMessage } from '../policy';
import type { Templates } from '../templates';
import { systemMessage, type TaskModel } from './askTask';
import { CallJournal } from './callJournal';
import { type Emit, GroupCalls, senseCall } from './calls';
import { type Encode, type SentPicture, wholePicture } from './pictures';
import { type GroupScene, plainRollout, zoomedRollout } from './rollout';
import { boxOnWhole, firstMask, type MaskTools } from './segmentation';

export interface GroupTools {
  readonly templates: Templates;
  readonly policy: Policy;
  readonly task: Policy | null;
  readonly encode: Encode;
  readonly segment: MaskTools['segment'];
  readonly overlay: MaskTools['overlay'];
  probe(path: string): Promise<ImageProbe>;
  readonly emit: Emit;
}

/** One group: where a policy looks, what the task model finds there, rewards and advantages. */
export async function proposeGroup(
  request: ProposeRequest,
  tools: GroupTools,
  outer: AbortSignal,
): Promise<ProposeAnswer> {
  // One call that is given up ends its siblings: their answers would be thrown away.
  const ending = new AbortController();
  const signal = AbortSignal.any([outer, ending.signal]);
  try {
    const rollouts = await rolloutsOf(request, tools, signal);
    return { rollouts: scoreGroup(rollouts, request.profile, request.advantage) };
  } finally {
    ending.abort();
  }
}

async function rolloutsOf(
  request: ProposeRequest,
  tools: GroupTools,
  signal: AbortSignal,
): Promise<readonly PolicyRollout[]> {
  const { sample, count, zoom, job } = request;
  const { policy, probe, emit } = tools;
  if (policy.reads || tools.task !== null) refuseNothing(request);
  const imageSize = (await probe(sample.image)).stored;
  const input = await policy.input(signal);
  const task = await taskModel(request, tools, signal);
  const sizeFor = ({ resize }: ModelInput, reads: boolean) => (reads ? modelInputSize(imageSize, resize) : imageSize);
  const inputSize = zoom || task === null ? sizeFor(input, policy.reads) : sizeFor(task.input, true);
  const picture = (size: typeof imageSize, format: 'jpeg' | 'png', path = sample.image) =>
    wholePicture(tools.encode, path, size, format, signal);
  let whole: Promise<SentPicture> | null = null;
  const calls = new GroupCalls(request, await CallJournal.open(request.journal), emit);
  const first = await maskFirst(request, tools, task, calls, imageSize, signal);
  const asked = await senseMessages(request, tools, inputSize, async () => {
    const shown = first === null ? undefined : (await tools.overlay(sample.image, first, signal)).path;
    return picture(inputSize, policy.image, shown);
  });
  const scene: GroupScene = {
    request,
    imageSize,
    input: zoom || task === null ? input : task.input,
    inputSize,
    policy: await (zoom || tools.task === null ? policy : tools.task).label(signal),
    taskPolicy: (await tools.task?.label(signal)) ?? null,
    task,
    messages: asked.map(({ sent }) => sent),
    calls,
    encode: tools.encode,
    first,
    masks: tools,
    whole: () => {
      if (task === null) throw new Error('no task model to show the image to');
      whole ??= picture(sizeFor(task.input, true), task.policy.image);
      return whole;
    },
  };
  const finished = async (rollout: Promise<PolicyRollout>): Promise<PolicyRollout> => {
    const done = await rollout;
    if (request.stream) emit('policy/rollout', { job, rollout: done });
    return done;
  };
  if (!zoom) return Promise.all(indices(count).map((index) => finished(plainRollout(scene, index, signal))));
  const missing = indices(count).filter((index) => !calls.knows(senseCall(index)));
  const replies = policy.sense(
    {
      image: sample.image,
      messages: missing.length === 0 ? [] : asked,
      seed: request.seed,
      maxRegions: request.maxRegions,
      rollouts: missing,
      onText: request.stream
        ? (rollout, more, fresh) => emit('policy/text', { job, rollout, call: senseCall(rollout), more, fresh })
        : null,
      onWait: calls.onWait,
    },
    signal,
  );
  return Promise.all(
    indices(count).map((index) =>
      finished(
        calls
          .once(senseCall(index), () => replies[missing.indexOf(index)] ?? Promise.reject(new Error('not asked')))
          .then((reply) => zoomedRollout(scene, index, reply, signal)),
      ),
    ),
  );
}

/** Text before the picture, as the paper's demo asks where to look. Without zoom or for a policy that reads nothing: no message. */
async function senseMessages(
  request: ProposeRequest,
  { policy, templates }: GroupTools,
  size: SentPicture['size'],
  picture: () => Promise<SentPicture>,
): Promise<readonly ReadyMessage[]> {
  const { sample, task, zoom, maxRegions } = request;
  const { spec } = request.policy;
  const words = { object: sample.object ?? '', question: sample.question ?? '', count: String(maxRegions) };
  if (!zoom || !policy.reads) return [];
  const text = fillTemplate(await templates.sense(spec, task), words);
  const { uri } = await picture();
  const sent: SentMessage = {
    role: 'user',
    content: [
      { type: 'text', text },
      { type: 'image', image: sample.imageName, crop: null, size },
    ],
  };
  return [...systemMessage(await templates.system(spec)), { sent, pictures: [uri] }];
}

/** Who reads prompts must be asked something. */
function refuseNothing({ sample, task }: ProposeRequest): void {
  if ((task === 'question' ? sample.question : sample.object) !== null) return;
  throw new UserError(
    `${sample.image}: there is no ${task === 'question' ? 'question to answer' : 'object to look for'}`,
  );
}

/** For segmentation the mask that the group begins with; null for other tasks. */
async function maskFirst(
  request: ProposeRequest,
  tools: GroupTools,
  task: TaskModel | null,
  calls: GroupCalls,
  imageSize: Size,
  signal: AbortSignal,
): Promise<CocoMask | null> {
  if (request.task !== 'segmentation' || task === null) return null;
  const ask = async () => {
    const finder = { ...task, template: await tools.templates.detection() };
    const { resize } = task.input;
    const { image } = request.sample;
    const size = modelInputSize(imageSize, resize);
    const picture = await wholePicture(tools.encode, image, size, task.policy.image, signal);
    const question = { rollout: 0, calls, words: { object: request.sample.object ?? '' } };
    return boxOnWhole(finder, question, request, picture, signal);
  };
  return firstMask(request, imageSize, ask, tools, signal);
}

async function taskModel(
  { taskPolicy, task }: ProposeRequest,
  tools: GroupTools,
  signal: AbortSignal,
): Promise<TaskModel | null> {
  if (taskPolicy === null || tools.task === null) return null;
  const { spec } = taskPolicy;
  if (!tools.task.reads) throw new UserError(`${spec.name} only chooses regions; the task model must be a server`);
  return {
    policy: tools.task,
    input: await tools.task.input(signal),
    template: await tools.templates.task(spec, task),
    system: await tools.templates.system(spec),
  };
}

const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
