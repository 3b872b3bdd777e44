import type { ClickTrajectory } from '../../core/click/clickTrajectory';
import type { Size } from '../../core/geometry/box';
import { type CocoMask, countsOf, runsOfPixels } from '../../core/mask/cocoMask';
import { areaOf } from '../../core/mask/rle';

/** What a trace says of one object. */
export interface TracedObject {
  /** File name, as the loader looks for it. */
  readonly imageName: string;
  readonly size: Size;
  readonly objectId: number;
  /** What it is called; empty where nobody said. */
  readonly caption: string;
  /** Row-major at the picture's size: 1 in the object. */
  readonly truth: Uint8Array;
  /** The mask that was refined, row-major; null where it began with none. */
  readonly start: Uint8Array | null;
  readonly trajectory: ClickTrajectory;
}

/**
 * An element of `data` of SegAgent's trace (`evaluate_sample` in its `isegm/inference/evaluation.py`): `coor` is (row, column), `box` and `bbox` are
 * x, y, width, height, masks are COCO's compressed runs. A refined mask stands in `init_mask`, a key of ours, which its loader passes over.
 */
export function segAgentElement({
  imageName,
  size,
  objectId,
  caption,
  truth,
  start,
  trajectory,
}: TracedObject): object {
  return {
    image_name: imageName,
    height: size.height,
    width: size.width,
    gt_ann: {
      object_id: objectId,
      // Its loader falls back on the image's name for this word.
      caption: [caption === '' ? 'Unknown' : caption],
      ...withBox(
        truth.map((value) => (value === 1 ? 1 : 0)),
        size,
        ['segmentation', 'bbox'],
      ),
    },
    ...(start === null ? {} : { init_mask: { ...withBox(start, size, ['mask', 'box']), iou: trajectory.startIou } }),
    clicks_list: trajectory.steps.map(({ click, mask, iou }, idx) => ({
      idx,
      coor: [click.y, click.x],
      is_positive: click.positive,
      ...withBox(mask, size, ['mask', 'box']),
      iou,
    })),
  };
}

/** A mask under one name, its box under the other, and its area. */
function withBox(pixels: Uint8Array, { width, height }: Size, [mask, box]: readonly [string, string]): object {
  const runs = runsOfPixels(pixels, width, height);
  const coco: CocoMask = { size: [height, width], counts: countsOf(runs) };
  return { [mask]: coco, [box]: boxOf(pixels, width), area: areaOf(runs) };
}

/** x, y, width, height of what is in a mask; zeros for an empty one, as `pycocotools.mask.toBbox` says. */
function boxOf(pixels: Uint8Array, width: number): readonly [number, number, number, number] {
  let [left, top, right, bottom] = [width, pixels.length, -1, -1];
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] === 0) continue;
    const x = i % width;
    const y = (i - x) / width;
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1];
}
