import type { Sharp } from './decoder';
import type { Header } from './header';

/** Smallest and largest value of an image of 16 bits a channel, over all its channels. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** Side of the copy that is looked at: as good as the image for its range, and a thousandth of the work. */
const side = 1024;
const remembered = 64;
const full = 65_535;

/** Images of 16 bits use few of them: they are shown with their own range stretched over the screen's. */
export class ValueRanges {
  private readonly known = new Map<string, Promise<ValueRange>>();

  constructor(private readonly sharp: Sharp) {}

  /** Null for an image of eight bits, which is shown as it is. */
  async of(header: Header): Promise<ValueRange | null> {
    if (header.depth !== 'ushort') return null;
    const key = `${header.path}\n${header.fingerprint}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const found = this.measure(header);
    this.known.set(key, found);
    found.catch(() => this.known.delete(key));
    for (const oldest of this.known.keys()) {
      if (this.known.size <= remembered) break;
      this.known.delete(oldest);
    }
    return found;
  }

  private async measure({ path, space }: Header): Promise<ValueRange> {
    const { data } = await this.sharp(path, { limitInputPixels: false, failOn: 'truncated' })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .toColourspace(space)
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const values = new Uint16Array(data.buffer, data.byteOffset, data.byteLength >> 1);
    let [min, max] = [full, 0];
    for (const value of values) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return { min, max };
  }
}

/** Factor and offset that stretch a range over 16 bits; what has one value only stays as it is. */
export function stretch({ min, max }: ValueRange): readonly [factor: number, offset: number] {
  if (max <= min) return [1, 0];
  const factor = full / (max - min);
  return [factor, -min * factor];
}
