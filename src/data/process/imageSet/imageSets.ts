import { basename } from 'node:path';
import type { RepaintMask } from '../../../core/dataset/repaintedMask';
import type { Size } from '../../../core/geometry/box';
import { UserError } from '../../../core/text/userError';
import { detectCoco } from '../../../formats/imageSet/coco/detectCoco';
import { detectImageSet, imageSetFormat } from '../../../formats/imageSet/formats';
import { hfParquet, type ParquetDetection } from '../../../formats/imageSet/hfParquet';
import type { ImageSetDetection } from '../../../formats/imageSet/imageSetFormat';
import { pickleTrouble, referPickleTrouble } from '../../../formats/pickles';
import type { Handlers } from '../../../protocol/channel';
import type { ImageSetMethods, ImageSetProgress } from '../../../protocol/imageSet';
import type { ImageSetExportMethods, SetExportProgress } from '../../../protocol/imageSetExport';
import type { ImageSetRolloutsMethods } from '../../../protocol/imageSetRollouts';
import type { ImageSetScoreMethods, SamplingProgress } from '../../../protocol/imageSetScores';
import type { MaskAnswer, MaskRequest } from '../../../protocol/media';
import type { CacheShelf } from '../../../supervise/cacheShelf';
import { type LocatedTarget, locateTarget } from '../files/openTarget';
import type { Workers } from '../scan/wide/workers';
import { CocoReader, cocoTitles } from './coco/cocoReader';
import { savedNotes } from './export/chosenImages';
import { exportSet } from './export/exportSet';
import { ImageLookup } from './imageLookup';
import { ImageSet } from './imageSet';
import { ParquetReader } from './parquetReader';
import { type RolloutsHost, rolloutService } from './rollouts/rolloutService';
import { scoreService } from './scores/scoreService';
import { SetFiles } from './setFiles';
import { FormatReader, type SetReader } from './setReader';
import { videoOf } from './setVideos';

/** What image sets need of the process they are in. */
export interface ImageSetHost extends RolloutsHost {
  readonly shelf: CacheShelf;
  readonly cacheDir: string;
  /** Threads for a large document; null where there are none. */
  readonly workers: (() => Workers) | null;
  imageSize(path: string): Promise<Size | null>;
  readonly repaintMask: RepaintMask;
  readMask(request: MaskRequest): Promise<MaskAnswer>;
  progress(progress: ImageSetProgress): void;
  sampling(progress: SamplingProgress): void;
  exporting(progress: SetExportProgress): void;
  log(error: unknown): void;
}

/** Opens image sets and serves them; one per data child. */
export function imageSetService(
  host: ImageSetHost,
): Handlers<ImageSetMethods & ImageSetExportMethods & ImageSetRolloutsMethods & ImageSetScoreMethods> {
  const sets = new Map<number, ImageSet>();
  let lastId = 0;
  const find = (setId: number): ImageSet => {
    const set = sets.get(setId);
    if (set === undefined) throw new UserError('The image set is no longer open in the data process. Open it again.');
    return set;
  };
  return {
    'imageset/open': async ({ path, roots }, signal) => {
      const set = await openSet(++lastId, path, roots, host);
      // Who closed the editor meanwhile has no id to close the set by.
      if (signal.aborted) await set.close();
      signal.throwIfAborted();
      sets.set(set.setId, set);
      // After the answer, so that nobody hears of a set that they do not know yet.
      setImmediate(() => set.start());
      return set.opened();
    },
    'imageset/info': ({ setId, wait }, signal) => find(setId).info(wait, signal),
    'imageset/columns': ({ setId }) => find(setId).columns(),
    'imageset/marks': ({ setId, marks }) => {
      find(setId).mark(marks);
      return null;
    },
    'imageset/edits': ({ setId, edits, whole }) => find(setId).edit(edits, whole),
    'imageset/saved': async ({ setId, places }) => {
      const set = find(setId);
      await set.takeSaved(await savedNotes(set.path, places));
      return null;
    },
    'imageset/values': ({ setId, values }) => {
      find(setId).addValues(values);
      return null;
    },
    'imageset/duplicates': ({ setId, hashed }, signal) => find(setId).findDuplicates(hashed, signal),
    ...scoreService((setId) => find(setId).scores),
    'imageset/rows': ({ setId, start, count, view }) => find(setId).rows(start, count, view),
    'imageset/image': ({ setId, index }) => find(setId).image(index),
    'imageset/video': ({ setId, index }) => videoOf(find(setId).effective, index),
    'imageset/query': ({ setId, query }, signal) => find(setId).query(query, signal),
    'imageset/statistics': ({ setId, view }, signal) => find(setId).statistics(view, signal),
    'imageset/file': ({ setId, index }) => find(setId).file(index),
    'imageset/files': ({ setId, start, count }) => find(setId).files.besides(find(setId).tables, start, count),
    'imageset/close': async ({ setId }) => {
      const set = sets.get(setId);
      sets.delete(setId);
      await set?.close();
      return null;
    },
    'imageset/export': ({ setId, ...order }, signal) =>
      exportSet(find(setId), order, (progress) => host.exporting(progress), signal),
    ...rolloutService(find, host),
    'imageset/detect': ({ path }) => detect(path, host.shelf),
  };
}

