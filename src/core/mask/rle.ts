import { UserError } from '../text/userError';

/** Largest mask that is read: an image of this many pixels is far beyond what segmenters are asked about. */
const mostPixels = 1 << 28;
/** 5 bits each: more can't belong to a run of an image this large. */
const mostChars = 6;

/**
 * Runs of a mask from COCO's compressed string (`rleFrString` of cocoapi's `maskApi.c`): lengths of 0s and 1s in turn,
 * beginning with 0s, down the columns. Characters 48–111 hold 5 bits each, low bits first, 0x20 says that more follow, 0x10
 * of the last one is the sign; from the fourth on a number is the difference to the one two before.
 * @param size height and width of the mask.
 * @throws UserError when the string is no such mask of that size.
 */
export function runsOf(counts: string, [height, width]: readonly [height: number, width: number]): Uint32Array {
  if (!isSide(height) || !isSide(width) || height * width > mostPixels)
    throw new UserError(`A mask of ${height} × ${width} pixels cannot be read.`);
  const runs = new Uint32Array(counts.length);
  let length = 0;
  let total = 0;
  for (let at = 0; at < counts.length; length++) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; at++, shift += 5) {
      const char = counts.charCodeAt(at) - 48;
      if (!(char >= 0 && char < 64) || shift === 5 * mostChars)
        throw new UserError(`The mask's character ${at + 1} belongs to no run.`);
      value += (char & 0x1f) * 2 ** shift;
      more = (char & 0x20) !== 0;
      if (!more && (char & 0x10) !== 0) value -= 2 ** (shift + 5);
    }
    if (length > 2) value += runs[length - 2] ?? 0;
    total += value;
    if (value < 0 || total > height * width)
      throw new UserError(`The mask's run ${length + 1} does not fit into ${height} × ${width} pixels.`);
    runs[length] = value;
  }
  if (total !== height * width) throw new UserError(`The mask's runs cover ${total} of ${height * width} pixels.`);
  return runs.subarray(0, length);
}

const isSide = (value: number): boolean => Number.isInteger(value) && value > 0;

/** Pixels in the mask. */
export function areaOf(runs: Uint32Array): number {
  let area = 0;
  for (let run = 1; run < runs.length; run += 2) area += runs[run] ?? 0;
  return area;
}
