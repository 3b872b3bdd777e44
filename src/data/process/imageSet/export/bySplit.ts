import { UserError } from '../../../../core/text/userError';
import type { ChosenImage } from './chosenImages';

/** Images without a split are trained on. */
const usual = 'train';
/** Every split is files of its own. */
const mostSplits = 64;

/** Places of images among the chosen by the split they are in, in order; names of splits are safe for files. Throws `UserError` for too many. */
export function bySplit(chosen: readonly ChosenImage[]): ReadonlyMap<string, readonly number[]> {
  const splits = new Map<string, number[]>();
  for (const [i, { row, notes }] of chosen.entries()) {
    const name = (notes.split?.value ?? row.split ?? usual).replaceAll(/[^A-Za-z0-9_]+/g, '_').slice(0, 60) || usual;
    const known = splits.get(name);
    if (known !== undefined) known.push(i);
    else splits.set(name, [i]);
    if (splits.size > mostSplits)
      throw new UserError(`The images are in more than ${mostSplits} splits, and each is a file of its own.`);
  }
  return splits;
}
