import type { ImageBytes } from '../../../formats/imageSet/imageSetFormat';
import { cacheImage } from '../images/imageCache';
import type { ImageLookup } from './imageLookup';
import type { SetReader } from './setReader';
import type { SetTables } from './setTables';

/** An image inside a larger file is read whole: a longer stretch is none. */
const longestImage = 512 * 2 ** 20;

/** Encoded images of one set as files on disk. */
export class SetFiles {
  constructor(
    private readonly lookup: ImageLookup,
    private readonly reader: SetReader,
    private readonly read: (file: string, offset: number, length: number) => Promise<Uint8Array>,
    private readonly cacheDir: string,
  ) {}

  /** Absolute path; null when the image is missing or broken. */
  async find(tables: SetTables, index: number): Promise<string | null> {
    const bytes = tables.images.bytesOf(index);
    if (bytes.kind === 'file') return this.lookup.find(bytes.candidates);
    const found = await this.inside(bytes, tables, index);
    if (found !== null && found.length > 0) return cacheImage(this.cacheDir, found);
    // A table may name a file in place of the bytes.
    return bytes.kind === 'cell' ? this.lookup.find([tables.images.files[index] ?? '']) : null;
  }

  /** Absolute paths of images [start, start + count) in files of their own; null for missing ones and for those inside others. */
  async besides({ images }: SetTables, start: number, count: number): Promise<readonly (string | null)[]> {
    const paths: (string | null)[] = [];
    for (let index = Math.max(0, start); index < Math.min(images.length, start + count); index++) {
      const bytes = images.bytesOf(index);
      paths.push(bytes.kind === 'file' ? await this.lookup.find(bytes.candidates) : null);
    }
    return paths;
  }

  /** Encoded bytes of an image inside a larger file; null when they are broken, or it is a file of its own. */
  async bytes(tables: SetTables, index: number): Promise<Uint8Array | null> {
    const bytes = tables.images.bytesOf(index);
    const found = bytes.kind === 'file' ? null : await this.inside(bytes, tables, index);
    return found === null || found.length === 0 ? null : found;
  }

  private inside(
    bytes: Exclude<ImageBytes, { kind: 'file' }>,
    tables: SetTables,
    index: number,
  ): Promise<Uint8Array | null> {
    if (bytes.kind !== 'slice') return this.reader.embedded(tables, index);
    if (bytes.length > longestImage) return Promise.resolve(null);
    return this.read(bytes.file, bytes.offset, bytes.length);
  }
}
