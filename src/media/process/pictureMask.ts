import type { Size } from '../../core/geometry/box';
import { countsOf, runsOfPixels } from '../../core/mask/cocoMask';
import { areaOf } from '../../core/mask/rle';
import { boxOfRuns } from '../../core/mask/runsBox';
import { UserError } from '../../core/text/userError';
import type { MaskAnswer, MaskRequest } from '../../protocol/media';
import type { Sharp } from './decoder';
import { reasonOf } from './header';
import { secondsPerImage } from './render';

/** A mask is held whole, a byte a pixel. */
const mostPixels = 1 << 28;

/** The mask in a greyscale picture. @param input a file that was found to be no bomb, or an encoded picture. */
export async function pictureMask(sharp: Sharp, input: string | Uint8Array, request: MaskRequest): Promise<MaskAnswer> {
  const { above, at, size } = request;
  let image = sharp(input, { limitInputPixels: mostPixels, failOn: 'truncated' }).timeout({ seconds: secondsPerImage });
  // Whoever draws stretches a mask of another size too; grey borders of masks are made of 0 and 255 by no loader.
  if (at === null && size !== null) image = image.resize(size.width, size.height, { fit: 'fill', kernel: 'nearest' });
  const { data, info } = await image
    .removeAlpha()
    .toColourspace('b-w')
    .extractChannel(0)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new UserError(`The mask cannot be read (${reasonOf(error)})`);
    });
  const own = { width: info.width, height: info.height };
  for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) > above ? 1 : 0;
  const whole = at === null ? own : (size ?? { width: at.x + own.width, height: at.y + own.height });
  const pixels = at === null ? data : placed(data, own, whole, at);
  const runs = runsOfPixels(pixels, whole.width, whole.height);
  return {
    mask: { size: [whole.height, whole.width], counts: countsOf(runs) },
    area: areaOf(runs),
    box: boxOfRuns(runs, whole.height),
  };
}

/** A picture laid into a larger one; what lies outside is left out. */
function placed(data: Uint8Array, own: Size, whole: Size, { x, y }: { x: number; y: number }): Uint8Array {
  if (whole.width * whole.height > mostPixels) throw new UserError('The mask is larger than any image that is shown.');
  const pixels = new Uint8Array(whole.width * whole.height);
  for (let row = Math.max(0, -y); row < own.height && y + row < whole.height; row++) {
    const [from, to] = [Math.max(0, -x), Math.min(own.width, whole.width - x)];
    if (to > from)
      pixels.set(data.subarray(row * own.width + from, row * own.width + to), (y + row) * whole.width + x + from);
  }
  return pixels;
}
