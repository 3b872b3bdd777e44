import type { RepaintedMask, RepaintRequest } from '../../core/dataset/repaintedMask';
import type { Point } from '../../core/dataset/shape';
import type { Size } from '../../core/geometry/box';
import { pixelsOfRuns } from '../../core/mask/cocoMask';
import { runsOf } from '../../core/mask/rle';
import { boxOfRuns } from '../../core/mask/runsBox';
import { UserError } from '../../core/text/userError';
import type { Sharp } from './decoder';
import { reasonOf } from './header';
import { secondsPerImage } from './render';

/** Held whole, several times. */
const mostPixels = 1 << 28;

/** A picture's values as they are stored: a grey level a channel. */
interface Levels extends Size {
  readonly channels: 1 | 2 | 3 | 4;
  readonly values: Uint8Array | Uint16Array;
  /** 1 where a pixel belongs to the mask. */
  readonly inside: Uint8Array;
  readonly isWide: boolean;
}

/**
 * The picture of a mask with another mask in it. Pixels that stay on their side keep their values, borders of many greys too; others
 * get the brightest that the mask had, or the darkest beside it. Depth and channels stay. Null where nothing changes.
 * @param input null for a picture that is made: 8 bits a pixel, of 0 and 255, or of 0 and 1 where everything above 0 is inside.
 */
export async function repaintMask(
  sharp: Sharp,
  input: string | Uint8Array | null,
  { above, at, mask, adds = false }: Omit<RepaintRequest, 'source'>,
): Promise<RepaintedMask | null> {
  const [height, width] = mask.size;
  if (width * height > mostPixels) throw new UserError('The mask is larger than any image that is shown.');
  const runs = runsOf(mask.counts, mask.size);
  const wanted = pixelsOfRuns(runs, width, height);
  const old = input === null ? null : await levelsOf(sharp, input, above);
  const box = at === null ? { x1: 0, y1: 0, x2: width, y2: height } : boxOfRuns(runs, height);
  if (box === null) throw new UserError('A mask without a pixel has no picture.');
  const whole = at === null && old !== null ? old : { width: box.x2 - box.x1, height: box.y2 - box.y1 };
  const from = at === null || old === null ? null : { x: at.x - box.x1, y: at.y - box.y1 };
  const isWanted = (x: number, y: number): number =>
    at === null
      ? (wanted[pixelAt(y, whole.height, height) * width + pixelAt(x, whole.width, width)] ?? 0)
      : (wanted[(y + box.y1) * width + x + box.x1] ?? 0);
  const { changed, values } = painted(old, whole, from ?? { x: 0, y: 0 }, isWanted, above === 0 ? 1 : 255, adds);
  if (old !== null && !changed && whole.width === old.width && whole.height === old.height && isOrigin(from))
    return null;
  const { channels, isWide } = old ?? { channels: 1, isWide: false };
  const picture = sharp(values, { raw: { width: whole.width, height: whole.height, channels } });
  const space = channels < 3 ? (isWide ? 'grey16' : 'b-w') : isWide ? 'rgb16' : 'srgb';
  const png = await picture.toColourspace(space).png().toBuffer();
  return { png: new Uint8Array(png), at: { x: box.x1, y: box.y1 } };
}

function isOrigin(from: Point | null): boolean {
  return from === null || (from.x === 0 && from.y === 0);
}

/** The pixel of one picture that a pixel of another, stretched over the same image, lies on. */
function pixelAt(place: number, of: number, in_: number): number {
  return of === in_ ? place : Math.min(in_ - 1, Math.floor(((place + 0.5) * in_) / of));
}

async function levelsOf(sharp: Sharp, input: string | Uint8Array, above: number): Promise<Levels> {
  try {
    const open = () =>
      sharp(input, { limitInputPixels: mostPixels, failOn: 'truncated' }).timeout({ seconds: secondsPerImage });
    const { depth, format, isPalette, space = '' } = await open().metadata();
    if (format !== 'png') throw new UserError(`The mask is ${format}: only PNG is written`);
    if (isPalette) throw new UserError('The mask is a PNG of numbered colours, which are not written');
    const isWide = depth === 'ushort';
    const isGrey = space === 'b-w' || space === 'grey16';
    const plain = isGrey ? open().toColourspace(isWide ? 'grey16' : 'b-w') : open();
    const { data, info } = await (isWide ? plain.raw({ depth: 'ushort' }) : plain.raw({ depth: 'uchar' })).toBuffer({
      resolveWithObject: true,
    });
    const grey = await open().removeAlpha().toColourspace('b-w').extractChannel(0).raw({ depth: 'uchar' }).toBuffer();
    const values = isWide ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : new Uint8Array(data);
    const inside = Uint8Array.from(grey, (level) => (level > above ? 1 : 0));
    return { width: info.width, height: info.height, channels: info.channels, values, inside, isWide };
  } catch (error) {
    throw UserError.is(error) ? error : new UserError(`The mask cannot be read (${reasonOf(error)})`);
  }
}

/** @param from where the old picture's first pixel lies on the new one. */
function painted(
  old: Levels | null,
  { width, height }: Size,
  from: Point,
  isWanted: (x: number, y: number) => number,
  on: number,
  adds: boolean,
) {
  const channels = old?.channels ?? 1;
  const values = old?.isWide ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  const [dark, bright] = old === null ? [0, on] : ends(old, on);
  // The last of two or four channels is how opaque a pixel is.
  const colours = channels % 2 === 0 ? channels - 1 : channels;
  let changed = false;
  for (let y = 0, pixel = 0; y < height; y++)
    for (let x = 0; x < width; x++, pixel++) {
      const before = old === null ? -1 : pixelIn(old, x - from.x, y - from.y);
      const wanted = adds && old?.inside[before] === 1 ? 1 : isWanted(x, y);
      const stays = before >= 0 && old?.inside[before] === wanted;
      if (!stays) changed = true;
      for (let c = 0; c < channels; c++) {
        const fresh = c < colours ? (wanted === 1 ? bright : dark) : old?.isWide ? 0xffff : 0xff;
        values[pixel * channels + c] = stays ? (old?.values[before * channels + c] ?? 0) : fresh;
      }
    }
  return { changed, values };
}

function pixelIn({ width, height }: Size, x: number, y: number): number {
  return x >= 0 && y >= 0 && x < width && y < height ? y * width + x : -1;
}

/** The darkest value outside of the mask and the brightest inside. */
function ends({ values, inside, channels, isWide }: Levels, on: number): readonly [number, number] {
  let [dark, bright] = [Infinity, -1];
  for (let pixel = 0; pixel < inside.length; pixel++) {
    const value = values[pixel * channels] ?? 0;
    if (inside[pixel] === 1) bright = Math.max(bright, value);
    else dark = Math.min(dark, value);
  }
  const most = on === 1 ? 1 : isWide ? 0xffff : 0xff;
  return [dark === Infinity ? 0 : dark, bright < 0 ? most : bright];
}
