import type { Box, Size } from '../../../core/geometry/box';
import type { CocoMask } from '../../../core/mask/cocoMask';
import { readAnswer, showOptions } from '../../../core/policy/choices';
import { type ModelInput, statedFrame } from '../../../core/policy/convention';
import type { MaskStep } from '../../../core/policy/maskSteps';
import { mergeBoxes } from '../../../core/policy/mergeBoxes';
import type { PolicyLabel, PolicyRollout, Reply, SentMessage, TaskCall } from '../../../core/policy/policyRollout';
import { type ReadRegions, readRegions } from '../../../core/policy/readReply';
import type { ProposeRequest } from '../../../protocol/policy';
import { askForBoxes, askForWords, type TaskModel, type TaskQuestion } from './askTask';
import type { GroupCalls } from './calls';
import { cropPicture, type Encode, type SentPicture } from './pictures';
import { type MaskTools, zoomSteps } from './segmentation';

/** What the rollouts of a group share. */
export interface GroupScene {
  readonly request: ProposeRequest;
  readonly imageSize: Size;
  readonly input: ModelInput;
  readonly inputSize: Size;
  readonly policy: PolicyLabel;
  readonly taskPolicy: PolicyLabel | null;
  readonly task: TaskModel | null;
  readonly messages: readonly SentMessage[];
  readonly calls: GroupCalls;
  readonly encode: Encode;
  /** For segmentation: the mask that every rollout begins with. */
  readonly first: CocoMask | null;
  readonly masks: MaskTools;
  /** The whole image as the task model sees it; encoded when it is first asked for. */
  whole(): Promise<SentPicture>;
}

/** From a sensing model's answer to what was found in its regions. An answer that is rubbish is a malformed rollout. */
export async function zoomedRollout(
  scene: GroupScene,
  index: number,
  reply: Reply,
  signal: AbortSignal,
): Promise<PolicyRollout> {
  const start = performance.now();
  const { request, input, inputSize, imageSize } = scene;
  const shown = { cut: { x1: 0, y1: 0, x2: imageSize.width, y2: imageSize.height }, size: inputSize };
  const regions = readRegions(reply.text, input, shown, request.maxRegions);
  const asked = scene.task === null ? nothing : await lookedInto(scene, scene.task, index, regions, signal);
  return rolloutOf(
    scene,
    index,
    reply,
    { ...asked, malformed: regions.malformed, regions: regions.boxes },
    reply.took + performance.now() - start,
  );
}

/** The task model on the whole picture, without a look at any region. */
export async function plainRollout(scene: GroupScene, index: number, signal: AbortSignal): Promise<PolicyRollout> {
  const start = performance.now();
  if (scene.task === null) throw new Error('a comparison without a task model');
  const { shuffle, ...asked } = await lookedInto(scene, scene.task, index, null, signal);
  const [call] = asked.calls;
  if (call === undefined) throw new Error('a task model that was not asked');
  return rolloutOf(
    scene,
    index,
    call.reply,
    { ...asked, shuffle, malformed: call.malformed, regions: [] },
    performance.now() - start,
  );
}

interface Found {
  readonly masks?: readonly MaskStep[];
  readonly calls: readonly TaskCall[];
  readonly boxes: PolicyRollout['boxes'];
  readonly answer: string | null;
  readonly chosen: number | null;
  readonly shuffle: readonly number[];
}

const nothing: Found = { calls: [], boxes: [], answer: null, chosen: null, shuffle: [] };

/** `regions` null: the whole picture alone. */
async function lookedInto(
  scene: GroupScene,
  task: TaskModel,
  index: number,
  regions: ReadRegions | null,
  signal: AbortSignal,
): Promise<Found> {
  const { request, encode } = scene;
  const { sample, cropShape, maxIou } = request;
  const how = { shape: cropShape, input: task.input, format: task.policy.image };
  const crops = async (): Promise<readonly { readonly region: number; readonly picture: SentPicture }[]> =>
    Promise.all(
      (regions?.chosen ?? []).map(async (region) => ({
        region,
        picture: await cropPicture(encode, sample.image, boxAt(regions, region), how, signal),
      })),
    );
  const options = showOptions(sample.options, request.seed + index);
  const question: TaskQuestion = {
    rollout: index,
    calls: scene.calls,
    words: { object: sample.object ?? '', question: sample.question ?? '', options: options.text },
  };
  if (request.task === 'question') {
    const cut = (await crops()).map(({ picture }) => picture);
    const call = await askForWords(request, task, question, [await scene.whole(), ...cut], signal);
    const given = readAnswer(call.reply.text, sample.options, options.order);
    return {
      calls: [call],
      boxes: [],
      answer: given?.text ?? null,
      chosen: given?.option ?? null,
      shuffle: options.order,
    };
  }
  if (request.task === 'segmentation') {
    if (scene.first === null) throw new Error('segmentation without a mask to begin with');
    const looks = (regions?.chosen ?? []).map((region) => ({ region, box: boxAt(regions, region) }));
    return { ...nothing, ...(await zoomSteps(request, task, question, looks, scene.first, scene.masks, signal)) };
  }
  const ask = (picture: SentPicture, region: number | null) =>
    askForBoxes(request, task, question, picture, region, signal);
  const calls =
    regions === null
      ? [await ask(await scene.whole(), null)]
      : await Promise.all((await crops()).map(({ region, picture }) => ask(picture, region)));
  const boxes = mergeBoxes(
    calls.flatMap((call) => call.boxes),
    maxIou,
  );
  return { ...nothing, calls, boxes };
}

function boxAt(regions: ReadRegions | null, index: number): Box {
  const box = regions?.boxes[index];
  if (box == null) throw new Error('a region without a place was chosen');
  return box;
}

function rolloutOf(
  scene: GroupScene,
  index: number,
  reply: Reply,
  found: Found & Pick<PolicyRollout, 'malformed' | 'regions'>,
  took: number,
): PolicyRollout {
  const { request, input, inputSize, imageSize, policy, taskPolicy, messages } = scene;
  const { sample, task, count, seed, zoom, profile } = request;
  return {
    task,
    sample,
    index,
    groupSize: count,
    group: `${sample.key}#${seed}${zoom ? '' : '/whole'}`,
    zoomed: zoom,
    seed: seed + index,
    policy,
    taskPolicy,
    imageSize,
    inputSize,
    frame: statedFrame(input.convention),
    messages,
    reply,
    ...found,
    rewards: {},
    profile: profile.id,
    score: null,
    advantage: null,
    took,
  };
}
