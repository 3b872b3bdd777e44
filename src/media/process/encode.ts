import { UserError } from '../../core/text/userError';
import type { EncodeAnswer, EncodeRequest } from '../../protocol/policy';
import { toWireBytes } from '../../protocol/wireBytes';
import type { Sharp } from './decoder';
import { type Header, refuseBomb } from './header';
import { cutOf, secondsPerImage, unreadable } from './render';

/** High enough that a model sees no artefacts; colour at full resolution, for small text. */
const quality = 92;
/** Of a blurred picture's longer side; no letter and no small object is left. */
const blurShare = 1 / 20;
const grey = { r: 128, g: 128, b: 128 };
/** A side that no model takes: the request is a mistake. */
const longestSide = 16_384;

/**
 * An image or part of it as a model is sent it: stored pixels, never rotated, transparency on black, brought to exactly `size` by
 * the bicubic filter that Hugging Face's Qwen processor has.
 */
export async function encodeForModel(
  sharp: Sharp,
  header: Header,
  { crop, size, format, look = 'plain' }: EncodeRequest,
): Promise<EncodeAnswer> {
  refuseBomb(header);
  for (const side of [size.width, size.height])
    if (!Number.isSafeInteger(side) || side < 1 || side > longestSide)
      throw new UserError(`${header.path}: cannot be sent at ${size.width}×${size.height} pixels`);
  const { stored } = header;
  const cut = crop === null ? { left: 0, top: 0, ...stored } : cutOf(crop, header);
  let image = sharp(header.path, { limitInputPixels: false, failOn: 'truncated' }).timeout({
    seconds: secondsPerImage,
  });
  if (crop !== null) image = image.extract(cut);
  if (size.width !== cut.width || size.height !== cut.height)
    image = image.resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' });
  image = image.flatten().toColourspace('srgb');
  if (look === 'blurred') image = image.blur(Math.max(0.3, blurShare * Math.max(size.width, size.height)));
  if (look === 'blank') image = sharp({ create: { ...size, channels: 3, background: grey } });
  const encoded =
    format === 'png' ? image.png({ compressionLevel: 3 }) : image.jpeg({ quality, chromaSubsampling: '4:4:4' });
  const bytes = await encoded.toBuffer().catch((error: unknown) => {
    throw new UserError(`${header.path}: ${unreadable(header, error)}`);
  });
  return {
    bytes: toWireBytes(bytes),
    cut: { x1: cut.left, y1: cut.top, x2: cut.left + cut.width, y2: cut.top + cut.height },
  };
}
