import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem } from '../../../core/text/problem';
import type { ImageLookup } from './imageLookup';
import type { SetTables } from './setTables';

/** Missing images that are told one by one; the others are told by their number. */
const toldEach = 100;
/** Images after which other requests get their turn. */
const often = 500;

/** Looks for every image that is a file of its own, and notes those that are not there. Stops when aborted. */
export async function noteMissing(tables: SetTables, lookup: ImageLookup, signal: AbortSignal): Promise<void> {
  const { images, problems } = tables;
  const missing: number[] = [];
  let files = 0;
  for (let index = 0; index < images.length; index++) {
    if (index % often === 0) await nextTurn();
    if (signal.aborted) return;
    const bytes = images.bytesOf(index);
    if (bytes.kind !== 'file') continue;
    files++;
    if (!(await lookup.isThere(bytes.candidates))) missing.push(index);
  }
  const [first] = missing;
  if (first === undefined) return;
  const problem = (index: number, message: string): Problem => {
    const { file, line } = images.place(index);
    return { severity: 'warning', file, line, element: null, field: null, message };
  };
  if (missing.length === files && files > 1) {
    const where = 'Put the images beside the set, or name the folder that holds them.';
    problems.add(problem(first, `None of the ${files} images was found, ${images.files[first]} for one. ${where}`));
    return;
  }
  for (const index of missing.slice(0, toldEach))
    problems.add(problem(index, `The image ${images.files[index]} was not found.`));
  const more = missing.length - toldEach;
  if (more > 0) problems.add(problem(missing[toldEach] ?? first, `${more} more images were not found.`));
}
