import { setImmediate as nextTurn } from 'node:timers/promises';
import { nearDistance, nearDuplicates } from '../../../core/dataset/nearDuplicates';
import { type DuplicatesFound, duplicatesColumn, type HashedImages } from '../../../protocol/imageSet';
import { valueColumn } from './markColumns';
import type { SetColumn } from './setColumns';

/** Milliseconds of comparing before other requests get their turn. */
const slice = 8;

const about = `Group of near-duplicates, the largest is 1: difference hashes that differ in at most ${nearDistance} of 64 bits, directly or through others.`;

/** Groups images by their hashes. */
export async function duplicateGroups(
  { images, hashes }: HashedImages,
  signal: AbortSignal,
): Promise<{ readonly column: SetColumn; readonly found: DuplicatesFound }> {
  const steps = nearDuplicates(hashes, nearDistance);
  let sliceEnd = performance.now() + slice;
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    signal.throwIfAborted();
    sliceEnd = performance.now() + slice;
  }
  const groups = step.value;
  const alike = images.filter((_, at) => (groups[at] ?? 0) > 0);
  const values = Float64Array.from(groups.filter((group) => group > 0));
  const found = { groups: values.reduce((most, group) => Math.max(most, group), 0), images: alike.length };
  return { column: { ...valueColumn({ name: duplicatesColumn, about, images: alike, values }), apart: true }, found };
}
