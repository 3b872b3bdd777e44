import { type DifferenceHash, differenceHash, hashedSize } from '../../core/dataset/differenceHash';
import { uprightSize } from '../../core/geometry/exifTurn';
import { UserError } from '../../core/text/userError';
import type { Sharp } from './decoder';
import type { ValueRanges } from './depth';
import type { HashStore } from './hashStore';
import { fileFacts, type Header, type HeaderReader, refuseBomb } from './header';
import type { SharedQueue } from './queue';
import { decoding, turned, unreadable } from './render';

/** Difference hashes of images, made behind everything that is looked at, and kept until their files change. */
export class Hashes {
  constructor(
    private readonly sharp: Sharp,
    private readonly ranges: ValueRanges,
    private readonly queue: SharedQueue,
    private readonly headers: HeaderReader,
    private readonly store: HashStore,
  ) {}

  /** @param upright turned as EXIF says; else as it is stored. */
  async of(path: string, upright: boolean, signal: AbortSignal): Promise<DifferenceHash> {
    const parts = await partsOf(path, upright);
    const before = await this.store.find(parts);
    if (before !== null) return before;
    const header = await this.headers.read(path);
    const turn = upright ? header.orientation : 1;
    const make = async () => differenceHash(await this.grey(header, turn));
    const hash = await this.queue.run(JSON.stringify(parts), signal, make, 'background');
    await this.store.put(parts, hash);
    return hash;
  }

  /** Null for what was not hashed since it is as it is, or cannot be. */
  async known(path: string, upright: boolean): Promise<DifferenceHash | null> {
    try {
      return await this.store.find(await partsOf(path, upright));
    } catch (error) {
      if (UserError.is(error)) return null;
      throw error;
    }
  }

  private async grey(header: Header, turn: number): Promise<Uint8Array> {
    refuseBomb(header);
    const range = await this.ranges.of(header);
    const size = uprightSize(hashedSize, turn);
    const { data } = await decoding(this.sharp, header, { cut: null, size, range })
      .flatten()
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
      .catch((error: unknown) => {
        throw new UserError(`${header.path}: ${unreadable(header, error)}`);
      });
    if (turn === 1) return data;
    return turned(this.sharp(data, { raw: { ...size, channels: 1 } }), turn)
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer();
  }
}

/** All that a hash depends on; the orientation is in the file. */
async function partsOf(path: string, upright: boolean): Promise<readonly string[]> {
  return ['hash', path, (await fileFacts(path)).fingerprint, String(upright)];
}
