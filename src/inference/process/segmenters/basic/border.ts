import type { Box } from '../../../../core/geometry/box';
import { squaredDistances } from '../../../../core/mask/distance';
import type { Pixels } from '../../../../protocol/segment';
import { ColourModel } from './colourModel';
import { cutPicture } from './cutPicture';
import { sampleAt } from './resample';
import { colourPull } from './roughMask';
import { type BasicPrompts, label, seeds } from './seeds';
import { tuning } from './tuning';
import { type WorkPicture, workPicture } from './workPicture';

/** A mask of a part of a picture. */
export interface PartMask {
  readonly picture: WorkPicture;
  /** 1 in the object. */
  readonly mask: Uint8Array;
}

/**
 * Draws the border of a rough mask anew on finer pixels: only a band around it is open, and colours are learned from what lies
 * beside it. Null when the rough mask is empty.
 */
export function drawBorder(pixels: Pixels, rough: PartMask, prompts: BasicPrompts): PartMask | null {
  const part = partAround(pixels, rough);
  if (part === null) return null;
  const picture = workPicture(pixels, part, tuning.borderSide);
  const band = Math.max(2, (tuning.band * picture.scale) / rough.picture.scale);
  const start = enlarged(rough, picture);
  const depth = depths(start, picture);
  const known = seeds(picture, prompts);
  const [inside, outside] = [new Uint8Array(start.length), new Uint8Array(start.length)];
  for (let i = 0; i < start.length; i++) {
    const away = Math.abs(depth[i] ?? 0);
    if (away > band && known[i] === label.open) known[i] = start[i] === 1 ? label.object : label.background;
    if (away < tuning.bandGap * band || away > tuning.bandDepth * band) continue;
    if (start[i] === 1) inside[i] = 1;
    else outside[i] = 1;
  }
  const object = new ColourModel(tuning.components);
  const background = new ColourModel(tuning.components);
  if (!object.begin(picture.colours, inside) || !background.begin(picture.colours, outside))
    return { picture, mask: start };
  object.refine(picture.colours, inside);
  background.refine(picture.colours, outside);
  const pulls = depth.map((deep, i) => {
    if (known[i] !== label.open) return 0;
    return colourPull(object, background, picture.colours, i, tuning.mostBandColour) + (tuning.bandPull * deep) / band;
  });
  return { picture, mask: cutPicture(picture, pulls, known, tuning.borderTies) };
}

/** Whole pixels of the picture around the mask, with room for the band. */
function partAround({ width, height }: Pixels, { picture, mask }: PartMask): Box | null {
  let [x1, y1, x2, y2] = [picture.width, picture.height, -1, -1];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const x = i % picture.width;
    const y = (i - x) / picture.width;
    [x1, y1, x2, y2] = [Math.min(x1, x), Math.min(y1, y), Math.max(x2, x + 1), Math.max(y2, y + 1)];
  }
  if (x2 < 0) return null;
  const room = tuning.band + 3;
  const { part, scale } = picture;
  return {
    x1: Math.max(0, Math.floor(part.x1 + (x1 - room) / scale)),
    y1: Math.max(0, Math.floor(part.y1 + (y1 - room) / scale)),
    x2: Math.min(width, Math.ceil(part.x1 + (x2 + room) / scale)),
    y2: Math.min(height, Math.ceil(part.y1 + (y2 + room) / scale)),
  };
}

/** A mask on another picture's pixels, its corners rounded. */
export function enlarged({ picture: from, mask }: PartMask, to: WorkPicture): Uint8Array {
  const result = new Uint8Array(to.width * to.height);
  // Only where the mask's part is: it may be a small one of a large picture.
  const across = span(from.part.x1 - to.part.x1, from.width / from.scale, to.scale, to.width);
  const down = span(from.part.y1 - to.part.y1, from.height / from.scale, to.scale, to.height);
  for (let y = down.from; y < down.to; y++) {
    const v = ((y + 0.5) / to.scale + to.part.y1 - from.part.y1) * from.scale - 0.5;
    if (v < -0.5 || v > from.height - 0.5) continue;
    for (let x = across.from; x < across.to; x++) {
      const u = ((x + 0.5) / to.scale + to.part.x1 - from.part.x1) * from.scale - 0.5;
      if (u < -0.5 || u > from.width - 0.5) continue;
      if (sampleAt(mask, from, u, v) > 0.5) result[y * to.width + x] = 1;
    }
  }
  return result;
}

/** Pixels, of `count`, that a length from `start` on may touch at a scale. */
function span(start: number, length: number, scale: number, count: number) {
  return {
    from: Math.max(0, Math.floor(start * scale) - 1),
    to: Math.min(count, Math.ceil((start + length) * scale) + 1),
  };
}

/** Distance to the border in pixels, positive inside. The picture's own rim is no border. */
function depths(mask: Uint8Array, picture: WorkPicture): Float32Array {
  const outside = mask.map((value) => 1 - value);
  const [inwards, outwards] = [withinPicture(mask, picture), withinPicture(outside, picture)];
  const result = new Float32Array(mask.length);
  for (let i = 0; i < result.length; i++)
    result[i] = mask[i] === 1 ? Math.sqrt(inwards[i] ?? 0) : -Math.sqrt(outwards[i] ?? 0);
  return result;
}

/** Squared distances to what is not in the mask, the picture being as large as its outermost pixels go on. */
function withinPicture(mask: Uint8Array, { width, height }: WorkPicture): Uint32Array {
  const margin = Math.ceil(tuning.band * 4);
  const [wide, high] = [width + 2 * margin, height + 2 * margin];
  const padded = new Uint8Array(wide * high);
  const held = (value: number, most: number) => Math.max(0, Math.min(most, value));
  for (let y = 0; y < high; y++) {
    const row = held(y - margin, height - 1) * width;
    for (let x = 0; x < wide; x++) padded[y * wide + x] = mask[row + held(x - margin, width - 1)] ?? 0;
  }
  const distances = squaredDistances(padded, { width: wide, height: high });
  const result = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + margin) * wide + margin;
    result.set(distances.subarray(from, from + width), y * width);
  }
  return result;
}
