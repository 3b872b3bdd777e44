import type { AnnotationRecord } from '../../../../core/annotation/annotation';
import type { ImageNotes } from '../../../../core/dataset/edit/imageNotes';
import type { ImageRow } from '../../../../protocol/imageSet';
import type { SetExportChoice } from '../../../../protocol/imageSetExport';
import { NOTES_SLICE } from '../../../../protocol/notes';
import { sidecarsOf } from '../../notes/imageSetNotes';
import type { ImageSet } from '../imageSet';

/** An image that is exported. */
export interface ChosenImage {
  readonly row: ImageRow;
  readonly notes: ImageNotes;
}

const page = 2000;
const none: ImageNotes = {};

/** Notes by image key, from the set's saved sidecar; empty without one. @param path that the set was opened by. */
export async function savedNotes(path: string, places: readonly string[]): Promise<ReadonlyMap<string, ImageNotes>> {
  const { sidecars } = await sidecarsOf(path);
  const notes = new Map<string, ImageNotes>();
  for (const { file, records } of await sidecars.open(places))
    for (let start = 0; start < records; start += NOTES_SLICE)
      for (const record of JSON.parse(sidecars.slice(file, start)) as readonly AnnotationRecord[])
        if (record.kind === 'image') notes.set(record.key, record.notes);
  return notes;
}

/** In the order of the file, or of the query. */
export async function* chosenImages(
  set: ImageSet,
  notes: ReadonlyMap<string, ImageNotes>,
  { verdicts, tags, query, indices }: SetExportChoice,
  signal: AbortSignal,
): AsyncGenerator<ChosenImage> {
  const view = query === null ? null : (await set.query(query, signal)).view;
  const wanted = indices === null ? null : new Set(indices);
  for (let start = 0; ; start += page) {
    signal.throwIfAborted();
    const rows = set.rows(start, page, view);
    for (const row of rows) {
      const own = notes.get(row.key) ?? none;
      const { verdict, tags: has } = own;
      if (wanted !== null && !wanted.has(row.index)) continue;
      if (verdicts.length > 0 && !verdicts.some((one) => one === verdict?.value)) continue;
      if (tags.every((tag) => has?.value.includes(tag) ?? false)) yield { row, notes: own };
    }
    if (rows.length < page) return;
  }
}

/** Where an image lies in an export: its own name, without what leads out of the folder. */
export function safeName(file: string, index: number): string {
  const parts = file
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !part.includes(':') && !part.includes('\0'));
  return parts.length === 0 ? `image-${index + 1}` : parts.join('/');
}
