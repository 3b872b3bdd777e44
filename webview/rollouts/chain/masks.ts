import type { Size } from '../../../src/core/geometry/box';
import { outlineOf } from '../../../src/core/mask/outline';
import { runsOf } from '../../../src/core/mask/rle';
import { UserError } from '../../../src/core/text/userError';
import type { LoggedMask, Rollout } from '../../../src/core/trajectory/rollout';
import type { CanvasMask } from '../../canvas/imageCanvas';
import { pixels } from '../words';
import type { Look } from './looks';

type Outline = { readonly loops: readonly Float32Array[] } | { readonly trouble: string };

const outlines = new WeakMap<LoggedMask, Outline>();

export interface DrawnMasks {
  readonly masks: readonly CanvasMask[];
  /** Why one of them is not drawn; null when all are. */
  readonly trouble: string | null;
}

/** The mask of a look, or those of a video's frame, filled, and under it the one to reach, as a dashed line. Each is read once. */
export function masksOf(
  rollout: Pick<Rollout, 'masks' | 'truthMask'> | null,
  look: Look | null,
  image: Size | null,
  truth: boolean,
): DrawnMasks {
  const masks: CanvasMask[] = [];
  let trouble: string | null = null;
  const add = (mask: LoggedMask | undefined, drawn: Omit<CanvasMask, 'loops'>) => {
    if (mask === undefined || image === null) return;
    const outline = outlineFor(mask, image);
    if ('trouble' in outline) trouble = outline.trouble;
    else masks.push({ loops: outline.loops, ...drawn });
  };
  if (look?.mask !== null && look !== null)
    add(rollout?.masks?.[look.mask], { palette: 0, filled: true, stroke: 'solid' });
  for (const mask of look?.frame?.masks ?? []) add(mask, { palette: 0, filled: true, stroke: 'solid' });
  if (truth) add(rollout?.truthMask, { palette: 9, filled: false, stroke: 'dashed' });
  return { masks, trouble };
}

function outlineFor(mask: LoggedMask, image: Size): Outline {
  const [height, width] = mask.size;
  if (height !== image.height || width !== image.width) {
    return { trouble: `A mask has ${pixels({ width, height })}, the image ${pixels(image)}: it is not drawn.` };
  }
  const known = outlines.get(mask);
  if (known !== undefined) return known;
  const made = read(mask, height);
  outlines.set(mask, made);
  return made;
}

function read(mask: LoggedMask, height: number): Outline {
  try {
    const loops = outlineOf(runsOf(mask.counts, mask.size), height);
    return loops === null ? { trouble: 'A mask is too ragged to be drawn.' } : { loops };
  } catch (error) {
    if (UserError.is(error)) return { trouble: error.message };
    throw error;
  }
}
