import type { Size } from '../../core/geometry/box';
import { fromUpright, toUpright, uprightSize } from '../../core/geometry/exifTurn';
import { fitSide } from '../../core/geometry/fitSide';
import { UserError } from '../../core/text/userError';
import type { PixelsAnswer, PixelsRequest } from '../../protocol/segment';
import { toWireBytes } from '../../protocol/wireBytes';
import type { Sharp } from './decoder';
import { type Header, refuseBomb } from './header';
import { cutOf, secondsPerImage, turned, unreadable } from './render';

/**
 * 8-bit sRGB of an image or part of it at a model's size: stored pixels, turned only where that is asked for, transparency on black, scaled by the
 * antialiased bilinear filter that SAM's own preprocessing (PIL's `BILINEAR`) has.
 */
export async function modelPixels(sharp: Sharp, header: Header, request: PixelsRequest): Promise<PixelsAnswer> {
  refuseBomb(header);
  const { stored } = header;
  const turn = request.upright === true ? header.orientation : 1;
  const crop = request.crop === null ? null : fromUpright(request.crop, stored, turn);
  const cut = crop === null ? { left: 0, top: 0, ...stored } : cutOf(crop, header);
  const size = fitSide(cut, request.side, request.fit);
  let image = sharp(header.path, { limitInputPixels: false, failOn: 'truncated' }).timeout({
    seconds: secondsPerImage,
  });
  // Without a cut, large JPEGs are shrunk while they are read.
  if (crop !== null) image = image.extract(cut);
  if (size.width !== cut.width || size.height !== cut.height)
    image = image.resize(size.width, size.height, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false });
  const { data, info } = await image
    .flatten()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new UserError(`${header.path}: ${unreadable(header, error)}`);
    });
  const rgb = threeChannels(data, info.channels);
  const taken = { x1: cut.left, y1: cut.top, x2: cut.left + cut.width, y2: cut.top + cut.height };
  return {
    pixels: { ...uprightSize(info, turn), rgb: toWireBytes(await upright(sharp, rgb, info, turn)) },
    cut: toUpright(taken, stored, turn),
    imageSize: uprightSize(stored, turn),
  };
}

/** Pixels turned as EXIF's orientation says. */
async function upright(sharp: Sharp, rgb: Uint8Array, { width, height }: Size, turn: number): Promise<Uint8Array> {
  if (turn === 1) return rgb;
  return turned(sharp(rgb, { raw: { width, height, channels: 3 } }), turn)
    .raw()
    .toBuffer();
}

/** Grey images come with one channel. */
function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let pixel = 0; pixel < data.length / channels; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      rgb[pixel * 3 + channel] = data[pixel * channels + Math.min(channel, channels - 1)] ?? 0;
  }
  return rgb;
}
