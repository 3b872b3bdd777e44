import { type ImageRow, ROW_BOXES } from '../../../protocol/imageSet';
import type { EffectiveTables } from './effectiveTables';

/** What a thumbnail shows of an image. @param rewards mean total reward of joined rollouts by image; null while none are joined. */
export function imageRow(tables: EffectiveTables, index: number, rewards: Float64Array | null): ImageRow {
  const { images, annotations } = tables;
  const { starts, order } = tables.byImage();
  const [from, to] = [starts[index] ?? 0, starts[index + 1] ?? 0];
  const own: number[] = [];
  for (let i = from; i < to && own.length < ROW_BOXES; i++) {
    const at = order[i] ?? 0;
    if (!Number.isNaN(annotations.x1[at])) own.push(at);
  }
  const { x1, y1, x2, y2, labels } = annotations;
  return {
    index,
    key: images.keys[index] ?? '',
    file: images.files[index] ?? '',
    width: images.widths[index] ?? 0,
    height: images.heights[index] ?? 0,
    split: images.split(index),
    annotations: to - from,
    boxes: Float32Array.from(own.flatMap((at) => [x1[at] ?? 0, y1[at] ?? 0, x2[at] ?? 0, y2[at] ?? 0])),
    labels: Int32Array.from(own, (at) => labels[at] ?? -1),
    ...(rewards === null ? {} : { reward: rewards[index] ?? Number.NaN }),
  };
}
