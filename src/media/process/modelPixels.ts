import { fitSide } from '../../core/geometry/fitSide';
import { UserError } from '../../core/text/userError';
import type { PixelsAnswer, PixelsRequest } from '../../protocol/segment';
import { toWireBytes } from '../../protocol/wireBytes';
import type { Sharp } from './decoder';
import { type Header, refuseBomb } from './header';
import { cutOf, secondsPerImage, unreadable } from './render';

/**
 * 8-bit sRGB of an image or part of it at a model's size: stored pixels, never rotated, transparency on black, scaled by the
 * antialiased bilinear filter that SAM's own preprocessing (PIL's `BILINEAR`) has.
 */
export async function modelPixels(sharp: Sharp, header: Header, request: PixelsRequest): Promise<PixelsAnswer> {
  refuseBomb(header);
  const { stored } = header;
  const cut = request.crop === null ? { left: 0, top: 0, ...stored } : cutOf(request.crop, header);
  const size = fitSide(cut, request.side, request.fit);
  let image = sharp(header.path, { limitInputPixels: false, failOn: 'truncated' }).timeout({
    seconds: secondsPerImage,
  });
  // Without a cut, large JPEGs are shrunk while they are read.
  if (request.crop !== null) image = image.extract(cut);
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
  return {
    pixels: { width: info.width, height: info.height, rgb: toWireBytes(threeChannels(data, info.channels)) },
    cut: { x1: cut.left, y1: cut.top, x2: cut.left + cut.width, y2: cut.top + cut.height },
    imageSize: stored,
  };
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
