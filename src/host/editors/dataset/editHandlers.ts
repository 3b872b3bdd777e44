import { idOf } from '../../../core/annotation/annotation';
import type { Handlers } from '../../../protocol/channel';
import type { DatasetEditHostMethods } from '../../../protocol/datasetEdits';
import type { MarkedImage } from '../../annotations/imageSetNotes';
import { splitKey } from '../../annotations/traceAnnotations';
import { type ExportParts, exportImages } from './exportImages';
import type { ImageSetLink } from './imageSetLink';

/** Rows asked for at once: boxes come with them. */
const page = 2000;

/** What a page may do to the notes of its set. */
export function editHandlers(parts: ExportParts): Handlers<DatasetEditHostMethods> {
  const { notes, link } = parts;
  return {
    'edits/image': (image) => notes.image(image),
    'edits/apply': ({ diff }) => notes.apply(diff),
    'edits/mark': async ({ indices, mark }, signal) => notes.mark(await imagesOf(link, indices, signal), mark),
    'edits/markEach': async ({ label, marks }, signal) => {
      const all = await imagesOf(
        link,
        marks.flatMap(({ indices }) => indices),
        signal,
      );
      const byIndex = new Map(all.map((image) => [image.index, image]));
      const each = marks.map(({ indices, mark }) => ({ mark, images: indices.flatMap((at) => byIndex.get(at) ?? []) }));
      return notes.markEach(label, each);
    },
    'edits/export': async (onShow) => {
      await exportImages(parts, onShow);
      return null;
    },
    'edits/marks': async () => ({ marks: await notes.marks(), revision: notes.annotations.revision }),
  };
}

/** Keys of images by their places in the file, asked for in stretches of neighbours. */
export async function imagesOf(
  link: ImageSetLink,
  indices: readonly number[],
  signal: AbortSignal,
): Promise<readonly MarkedImage[]> {
  const sorted = [...new Set(indices)].sort((a, b) => a - b);
  const found: MarkedImage[] = [];
  for (let at = 0; at < sorted.length; ) {
    const start = sorted[at] ?? 0;
    let count = 1;
    while (count < page && sorted[at + count] === start + count) count++;
    const rows = await link.ask('imageset/rows', { start, count, view: null }, { signal });
    found.push(...rows.map(({ key, index }) => ({ key, index })));
    at += count;
  }
  return found;
}

/** What stands before a key in an id. */
const prefix = idOf({ kind: 'image', key: '' });

/** The image's own key in the id of its record. */
export function imageKeyOf(id: string): string {
  return splitKey(id.slice(prefix.length)).own;
}
