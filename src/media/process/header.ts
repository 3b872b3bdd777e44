import { stat } from 'node:fs/promises';
import type { Size } from '../../core/geometry/box';
import { UserError } from '../../core/text/userError';
import type { Sharp } from './decoder';
import { describeContent } from './sniff';

/** A smaller copy of an image inside its own file. */
export interface Overview {
  readonly size: Size;
  /** How sharp is told to read it. */
  readonly input: { readonly page: number } | { readonly subifd: number };
}

/** What is known of an image before a pixel of it is decoded. */
export interface Header {
  readonly path: string;
  readonly stored: Size;
  /** EXIF orientation 1–8; 1 when absent or out of range. */
  readonly orientation: number;
  readonly format: string;
  /** libvips' name of a channel's type: `uchar`, `ushort` … */
  readonly depth: string;
  /** libvips' name of the colour space: `srgb`, `b-w`, `grey16` … */
  readonly space: string;
  readonly hasAlpha: boolean;
  /** The picture in halves, the largest first, as a pyramidal TIFF holds it beside the whole one. Empty without. */
  readonly overviews: readonly Overview[];
  readonly bytes: number;
  /** Changes whenever the file does: size and modification time in nanoseconds. */
  readonly fingerprint: string;
  /** Longest image we decode of this kind, in pixels. */
  readonly pixelLimit: number;
}

/** Longest image of a format that libvips reads row by row, in pixels: a matter of patience, not of memory. */
const streamed = 600e6;
/**
 * Bytes a pixel costs where the whole picture lies in memory: measured on 96 megapixels, 6.8 for lossless WebP, 6.7 for a
 * progressive JPEG without subsampling, 6.1 for GIF, 3.6 for interlaced PNG; below 1 for what is streamed.
 */
const bytesPerPixel = 8;
const remembered = 512;
/** Halves from 30 gigapixels a side to one tile. */
const mostOverviews = 12;

/** Reads headers, and remembers those of the files asked for last. Pixels are neither decoded nor rotated. */
export class HeaderReader {
  private readonly known = new Map<string, Header>();

  /** `wholeLimit`: pixels an image may have whose format is not read row by row. */
  constructor(
    private readonly sharp: Sharp,
    private readonly wholeLimit: number,
  ) {}

  /** Throws a `UserError` that names the file and what was found when it is no image that can be read. */
  async read(path: string): Promise<Header> {
    const { size, fingerprint } = await fileFacts(path);
    const before = this.known.get(path);
    if (before?.fingerprint === fingerprint) return before;
    const header = await this.parse(path, size, fingerprint);
    this.known.delete(path);
    this.known.set(path, header);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= remembered) break;
      this.known.delete(oldest);
    }
    return header;
  }

  private async parse(path: string, bytes: number, fingerprint: string): Promise<Header> {
    const found = await this.sharp(path, { limitInputPixels: false, failOn: 'truncated' })
      .metadata()
      .catch(async (error: unknown) => {
        const content = await describeContent(path);
        throw new UserError(`${path}: not an image Saccade can read: found ${content} (${reasonOf(error)})`);
      });
    const rows =
      found.format === 'tiff' || ((found.format === 'jpeg' || found.format === 'png') && !found.isProgressive);
    const stored = { width: found.width, height: found.height };
    return {
      path,
      stored,
      orientation: found.orientation !== undefined && found.orientation <= 8 ? Math.max(1, found.orientation) : 1,
      format: found.format,
      depth: found.depth,
      space: found.space,
      hasAlpha: found.hasAlpha,
      overviews: found.format === 'tiff' ? await this.overviews(path, stored, found) : [],
      bytes,
      fingerprint,
      pixelLimit: rows ? streamed : Math.min(streamed, this.wholeLimit),
    };
  }

  /** Pages, or else sub-images (OME), that are halves of the one before: any other page is another picture. */
  private async overviews(
    path: string,
    stored: Size,
    { pages = 1, subifds = 0 }: { pages?: number | undefined; subifds?: number | undefined },
  ): Promise<readonly Overview[]> {
    const inputs: Overview['input'][] =
      pages > 1
        ? Array.from({ length: Math.min(pages - 1, mostOverviews) }, (_, at) => ({ page: at + 1 }))
        : Array.from({ length: Math.min(subifds, mostOverviews) }, (_, at) => ({ subifd: at }));
    const found: Overview[] = [];
    let above = stored;
    for (const input of inputs) {
      const size = await this.sharp(path, { limitInputPixels: false, ...input })
        .metadata()
        .then(({ width, height }) => ({ width, height }))
        .catch(() => null);
      if (size === null || !half(above.width, size.width) || !half(above.height, size.height)) break;
      found.push({ size, input });
      above = size;
    }
    return found;
  }
}

/** Whether one side is half of the other, rounded up or down. */
function half(large: number, small: number): boolean {
  return Math.abs(large / 2 - small) <= 1;
}

/** Pixels of an image that fits into so much memory with all that decoding it takes. */
export function wholeImagePixels(memoryMb: number): number {
  return (memoryMb * 2 ** 20) / bytesPerPixel;
}

/** Refuses an image whose header promises more pixels than this process may decode. */
export function refuseBomb({ path, stored, format, pixelLimit }: Header): void {
  const pixels = stored.width * stored.height;
  if (pixels <= pixelLimit) return;
  throw new UserError(
    `${path}: the ${format.toUpperCase()} image is ${stored.width}×${stored.height} (${Math.round(pixels / 1e6)} megapixels); ` +
      `Saccade opens up to ${Math.floor(pixelLimit / 1e6)} megapixels of this kind`,
  );
}

/** The first line of a decoder's message: libvips repeats a warning for every row. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').slice(0, 200);
}

/** Throws a `UserError` for what is no file. */
export async function fileFacts(path: string): Promise<{ size: number; fingerprint: string }> {
  const facts = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new UserError(`${path}: no such file`);
    throw new UserError(`${path}: cannot be read (${error.code ?? error.message})`);
  });
  // Opening a pipe would wait for a writer for ever.
  if (!facts.isFile()) throw new UserError(`${path}: not a file`);
  return { size: Number(facts.size), fingerprint: `${facts.size}:${facts.mtimeNs}` };
}
