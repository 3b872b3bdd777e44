import { dirname, join } from 'node:path';
import type { DifferenceHash } from '../core/dataset/differenceHash';
import type { RepaintedMask, RepaintRequest } from '../core/dataset/repaintedMask';
import type { Box } from '../core/geometry/box';
import type { TilePlace } from '../core/geometry/tilePyramid';
import type { CocoMask } from '../core/mask/cocoMask';
import type {
  CachedImage,
  ImageProbe,
  MaskAnswer,
  MaskRequest,
  MediaEvents,
  MediaMethods,
  MediaParentMethods,
  PyramidInfo,
} from '../protocol/media';
import type { EncodeAnswer, EncodeRequest } from '../protocol/policy';
import type { PixelsAnswer, PixelsRequest } from '../protocol/segment';
import type { ChildLog } from '../supervise/childHandle';
import { readyEvent } from '../supervise/childPort';
import { type ChildLimits, childLimits } from '../supervise/limits';
import { mended } from '../supervise/mended';
import { type ChildState, Supervisor } from '../supervise/supervisor';
import { lanes, type MediaOptions, mediaVariable } from './options';

export interface MediaClientOptions {
  /** The child's bundle: `dist/children/media.js`. */
  readonly entry: string;
  readonly log: ChildLog;
  /** Bundle of the process that builds pyramids: `pyramid.js` beside `entry` by default. */
  readonly builder?: string | undefined;
  /** Folder for encoded pictures; created when needed, shared by windows. */
  readonly cacheDir: string;
  /** Upper bounds from settings; undefined for the defaults of `childLimits`. */
  readonly threads?: number | undefined;
  readonly memoryMb?: number | undefined;
  /** Byte budget of the cache folder. Default 1 GiB. */
  readonly cacheBytes?: number | undefined;
}

/**
 * Images through the media child, which starts on the first call. What the user can mend rejects with `UserError`;
 * everything else with `ChannelError` (`cancelled`, `deadline`, `disposed`, `internal`).
 */
export interface MediaClient {
  /** Stored pixels, never rotated. */
  probe(path: string, signal?: AbortSignal): Promise<ImageProbe>;
  /**
   * The whole image with its longer side at most `maxSide` pixels, never enlarged; WebP in the cache folder. `upright`: turned
   * as EXIF says, and its size with it.
   */
  preview(path: string, maxSide: number, signal?: AbortSignal, upright?: boolean): Promise<CachedImage>;
  /** A part of it, `box` in its pixels, at a higher quality. */
  region(path: string, box: Box, maxSide: number, signal?: AbortSignal, upright?: boolean): Promise<CachedImage>;
  /** Builds the resolutions that tiles are read from; null for an image that needs or can have none. */
  pyramid(path: string, signal?: AbortSignal): Promise<PyramidInfo | null>;
  tile(path: string, place: TilePlace, signal?: AbortSignal): Promise<CachedImage>;
  /** 8-bit RGB scaled for a segmenter. */
  pixels(request: PixelsRequest, signal?: AbortSignal): Promise<PixelsAnswer>;
  /** As `MediaMethods`. */
  mask(request: MaskRequest, signal?: AbortSignal): Promise<MaskAnswer>;
  /** As `MediaMethods`. */
  repaint(request: RepaintRequest, signal?: AbortSignal): Promise<RepaintedMask | null>;
  /** A picture for a model that is asked over the network. */
  encode(request: EncodeRequest, signal?: AbortSignal): Promise<EncodeAnswer>;
  /** As `MediaMethods`. */
  hash(path: string, upright: boolean, signal?: AbortSignal): Promise<DifferenceHash>;
  /** Of images that were hashed before and did not change since; null for the others. */
  knownHashes(paths: readonly string[], upright: boolean): Promise<readonly (DifferenceHash | null)[]>;
  /** All of it as PNG, with a mask of its size in half-transparent green; null for none. */
  overlay(path: string, mask: CocoMask | null, signal?: AbortSignal): Promise<CachedImage>;
  /** False when images have to be decoded elsewhere: sharp does not load here, or the child stays down. Never rejects. */
  available(): Promise<boolean>;
  onState(listener: (state: ChildState, detail: string) => void): () => void;
  readonly pid: number | undefined;
  restart(): Promise<void>;
  dispose(): void;
}

