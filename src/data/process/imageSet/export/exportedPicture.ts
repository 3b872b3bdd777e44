import { readFile } from 'node:fs/promises';
import { fileProblem } from '../../scan/problemLog';
import { safeName } from './chosenImages';
import type { SetExport } from './exportSet';

/** An image that is put into a file stands in memory whole, several times. */
const largest = 256 * 2 ** 20;

/** An image as a row of training data names or holds it. */
export interface ExportedPicture {
  /** Relative to the export, or to where the set looked for it. */
  readonly name: string;
  /** Absolute path of the file once the export stands. */
  readonly location: string;
  /** Null where images are not embedded. */
  readonly bytes: Uint8Array | null;
}

/** Null, with a problem, for an image that was not found or that is too large: its row would be of no use. */
export async function exportedPicture(
  { order, chosen, images, problems }: SetExport,
  i: number,
): Promise<ExportedPicture | null> {
  const file = chosen[i]?.row.file ?? '';
  const missing = (message: string) => {
    problems.add(fileProblem(file, message));
    return null;
  };
  const embeds = order.images === 'embed';
  if (order.images === 'none' && images.isInside(i))
    return missing('The image stands inside a file of the set and has no path: copy or embed it.');
  const [encoded, location] = [await images.encoded(i), await images.location(i)];
  // Of images that are copied or linked it was told before.
  if (encoded === null || location === null)
    return order.images === 'copy' || order.images === 'link'
      ? null
      : missing('The image was not found: it is not in the export.');
  if (embeds && encoded.bytes > largest)
    return missing(`The image has ${encoded.bytes} bytes: at most ${largest} are embedded, and it is left out.`);
  const name = embeds ? safeName(file, i) : images.name(i);
  return { name, location, bytes: embeds ? await readFile(encoded.path) : null };
}
