import { count, counted } from '../../rollouts/words';
import { keptRange, type Threshold } from './thresholdStore';

/** Of an axis: as few digits as tell a thousandth of it. */
export const axisNumber = (value: number): string => String(Number(value.toPrecision(6))).replace('-', '−');

/** `812 of 1,000 images kept (81.2 %)`. */
export function countWords(threshold: Threshold): string {
  const { images, absent } = threshold.values;
  const [from, to] = keptRange(threshold);
  const all = images.length + absent;
  const share = all === 0 ? 0 : (100 * (to - from)) / all;
  const percent = share === 0 || share === 100 ? String(share) : share.toFixed(1);
  return `${count(to - from)} of ${counted(all, 'image')} kept (${percent} %)`;
}

/** Images that no threshold keeps; '' where all have a value. */
export const absentWords = ({ values: { absent } }: Threshold): string =>
  absent === 0 ? '' : `${count(absent)} without a value`;
