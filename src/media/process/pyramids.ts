import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Size } from '../../core/geometry/box';
import { halvedSizes, TILE_SIDE } from '../../core/geometry/tilePyramid';
import { UserError } from '../../core/text/userError';
import type { Entry, PictureCache } from './cache';
import type { ValueRange, ValueRanges } from './depth';
import { type Header, type Overview, reasonOf, refuseBomb } from './header';
import { Cancelled } from './queue';
import { unreadable } from './render';

/** What a builder is to do. */
export interface PyramidOrder {
  readonly from: string;
  readonly to: string;
  readonly side: number;
  readonly threads: number;
  readonly alpha: boolean;
  readonly range: ValueRange | null;
}

/** Where the levels of an image are: pages of one file, the whole image first. */
export interface Layers {
  readonly path: string;
  readonly levels: readonly { readonly size: Size; readonly input: Overview['input'] | Record<never, never> }[];
}

/** Pixels below which a region is read from the file itself as fast as a tile would be. */
const smallest = 32e6;
/** Bytes a pixel that a pyramid takes at most, measured on noise; photographs take a quarter. */
const bytesPerPixel = 1;

interface Build {
  readonly made: Promise<Entry>;
  readonly end: AbortController;
  waiters: number;
}

/** Pyramids of large images: those that lie in the file itself, or are built once and kept in the cache. */
export class Pyramids {
  private readonly building = new Map<string, Build>();

  /** `builder`: bundle of the process that writes one. `budget`: bytes of the cache. */
  constructor(
    private readonly cache: PictureCache,
    private readonly ranges: ValueRanges,
    private readonly builder: string,
    private readonly threads: number,
    private readonly budget: number,
  ) {}

  /** Whether the image is worth one, and one is to be had. */
  wants(header: Header): boolean {
    const pixels = header.stored.width * header.stored.height;
    if (pixels < smallest) return false;
    return ownLayers(header) !== null || (pixels * bytesPerPixel <= this.budget && existsSync(this.builder));
  }

  /** Null while none stands. */
  async find(header: Header): Promise<Layers | null> {
    const own = ownLayers(header);
    if (own !== null) return own;
    const entry = await this.cache.find(this.nameOf(header));
    return entry === null ? null : built(entry, header);
  }

  /** Builds it unless it stands. The process that builds is killed when the last who waited has gone. */
  async build(header: Header, signal: AbortSignal): Promise<Layers> {
    const there = await this.find(header);
    if (there !== null) return there;
    signal.throwIfAborted();
    const name = this.nameOf(header);
    const build = this.building.get(name) ?? this.start(name, header);
    build.waiters++;
    return new Promise<Layers>((resolve, reject) => {
      const leave = () => {
        if (--build.waiters === 0) build.end.abort();
        reject(new Cancelled());
      };
      signal.addEventListener('abort', leave, { once: true });
      build.made.then(
        (entry) => {
          signal.removeEventListener('abort', leave);
          resolve(built(entry, header));
        },
        (error: unknown) => {
          signal.removeEventListener('abort', leave);
          reject(error);
        },
      );
    });
  }

  private start(name: string, header: Header): Build {
    refuseBomb(header);
    const end = new AbortController();
    const made = this.cache.storeFile(name, async (to) => {
      const range = await this.ranges.of(header);
      const { path: from, hasAlpha: alpha } = header;
      await run(this.builder, { from, to, side: TILE_SIDE, threads: this.threads, alpha, range }, header, end.signal);
    });
    const build: Build = { made, end, waiters: 0 };
    this.building.set(name, build);
    const gone = () => void this.building.delete(name);
    made.then(gone, gone);
    return build;
  }

  private nameOf({ path, fingerprint }: Header): string {
    return this.cache.pyramidNameOf([path, fingerprint, TILE_SIDE]);
  }
}

/** The file's own levels, when they go down to a single tile; it is 8-bit then, or tiles would need its range. */
function ownLayers({ path, stored, overviews, depth }: Header): Layers | null {
  const needed = halvedSizes(stored).length - 1;
  if (depth !== 'uchar' || overviews.length === 0 || overviews.length < needed - 1) return null;
  return { path, levels: [{ size: stored, input: {} }, ...overviews] };
}

function built({ path }: Entry, { stored }: Header): Layers {
  return { path, levels: halvedSizes(stored).map((size, page) => ({ size, input: { page } })) };
}

function run(builder: string, order: PyramidOrder, header: Header, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(builder, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const kill = () => void child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    let said = '';
    child.stderr?.on('data', (piece: Buffer) => {
      if (said.length < 4096) said += piece.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', kill);
      if (code === 0) resolve();
      else if (signal.aborted) reject(new Cancelled());
      else reject(new UserError(`${header.path}: ${unreadable(header, reasonOf(new Error(said)))}`));
    });
  });
}
