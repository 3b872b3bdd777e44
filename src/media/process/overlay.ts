import { type CocoMask, pixelsOfRuns } from '../../core/mask/cocoMask';
import { runsOf } from '../../core/mask/rle';
import { UserError } from '../../core/text/userError';
import type { Sharp } from './decoder';
import { type Header, reasonOf, refuseBomb } from './header';

/** SegAgent's green, half of what is seen. */
const green = [0, 255, 0] as const;
const secondsPerImage = 45;

/**
 * The whole image with a mask as SegAgent's policy sees it: 0.5 · pixel + 0.5 · (0, 255, 0) inside, cut to whole numbers as
 * its NumPy code does. PNG: what the policy is trained on has no artefacts. Throws `UserError`.
 */
export async function renderOverlay(sharp: Sharp, header: Header, mask: CocoMask | null): Promise<Uint8Array> {
  refuseBomb(header);
  const { width, height } = header.stored;
  if (mask !== null && (mask.size[0] !== height || mask.size[1] !== width))
    throw new UserError(
      `${header.path}: the mask has ${mask.size[1]}×${mask.size[0]} pixels, the image ${width}×${height}`,
    );
  const { data, info } = await sharp(header.path, { limitInputPixels: false, failOn: 'truncated' })
    .timeout({ seconds: secondsPerImage })
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new UserError(`${header.path}: the image cannot be read (${reasonOf(error)})`);
    });
  const inside = mask === null ? null : pixelsOfRuns(runsOf(mask.counts, mask.size), width, height);
  if (inside !== null && info.channels >= 3)
    for (let at = 0; at < inside.length; at++) {
      if (inside[at] === 0) continue;
      for (const [channel, colour] of green.entries()) {
        const i = at * info.channels + channel;
        data[i] = ((data[i] ?? 0) + colour) >> 1;
      }
    }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .png()
    .toBuffer();
}
