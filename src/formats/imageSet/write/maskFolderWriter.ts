import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { mergedMask } from '../../../core/dataset/edit/maskEdits';
import { maskOfShape } from '../../../core/dataset/edit/shapeMasks';
import type { Shape } from '../../../core/dataset/shape';
import type { Size } from '../../../core/geometry/box';
import type { CocoMask } from '../../../core/mask/cocoMask';
import type { DirSource } from '../../../core/ports';
import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import type { OpenTarget } from '../../format';
import { storedSize } from '../conversationSets';
import { imageMaskFolders, lonelyMasks, middleGrey, newMaskPath } from '../imageMaskFolders';
import type { ImageSetDetection } from '../imageSetFormat';
import { RecordNotes } from '../recordNotes';
import { type SortedChanges, sortChanges } from './changes';
import { spliced } from './edits';
import type { Curation, ImageSetWriter, WriteHost, WrittenFile } from './imageSetWriter';
import { scannedImages } from './recordWriter';

/** Folders of masks: the picture of an edited mask is painted anew, with depth and channels as it had; all others are copied. */
export const maskFolderWriter: ImageSetWriter = { formats: [imageMaskFolders.id], write };

async function* write(
  target: OpenTarget,
  detection: ImageSetDetection,
  { changes, keep }: Curation,
  host: WriteHost,
): AsyncGenerator<WrittenFile, void> {
  const { dir } = target;
  const kept = (await scannedImages(imageMaskFolders, target, detection)).filter(({ key }) => keep?.(key) ?? true);
  // Images that only their endings tell apart share a mask, which is a change of any of them.
  const [edited, others] = [kept.filter(({ key }) => changes.has(key)), kept.filter(({ key }) => !changes.has(key))];
  const done = new Set<string>();
  for (const { key, place } of [...edited, ...others]) {
    const { annotations } = await imageMaskFolders.readImage(target, detection, place);
    const before = annotations[0] === undefined ? null : fileOf(annotations[0]);
    const notes = new RecordNotes(before ?? place.file);
    const sorted = sortChanges(annotations, changes.get(key) ?? [], notes);
    const path = before ?? (await newMaskPath(dir, place.file));
    if (path !== null && done.has(path)) {
      if (changes.has(key)) host.problem(shared(place.file, path));
      continue;
    }
    if (path !== null) done.add(path);
    const png = await painted(dir, place.file, sorted, before, host, notes);
    for (const problem of notes.problems) host.problem(problem);
    const isGone = sorted.removed.length > 0 && sorted.added.length === 0;
    if (png !== null && path !== null) yield { path, bytes: once(png) };
    else if (before !== null && !isGone) yield* copied(dir, before);
  }
  if (keep === null) for (const path of await lonelyMasks(dir, detection)) yield* copied(dir, path);
}

function shared(file: string, mask: string): Problem {
  const message = `Its mask ${mask} is another image's too, whose change is written: what was drawn here is left out`;
  return { severity: 'warning', file, line: null, element: null, field: null, message };
}

async function* copied(dir: DirSource, path: string): AsyncGenerator<WrittenFile, void> {
  const source = await dir.open(path);
  if (source !== null) yield { path, bytes: spliced(source, []) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

/** The one mask that an image has, of all that changed on it; null where it stays, with a word where it cannot be written. */
async function painted(
  dir: DirSource,
  image: string,
  { changed, removed, added }: SortedChanges,
  before: string | null,
  { repaintMask }: WriteHost,
  notes: RecordNotes,
): Promise<Uint8Array | null> {
  const news = [...changed.map(({ after }) => after), ...added].filter(({ shape }) => shape.kind !== 'maskPicture');
  const labelled =
    changed.some(({ before: old, after }) => old.label !== after.label) || added.some(({ label }) => label !== null);
  if (labelled) notes.warn('label', 'Folders of masks have no labels');
  if (news.length === 0) return null;
  const size = await storedSize(dir, image);
  const masks = news.flatMap(({ shape }) => (size === null ? [] : (maskIn(size, shape) ?? [])));
  if (masks.length < news.length)
    notes.warn('mask', 'Only what fills pixels of the image is part of a mask: the rest is left out');
  if (masks.length === 0) return null;
  const adds = before !== null && changed.length + removed.length === 0;
  if (adds || masks.length > 1) notes.warn('mask', 'An image has one mask: all that was drawn is part of it');
  try {
    const source = before === null ? null : ({ kind: 'file', path: before } as const);
    return (await repaintMask({ source, above: middleGrey, at: null, mask: mergedMask(masks), adds }))?.png ?? null;
  } catch (error) {
    if (!UserError.is(error)) throw error;
    return notes.error('mask', `${error.message}: it stays as it was`);
  }
}

function maskIn({ width, height }: Size, shape: Shape): CocoMask | null {
  const mask = maskOfShape(shape, { width, height });
  return mask?.size[0] === height && mask.size[1] === width ? mask : null;
}

function fileOf({ shape }: DatasetAnnotation): string | null {
  return shape.kind === 'maskPicture' && shape.picture.source.kind === 'file' ? shape.picture.source.file : null;
}
