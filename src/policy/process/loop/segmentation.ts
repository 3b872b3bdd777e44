import type { Box } from '../../../core/geometry/box';
import type { CocoMask } from '../../../core/mask/cocoMask';
import { deepestInside, emptyMask, type MaskStep, maskIouOf, replacedInside } from '../../../core/policy/maskSteps';
import type { TaskCall, TaskPoint } from '../../../core/policy/policyRollout';
import { readTaskPoints } from '../../../core/policy/readPoints';
import { readTaskBoxes } from '../../../core/policy/readReply';
import { fillTemplate } from '../../../core/policy/template';
import type { CachedImage } from '../../../protocol/media';
import type { ProposeRequest } from '../../../protocol/policy';
import type { ClickPrompt, SegmentAnswer, SegmentRequest } from '../../../protocol/segment';
import { askTask, boxList, pointList, type TaskModel, type TaskQuestion } from './askTask';
import { cropPicture, type Encode, type SentPicture } from './pictures';

/** The segmenter of the inference child, and pictures with a mask on them. */
export interface MaskTools {
  segment(request: SegmentRequest, signal: AbortSignal): Promise<SegmentAnswer>;
  overlay(path: string, mask: CocoMask, signal: AbortSignal): Promise<CachedImage>;
  readonly encode: Encode;
}

const usualSegmenter = 'basic';

/**
 * The mask to begin with: what the segmenter makes of the sample's box, else of the first box that the task model finds on the whole
 * picture; empty where there is none.
 */
export async function firstMask(
  request: ProposeRequest,
  imageSize: { readonly width: number; readonly height: number },
  ask: () => Promise<Box | null>,
  tools: MaskTools,
  signal: AbortSignal,
): Promise<CocoMask> {
  const box = request.sample.box ?? (await ask());
  if (box === null) return emptyMask(imageSize);
  return segmented(request, tools, `${request.job}/start`, { clicks: [], box, crop: null, previous: null }, signal);
}

/** The first box that a task model finds on the whole picture, by the prompt for detection. */
export async function boxOnWhole(
  model: TaskModel,
  question: TaskQuestion,
  request: ProposeRequest,
  picture: SentPicture,
  signal: AbortSignal,
): Promise<Box | null> {
  const text = fillTemplate(model.template, question.words);
  const reply = await askTask(request, model, question, [picture], text, { call: 'start', schema: boxList }, signal);
  return readTaskBoxes(reply.text, model.input, picture).boxes[0]?.box ?? null;
}

/**
 * One zoom after the other: the task model sees a region with the mask on it and clicks where it is wrong; the segmenter, shown that
 * region, makes of the clicks what the mask becomes there. Outside the region it stays.
 */
export async function zoomSteps(
  request: ProposeRequest,
  model: TaskModel,
  question: TaskQuestion,
  regions: readonly { readonly region: number; readonly box: Box }[],
  first: CocoMask,
  tools: MaskTools,
  signal: AbortSignal,
): Promise<{ readonly calls: readonly TaskCall[]; readonly masks: readonly MaskStep[] }> {
  const { sample, cropShape } = request;
  const truth = sample.truthMask ?? null;
  const calls: TaskCall[] = [];
  const masks: MaskStep[] = [{ region: null, mask: first, iou: maskIouOf(first, truth) }];
  let mask = first;
  for (const { region, box } of regions) {
    const shown = await tools.overlay(sample.image, mask, signal);
    const how = { shape: cropShape, input: model.input, format: model.policy.image };
    const picture = await cropPicture(tools.encode, shown.path, box, how, signal);
    const text = fillTemplate(model.template, question.words);
    const reply = await askTask(request, model, question, [picture], text, { call: region, schema: pointList }, signal);
    const { points, malformed } = readTaskPoints(reply.text, model.input, picture);
    calls.push({ region, cut: picture.cut, size: picture.size, reply, boxes: [], points, malformed });
    if (points.length > 0) {
      const lane = `${request.job}/${question.rollout}`;
      const prompts = { clicks: clicksOf(points, mask, picture.cut), box: null, crop: picture.cut, previous: mask };
      mask = replacedInside(mask, await segmented(request, tools, lane, prompts, signal), picture.cut);
    }
    masks.push({ region, mask, iou: maskIouOf(mask, truth) });
  }
  return { calls, masks };
}

/** Clicks in the middles of pixels; before them one in what the mask holds here already, for segmenters that take no mask. */
function clicksOf(points: readonly TaskPoint[], mask: CocoMask, cut: Box): readonly ClickPrompt[] {
  const anchor = deepestInside(mask, cut);
  const inside = (value: number, from: number, to: number) => Math.min(to - 1, Math.max(from, Math.floor(value)));
  const clicks = points.map(({ x, y, positive }) => ({
    x: inside(x, cut.x1, cut.x2),
    y: inside(y, cut.y1, cut.y2),
    positive: positive !== false,
  }));
  return anchor === null ? clicks : [{ ...anchor, positive: true }, ...clicks];
}

async function segmented(
  { sample, segmenter }: ProposeRequest,
  tools: MaskTools,
  lane: string,
  prompts: Pick<SegmentRequest, 'clicks' | 'box' | 'crop'> & { readonly previous: CocoMask | null },
  signal: AbortSignal,
): Promise<CocoMask> {
  const { previous, ...rest } = prompts;
  const answer = await tools.segment(
    {
      image: sample.image,
      model: segmenter ?? usualSegmenter,
      ...rest,
      previous: previous === null ? null : { kind: 'mask', mask: previous, guess: true },
      lane,
    },
    signal,
  );
  const best = answer.candidates[answer.best];
  if (best === undefined) throw new Error('an answer without a mask');
  return best.mask;
}
