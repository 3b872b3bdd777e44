import { stat } from 'node:fs/promises';
import type { Size } from '../../core/geometry/box';
import { UserError } from '../../core/text/userError';
import type { Sharp } from './decoder';
import { describeContent } from './sniff';

/** What is known of an image before a pixel of it is decoded. */
export interface Header {
  readonly path: string;
  readonly stored: Size;
  /** EXIF orientation 1–8; 1 when absent or out of range. */
  readonly orientation: number;
  readonly format: string;
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
    return {
      path,
      stored: { width: found.width, height: found.height },
      orientation: found.orientation !== undefined && found.orientation <= 8 ? Math.max(1, found.orientation) : 1,
      format: found.format,
      bytes,
      fingerprint,
      pixelLimit: rows ? streamed : Math.min(streamed, this.wholeLimit),
    };
  }
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

async function fileFacts(path: string): Promise<{ size: number; fingerprint: string }> {
  const facts = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new UserError(`${path}: no such file`);
    throw new UserError(`${path}: cannot be read (${error.code ?? error.message})`);
  });
  // Opening a pipe would wait for a writer for ever.
  if (!facts.isFile()) throw new UserError(`${path}: not a file`);
  return { size: Number(facts.size), fingerprint: `${facts.size}:${facts.mtimeNs}` };
}
