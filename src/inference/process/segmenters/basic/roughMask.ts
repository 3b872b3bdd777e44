import { components } from '../../../../core/mask/components';
import { ColourModel } from './colourModel';
import { cutPicture } from './cutPicture';
import { geodesicDistances } from './geodesic';
import { type BasicPrompts, boxOn, heard, label, placed, seeds } from './seeds';
import { tuning } from './tuning';
import { disk, type WorkPicture } from './workPicture';

/** A mask that is known, on the pixels that are worked on. */
export interface HeldMask {
  /** What of it is sure, as `seeds` has it. */
  readonly known: Uint8Array;
  /** All of it: colours are first learned from there. */
  readonly guess: Uint8Array;
}

/**
 * Finds the object: colours of object and background as two mixtures of Gaussians, learned in turn with the mask (GrabCut), with
 * how near each pixel is to positive clicks and how near to negative ones or the picture's rim by paths that shun changes of
 * colour (geodesic graph cut, Price, Morse and Cohen 2010).
 * @param held the mask that a click mends; null for one that clicks alone make, of which only pieces with a positive click stay.
 * @returns 1 in the object, of the size of the picture.
 */
export function roughMask(picture: WorkPicture, prompts: BasicPrompts, held: HeldMask | null = null): Uint8Array {
  const mask = foundMask(picture, prompts, held);
  return held === null ? withClick(picture, mask, prompts) : mask;
}

function foundMask(picture: WorkPicture, prompts: BasicPrompts, held: HeldMask | null): Uint8Array {
  const known = seeds(picture, prompts);
  held?.known.forEach((value, i) => {
    if (known[i] === label.open) known[i] = value;
  });
  if (prompts.box === null) markRim(picture, known);
  const pulls = placePulls(picture, prompts, known);
  const object = new ColourModel(tuning.components);
  const background = new ColourModel(tuning.components);
  let mask = held?.guess ?? firstGuess(picture, prompts, known);
  for (let round = 0; round < tuning.rounds; round++) {
    const inside = mask.map((value, i) => (known[i] === label.open ? value : known[i] === label.object ? 1 : 0));
    const learn = round === 0 ? 'begin' : 'refine';
    const learned = [
      object[learn](picture.colours, inside),
      background[learn](
        picture.colours,
        inside.map((v) => 1 - v),
      ),
    ];
    if (learned.includes(false)) return inside;
    const total = pulls.map((pull, i) => {
      if (known[i] !== label.open) return 0;
      return pull + colourPull(object, background, picture.colours, i, tuning.mostColour);
    });
    mask = cutPicture(picture, total, known, tuning.roughTies);
  }
  return mask;
}

/** How much a pixel's colour says for the object. */
export function colourPull(
  object: ColourModel,
  background: ColourModel,
  colours: Float32Array,
  pixel: number,
  most: number,
): number {
  const pull = object.logDensity(colours, pixel * 3) - background.logDensity(colours, pixel * 3);
  return Number.isNaN(pull) ? 0 : Math.max(-most, Math.min(most, pull));
}

/** The rim is background where nobody clicked: without a box something has to be. */
function markRim({ width, height }: WorkPicture, known: Uint8Array): void {
  for (let i = 0; i < known.length; i++) {
    const x = i % width;
    const isRim = x === 0 || x === width - 1 || i < width || i >= width * (height - 1);
    if (isRim && known[i] === label.open) known[i] = label.background;
  }
}

function firstGuess(picture: WorkPicture, prompts: BasicPrompts, known: Uint8Array): Uint8Array {
  const guess = known.map((value) => (value === label.object ? 1 : 0));
  const paint = (pixel: number) => {
    guess[pixel] = 1;
  };
  if (prompts.box === null) {
    const radius = tuning.clickReach * Math.max(picture.width, picture.height);
    for (const click of heard(picture, prompts.clicks)) {
      const { x, y } = placed(picture, click);
      const own = Math.min(radius, click.reach * picture.scale);
      if (click.positive) disk(picture, x, y, [own, own], paint);
    }
  } else {
    const { x, y, across, down } = middle(picture, prompts.box);
    disk(picture, x, y, [across * tuning.boxReach, down * tuning.boxReach], paint);
  }
  return guess;
}

function middle(picture: WorkPicture, box: NonNullable<BasicPrompts['box']>) {
  const { x1, y1, x2, y2 } = boxOn(picture, box);
  return { x: (x1 + x2) / 2, y: (y1 + y2) / 2, across: Math.max(1, (x2 - x1) / 2), down: Math.max(1, (y2 - y1) / 2) };
}

/** What a pixel's place says, by its distances to both kinds of seeds and its place in the box. */
function placePulls(picture: WorkPicture, { clicks, box }: BasicPrompts, known: Uint8Array): Float32Array {
  const from = known.slice();
  const onlyBox = box !== null && !heard(picture, clicks).some(({ positive }) => positive);
  if (box !== null && onlyBox) {
    const { x, y, across, down } = middle(picture, box);
    const radius = Math.min(across, down) * tuning.boxSeed;
    disk(picture, x, y, [radius, radius], (pixel) => {
      if (from[pixel] === label.open) from[pixel] = label.object;
    });
  }
  const toObject = geodesicDistances(picture, from, label.object);
  const toBackground = geodesicDistances(picture, from, label.background);
  const strength = onlyBox ? tuning.boxNearness : tuning.nearness;
  const pulls = toObject.map((near, i) => {
    const far = toBackground[i] ?? 0;
    return (strength * (far - near)) / (far + near + 1e-3);
  });
  if (box !== null) {
    const { x, y, across, down } = middle(picture, box);
    // A disk that reaches the box's corners.
    disk(picture, x, y, [across * Math.SQRT2, down * Math.SQRT2], (pixel, distance) => {
      pulls[pixel] = (pulls[pixel] ?? 0) + tuning.boxMiddle * (0.75 - 2 * distance);
    });
  }
  return pulls;
}

/** The pieces that hold a positive click; all of them where none does. */
export function withClick(picture: WorkPicture, mask: Uint8Array, { clicks }: BasicPrompts): Uint8Array {
  const { labels } = components(mask, picture);
  const kept = new Set<number>();
  for (const click of clicks) {
    const { x, y } = placed(picture, click);
    const [u, v] = [Math.floor(x), Math.floor(y)];
    if (!click.positive || u < 0 || v < 0 || u >= picture.width || v >= picture.height) continue;
    const piece = labels[v * picture.width + u] ?? 0;
    if (piece !== 0) kept.add(piece);
  }
  return kept.size === 0 ? mask : mask.map((value, i) => (kept.has(labels[i] ?? 0) ? value : 0));
}