async function openSet(setId: number, path: string, roots: readonly string[], host: ImageSetHost): Promise<ImageSet> {
  const target = await locateTarget(path, host.shelf);
  const detection = await detected(target);
  if (detection === null) throw new UserError(pickleTroubleOf(path) ?? `${path} is no image set that Saccade knows.`);
  const reader = readerOf(target, detection, host);
  const documents = isCoco(detection) ? detection.files : [];
  const lookup = new ImageLookup(target.dir.root, roots, documents);
  const read = (file: string, offset: number, length: number) => target.dir.source(file).read(offset, length);
  return new ImageSet(setId, {
    path: target.path,
    target,
    reader,
    detection,
    root: target.dir.root,
    bytes: await bytesOf(target, detection.files),
    lookup,
    files: new SetFiles(lookup, reader, read, host.cacheDir),
    imageSize: (file) => host.imageSize(file),
    repaintMask: (request) => host.repaintMask(request),
    readMask: (request) => host.readMask(request),
    progress: (progress) => host.progress(progress),
    sampling: (chosen, wanted) => host.sampling({ setId, chosen, wanted }),
    log: (error) => host.log(error),
  });
}

function pickleTroubleOf(path: string): string | null {
  const name = basename(path);
  return referPickleTrouble(name) ?? pickleTrouble(name);
}

async function detected(target: LocatedTarget): Promise<ImageSetDetection | null> {
  const found = await detectImageSet(target);
  // Any folder may hold pictures: what says more of them goes first.
  if (found !== null && found.format !== 'image-folder') return found;
  return (await detectCoco(target)) ?? (await hfParquet.detect(target)) ?? found;
}

function isParquet(detection: ImageSetDetection): detection is ParquetDetection {
  return detection.format === hfParquet.id;
}

function isCoco({ format }: ImageSetDetection): boolean {
  return Object.hasOwn(cocoTitles, format);
}

function titleOf({ format }: ImageSetDetection): string {
  return format === hfParquet.id ? hfParquet.title : (cocoTitles[format] ?? imageSetFormat(format).title);
}

function readerOf(target: LocatedTarget, detection: ImageSetDetection, { workers, log }: ImageSetHost): SetReader {
  if (isCoco(detection)) return new CocoReader(target.dir, detection, workers, log);
  if (isParquet(detection)) return new ParquetReader(target.dir, detection);
  return new FormatReader(imageSetFormat(detection.format), target, detection);
}

async function bytesOf({ dir }: LocatedTarget, files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += await dir.source(file).size();
  return bytes;
}

/** For menus: null for everything that is no image set, also for what cannot be read. */
async function detect(path: string, shelf: CacheShelf) {
  try {
    const target = await locateTarget(path, shelf);
    const detection = await detected(target);
    return detection === null ? null : { format: detection.format, title: titleOf(detection) };
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}
