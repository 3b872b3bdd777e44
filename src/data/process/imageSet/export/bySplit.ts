import { UserError } from '../../../../core/text/userError';
import type { ChosenImage } from './chosenImages';

/** Images without a split are trained on. */
const usual = 'train';
/** Every split is files of its own. */
const mostSplits = 64;
/** Characters, each of four bytes at most: a file's name has 255. */
const longestName = 48;

/**
 * Places of images among the chosen by the split they are in, in order; names of splits are safe for files, and different in
 * letters of one case, too. Throws `UserError` for too many.
 */
export function bySplit(chosen: readonly ChosenImage[]): ReadonlyMap<string, readonly number[]> {
  const splits = new Map<string, number[]>();
  for (const [i, { row, notes }] of chosen.entries()) {
    const split = notes.split?.value ?? row.split ?? usual;
    const known = splits.get(split);
    if (known !== undefined) known.push(i);
    else splits.set(split, [i]);
    if (splits.size > mostSplits)
      throw new UserError(`The images are in more than ${mostSplits} splits, and each is a file of its own.`);
  }
  const taken = new Set<string>();
  return new Map([...splits].map(([split, places]) => [freeName(split, taken), places]));
}

function freeName(split: string, taken: Set<string>): string {
  const safe = [...split.replaceAll(/[^\p{L}\p{N}_]+/gu, '_')].slice(0, longestName).join('') || usual;
  let name = safe;
  for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${safe}_${number}`;
  taken.add(name.toLowerCase());
  return name;
}
