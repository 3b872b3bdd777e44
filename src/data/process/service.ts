import { join } from 'node:path';
import type { RepaintMask } from '../../core/dataset/repaintedMask';
import type { Size } from '../../core/geometry/box';
import { UserError } from '../../core/text/userError';
import { detectTrace, traceFormat } from '../../formats/detect';
import type { Handlers } from '../../protocol/channel';
import type { DataMethods, TraceOverrides, TraceProgress } from '../../protocol/data';
import type { ImageSetProgress } from '../../protocol/imageSet';
import type { SetExportProgress } from '../../protocol/imageSetExport';
import type { JoinProgress } from '../../protocol/imageSetRollouts';
import type { SamplingProgress } from '../../protocol/imageSetScores';
import type { MaskAnswer, MaskRequest } from '../../protocol/media';
import type { TraceScoreProgress } from '../../protocol/score';
import { CacheShelf } from '../../supervise/cacheShelf';
import type { DataOptions } from '../options';
import { compareTraces } from './compare/compareTraces';
import { copyDataset } from './dataset/copyDataset';
import { TruthShelf } from './dataset/truthShelf';
import { explainUnknown, type LocatedTarget, locateTarget } from './files/openTarget';
import { type FoundTrace, traceBelow } from './files/traceBelow';
import { imageSetService } from './imageSet/imageSets';
import { createImageResolver } from './images/resolver';
import { imageSetNotes } from './notes/imageSetNotes';
import { findRuns } from './runs/findRuns';
import { glance } from './runs/glance';
import { ImageContents } from './samples/imageContents';
import { Workers } from './scan/wide/workers';
import { Trace } from './trace/trace';

/** What the service needs of its parent. */
export interface DataParent {
  imageSize(path: string): Promise<Size | null>;
  readonly repaintMask: RepaintMask;
  readMask(request: MaskRequest): Promise<MaskAnswer>;
  progress(progress: TraceProgress): void;
  scored(progress: TraceScoreProgress): void;
  searched(traceId: number, done: number, total: number): void;
  stale(traceId: number): void;
  imageSetProgress(progress: ImageSetProgress): void;
  sampling(progress: SamplingProgress): void;
  exporting(progress: SetExportProgress): void;
  joining(progress: JoinProgress): void;
  log(error: unknown): void;
}

/** Opens traces and serves their pages; one per data child. */
export function dataService(parent: DataParent, options: DataOptions): Handlers<DataMethods> {
  const traces = new Map<number, Trace>();
  const shelf = new CacheShelf(join(options.cacheDir, 'traces'), options.cacheBytes);
  const limits = { threads: options.threads, memoryMb: Math.floor(options.memoryMb / 2) };
  const contents = new ImageContents();
  const truths = new TruthShelf(limits);
  let lastId = 0;
  const find = (traceId: number): Trace => {
    const trace = traces.get(traceId);
    if (trace === undefined) throw new UserError('The trace is no longer open in the data process. Open it again.');
    return trace;
  };
  const imageSets = imageSetService({
    shelf,
    cacheDir: options.cacheDir,
    workers: workersOf(options),
    imageSize: (path) => parent.imageSize(path),
    repaintMask: (request) => parent.repaintMask(request),
    readMask: (request) => parent.readMask(request),
    progress: (progress) => parent.imageSetProgress(progress),
    sampling: (progress) => parent.sampling(progress),
    exporting: (progress) => parent.exporting(progress),
    trace: find,
    contents,
    joining: (progress) => parent.joining(progress),
    log: (error) => parent.log(error),
  });
  return {
    ...imageSets,
    'trace/open': async ({ path, overrides }) => {
      const traceId = ++lastId;
      const trace = await openTrace({ traceId, path, overrides, parent, shelf, contents, options });
      traces.set(traceId, trace);
      // After the answer, so that nobody hears of a trace that they do not know yet.
      setImmediate(() => trace.start());
      return trace.opened();
    },
    'trace/groups': ({ traceId, start, count, view }) => find(traceId).groups(start, count, view ?? null),
    'trace/group': ({ traceId, group, after, patience, view }, signal) =>
      find(traceId).group(group, { after: after ?? null, patience: patience ?? null, view: view ?? null }, signal),
    'trace/members': ({ traceId, group, start, count, view }) =>
      find(traceId).members(group, start, count, view ?? null),
    'trace/columns': ({ traceId }) => find(traceId).columns(),
    'trace/query': ({ traceId, query }, signal) => find(traceId).query(query, signal),
    'overview/steps': ({ traceId, ...asked }, signal) => find(traceId).overviews.steps(asked, signal),
    'overview/metrics': ({ traceId }) => find(traceId).overviews.metrics(),
    'overview/looked': ({ traceId }, signal) => find(traceId).overviews.looked(signal),
    'overview/scatter': ({ traceId, x, y }, signal) => find(traceId).overviews.scatter(x, y, signal),
    'trace/occurrences': ({ traceId, group }, signal) => find(traceId).overviews.occurrences(group, signal),
    'trace/rollout': ({ traceId, row }) => find(traceId).rollout(row),
    'trace/info': ({ traceId, wait }, signal) => find(traceId).info(wait, signal),
    'trace/override': async ({ traceId, overrides }) => {
      await find(traceId).override(overrides);
      return null;
    },
    'trace/watch': ({ traceId, visible }) => {
      find(traceId).watch(visible);
      return null;
    },
    'trace/close': async ({ traceId }) => {
      const trace = traces.get(traceId);
      traces.delete(traceId);
      await trace?.close();
      return null;
    },
    'dataset/rows': ({ traceId, group }) => find(traceId).images.datasetRows(group),
    'dataset/truth': async ({ traceId, group, dataset }) =>
      truths.of(dataset, await find(traceId).images.sample(group)),
    'dataset/copy': (asked) => copyDataset(asked, limits, options.cacheDir),
    'trace/locate': async ({ traceId, file }) => ({ path: await find(traceId).locate(file) }),
    'image/file': async ({ traceId, ref }) => ({ path: await find(traceId).imageFile(ref) }),
    'image/view': async ({ traceId, row, observation }) => {
      const path = await find(traceId).viewFile(row, observation);
      return path === null ? null : { path };
    },
    'path/detect': ({ path, below = false }) => detectPath(path, shelf, below),
    'compare/traces': async ({ a, b, ...asked }, signal) => {
      const [first, second] = [find(a.traceId), find(b.traceId)];
      const [left, other] = [await first.scanned(signal), await second.scanned(signal)];
      return compareTraces({ ...left, steps: a.steps }, { ...other, steps: b.steps }, asked, signal);
    },
    'score/all': async ({ traceId, profile }, signal) => {
      const trace = find(traceId);
      await trace.scanned(signal);
      return trace.scores.score(profile, signal);
    },
    'score/put': ({ traceId, ...scores }) => find(traceId).scores.put(scores),
    'notes/open': ({ traceId, places }) => find(traceId).notes.sidecars.open(places),
    'notes/slice': ({ traceId, file, start }) => find(traceId).notes.sidecars.slice(file, start),
    'notes/keys': ({ traceId, rows }) => find(traceId).notes.keysOf(rows),
    'notes/find': async ({ traceId, ...place }, signal) => {
      const trace = find(traceId);
      const early = await trace.notes.find(place);
      if (early !== null) return early;
      await trace.scanned(signal);
      return trace.notes.find(place);
    },
    'notes/rows': ({ traceId, file, lines }) => find(traceId).notes.rowsAt(file, lines),
    'notes/saveAs': async ({ traceId, to, records }) => {
      await find(traceId).notes.saveAs(to, records);
      return null;
    },
    'notes/save': ({ traceId, file, place, stamp, records }) =>
      find(traceId).notes.sidecars.save(file, place, stamp, records),
    ...imageSetNotes(),
    'review/mark': ({ traceId, records, rankings }, signal) => find(traceId).review.mark(records, rankings, signal),
    'review/next': ({ traceId, view, from, direction }) => find(traceId).review.next(view ?? null, { from, direction }),
    'review/progress': ({ traceId, view }) => find(traceId).review.progress(view ?? null),
    'runs/find': ({ roots }, signal) => findRuns(roots, shelf, signal),
    'runs/glance': ({ path }) => glance(path, shelf),
  };
}

