import { Lru } from '../../core/collections/lru';
import { type DifferenceHash, differenceHash, hashedSize } from '../../core/dataset/differenceHash';
import { uprightSize } from '../../core/geometry/exifTurn';
import { UserError } from '../../core/text/userError';
import type { Sharp } from './decoder';
import type { ValueRanges } from './depth';
import { type Header, refuseBomb } from './header';
import type { SharedQueue } from './queue';
import { decoding, turned, unreadable } from './render';

/** Some 30 MB at most: the sets that are looked through twice. */
const remembered = 200_000;

/** Difference hashes of images, behind everything that is looked at, and kept until their files change. */
export class Hashes {
  private readonly known = new Lru<string, { readonly fingerprint: string; readonly hash: DifferenceHash }>(remembered);

  constructor(
    private readonly sharp: Sharp,
    private readonly ranges: ValueRanges,
    private readonly queue: SharedQueue,
  ) {}

  /** @param turn EXIF orientation by which the image is turned before; 1 for the stored one. */
  async of(header: Header, turn: number, signal: AbortSignal): Promise<DifferenceHash> {
    const name = `hash ${turn} ${header.path}`;
    const { fingerprint } = header;
    const before = this.known.get(name);
    if (before?.fingerprint === fingerprint) return before.hash;
    const make = async () => differenceHash(await this.grey(header, turn));
    const hash = await this.queue.run(`${name} ${fingerprint}`, signal, make, 'background');
    this.known.set(name, { fingerprint, hash });
    return hash;
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