const defaultCacheBytes = 2 ** 30;
/** Longer than the child allows one image, so that its own message arrives. */
const deadline = 60_000;
/** What is looked at meanwhile goes first. */
const hashDeadline = 10 * 60_000;
/** A gigapixel takes some ten seconds, longer from a slow disk. */
const pyramidDeadline = 10 * 60_000;

export function createMediaClient(options: MediaClientOptions): MediaClient {
  const limits: ChildLimits = childLimits(options);
  const child: MediaOptions = {
    cacheDir: options.cacheDir,
    cacheBytes: options.cacheBytes ?? defaultCacheBytes,
    threads: limits.threads,
    memoryMb: limits.memoryMb,
    builder: options.builder ?? join(dirname(options.entry), 'pyramid.js'),
  };
  const supervisor = new Supervisor<MediaParentMethods, MediaMethods, Record<never, never>, MediaEvents>({
    role: 'media',
    entry: options.entry,
    // Decoding runs on libuv's pool: two more threads there keep files and cache answering meanwhile.
    env: { [mediaVariable]: JSON.stringify(child), UV_THREADPOOL_SIZE: String(lanes + 2) },
    handlers: {},
    heapMb: limits.heapMb,
    log: options.log,
  });
  let decodes = false;
  supervisor.on(readyEvent, ({ versions }) => {
    decodes = versions.sharp !== undefined;
    if (decodes) options.log.info(`[media] sharp ${versions.sharp}, libvips ${versions.vips}`);
    else options.log.warn(`[media] sharp does not work here: ${versions.problem}`);
  });
  const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? { deadline } : { deadline, signal });
  return {
    probe: (path, signal) => mended(supervisor.call('image/probe', { path }, withSignal(signal))),
    preview: (path, maxSide, signal, upright = false) =>
      mended(supervisor.call('image/preview', { path, maxSide, upright }, withSignal(signal))),
    region: (path, box, maxSide, signal, upright = false) =>
      mended(supervisor.call('image/region', { path, box, maxSide, upright }, withSignal(signal))),
    pyramid: (path, signal) =>
      mended(supervisor.call('image/pyramid', { path }, { ...withSignal(signal), deadline: pyramidDeadline })),
    tile: (path, place, signal) => mended(supervisor.call('image/tile', { path, ...place }, withSignal(signal))),
    overlay: (path, mask, signal) => mended(supervisor.call('image/overlay', { path, mask }, withSignal(signal))),
    repaint: (request, signal) => mended(supervisor.call('image/repaint', request, withSignal(signal))),
    mask: (request, signal) => mended(supervisor.call('image/mask', request, withSignal(signal))),
    encode: (request, signal) => mended(supervisor.call('image/encode', request, withSignal(signal))),
    knownHashes: (paths, upright) =>
      mended(supervisor.call('image/knownHashes', { paths, upright }, { deadline: hashDeadline })),
    hash: (path, upright, signal) =>
      mended(supervisor.call('image/hash', { path, upright }, { ...withSignal(signal), deadline: hashDeadline })),
    pixels: (request, signal) => mended(supervisor.call('image/pixels', request, withSignal(signal))),
    available: () =>
      supervisor.start().then(
        () => decodes,
        (error: unknown) => {
          options.log.warn(`[media] ${error instanceof Error ? error.message : String(error)}`);
          return false;
        },
      ),
    onState: (listener) => supervisor.onState(listener),
    get pid() {
      return supervisor.pid;
    },
    restart: () => supervisor.restart(),
    dispose: () => supervisor.dispose(),
  };
}