interface OpenJob {
  readonly traceId: number;
  readonly path: string;
  readonly overrides: TraceOverrides;
  readonly parent: DataParent;
  readonly shelf: CacheShelf;
  readonly contents: ImageContents;
  readonly options: DataOptions;
}

async function openTrace({ traceId, path, overrides, parent, shelf, contents, options }: OpenJob): Promise<Trace> {
  const { cacheDir, threads, memoryMb } = options;
  const { target, detection } = await recognise(path, shelf);
  const half = Math.max(1, Math.floor(threads / 2));
  const resolver = createImageResolver({
    tracePath: resolverPath(target),
    format: detection.format,
    overrides,
    cacheDir,
    // The other half is the trace's.
    limits: { threads: half, memoryMb: Math.floor(memoryMb / 2) },
  });
  return new Trace(traceId, target, detection, await bytesOf(target, detection.files), overrides, {
    resolver,
    cacheDir,
    shelf,
    contents,
    workers: workersOf(options),
    tableLimits: { threads: half, memoryMb: Math.max(64, Math.floor(memoryMb / 8)) },
    imageSize: (file) => parent.imageSize(file),
    progress: (progress) => parent.progress(progress),
    scored: (progress) => parent.scored({ traceId, ...progress }),
    searched: (done, total) => parent.searched(traceId, done, total),
    stale: () => parent.stale(traceId),
    log: (error) => parent.log(error),
  });
}

function workersOf({ scanEntry, threads }: DataOptions): (() => Workers) | null {
  return scanEntry === null ? null : () => new Workers(scanEntry, threads);
}

async function recognise(path: string, shelf: CacheShelf): Promise<FoundTrace> {
  const target = await locateTarget(path, shelf);
  const detection = await detectTrace(target);
  if (detection !== null) return { target, detection };
  const below = target.file === null ? await traceBelow(target, shelf) : null;
  if (below === null) throw await explainUnknown(target);
  return below;
}

/** The resolver takes names as relative to the opened folder or the opened file's own. */
function resolverPath({ file, dir, path }: LocatedTarget): string {
  return file?.includes('/') ? dir.root : path;
}

/** Size of all files of the trace, from the listings that detection made where there are many. */
async function bytesOf({ dir }: LocatedTarget, files: readonly string[]): Promise<number> {
  const sizes = new Map<string, number>();
  for (const folder of new Set(files.map((file) => file.slice(0, Math.max(0, file.lastIndexOf('/'))))))
    for (const { name, size } of await dir.list(folder)) sizes.set(folder === '' ? name : `${folder}/${name}`, size);
  return files.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
}

/** For menus: null for everything that is no trace, also for what cannot be read. */
async function detectPath(path: string, shelf: CacheShelf, below: boolean) {
  try {
    const target = await locateTarget(path, shelf);
    const found =
      (await detectTrace(target)) ?? (below ? ((await traceBelow(target, shelf))?.detection ?? null) : null);
    return found === null ? null : { format: found.format, title: traceFormat(found.format).title };
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}
