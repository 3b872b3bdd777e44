import { type Box, boxHeight, boxWidth, type Size } from '../../../core/geometry/box';
import { modelInputSize, smartResize } from '../../../core/geometry/smartResize';
import type { ModelInput } from '../../../core/policy/convention';
import type { PartLook } from '../../../core/policy/probeViews';
import type { ShownPicture } from '../../../core/policy/readReply';
import type { CropShape, EncodeAnswer, EncodeRequest } from '../../../protocol/policy';

/** A picture as it is sent. */
export interface SentPicture extends ShownPicture {
  readonly uri: string;
}

/** The paper's task input, in pixels a side. */
const squareSide = 840;
/** The demo's lower bound for crops, in pixels: 900 · 28². */
const cropPixels = 705_600;

export type Encode = (request: EncodeRequest, signal: AbortSignal) => Promise<EncodeAnswer>;

/** The picture that a policy sees of the whole image, after the model's own resize, so that the server's changes nothing. */
export async function wholePicture(
  encode: Encode,
  path: string,
  size: Size,
  format: 'jpeg' | 'png',
  signal: AbortSignal,
): Promise<SentPicture> {
  const { bytes, cut } = await encode({ path, crop: null, size, format }, signal);
  return { uri: dataUri(bytes, format), cut, size };
}

/** Part of the image as a task model sees it. */
export async function cropPicture(
  encode: Encode,
  path: string,
  crop: Box,
  how: {
    readonly shape: CropShape;
    readonly input: ModelInput;
    readonly format: 'jpeg' | 'png';
    readonly look?: PartLook;
  },
  signal: AbortSignal,
): Promise<SentPicture> {
  const size = cropSize(crop, how.shape, how.input);
  const look = how.look === undefined ? {} : { look: how.look };
  const { bytes, cut } = await encode({ path, crop, size, format: how.format, ...look }, signal);
  return { uri: dataUri(bytes, how.format), cut, size };
}

/** `square`: 840 × 840, as the paper trains. `aspect`: as the demo, enlarged to 900 · 28² pixels with its shape kept. */
function cropSize(crop: Box, shape: CropShape, { resize }: ModelInput): Size {
  const { factor, maxPixels } = resize;
  if (shape === 'square') return smartResize({ width: squareSide, height: squareSide }, resize);
  const whole = {
    width: Math.max(1, Math.ceil(boxWidth(crop))),
    height: Math.max(1, Math.ceil(boxHeight(crop))),
  };
  // A sliver would be refused: its longer side is cut to what smart_resize takes.
  const least = Math.ceil(Math.max(whole.width, whole.height) / 200);
  const sane = { width: Math.max(whole.width, least), height: Math.max(whole.height, least) };
  return modelInputSize(sane, { factor, minPixels: Math.min(cropPixels, maxPixels), maxPixels, before: null });
}

function dataUri(bytes: Uint8Array, format: 'jpeg' | 'png'): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return `data:image/${format};base64,${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`;
}
