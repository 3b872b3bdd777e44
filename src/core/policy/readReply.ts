import { type Box, clampBox, type Size } from '../geometry/box';
import { toOriginal } from '../geometry/frameMap';
import type { LabelledBox } from '../reward/apAr';
import { parseResponse } from '../trajectory/parseResponse';
import type { Action, ParsedResponse, Region } from '../trajectory/rollout';
import { frameSpec, type ModelInput } from './convention';

/** A picture that a model was shown, and the part of the original that it shows. */
export interface ShownPicture {
  /** In stored pixels of the original. */
  readonly cut: Box;
  /** Pixels of the picture as it was sent. */
  readonly size: Size;
}

/** The regions of a sensing model's answer, by their number in it. */
export interface ReadRegions {
  readonly parsed: ParsedResponse;
  /** In stored pixels of the original, clamped; null for one without area there. */
  readonly boxes: readonly (Box | null)[];
  /** Indices of those to look at, in the order of the answer, at most as many as were asked for. */
  readonly chosen: readonly number[];
  /** Why there is none; null where there is one, or where the answer is an empty list. */
  readonly malformed: string | null;
}

/** Reads where a model wants to look, as ACTIVE-O3's demo reads it: tolerant, with every mend kept. */
export function readRegions(text: string, input: ModelInput, shown: ShownPicture, most: number): ReadRegions {
  const parsed = parseResponse(text, { dialect: 'active-o3' });
  const boxes = parsed.regions.map(({ box }) => placed(box, input, shown));
  const actions = parsed.turns.flatMap((turn) => turn.actions);
  const named = actions.filter(({ kind }) => kind === 'zoom').flatMap(({ regions }) => regions);
  // Without a readable answer the demo takes what stands in the thought.
  const wanted = named.length > 0 ? named : parsed.regions.map(({ index }) => index);
  const chosen = wanted.filter((index) => boxes[index] != null).slice(0, most);
  return { parsed, boxes, chosen, malformed: chosen.length > 0 ? null : whyNone(actions, parsed.regions) };
}

/** Boxes of a task model's answer. */
export interface ReadBoxes {
  /** In stored pixels of the original, in the order of the answer; those without area inside the picture are left out. */
  readonly boxes: readonly LabelledBox[];
  readonly malformed: string | null;
}

export function readTaskBoxes(text: string, input: ModelInput, shown: ShownPicture): ReadBoxes {
  const parsed = parseResponse(text, { dialect: 'active-o3' });
  const boxes = parsed.regions.flatMap(({ box, label }) => {
    const found = placed(box, input, shown);
    return found === null ? [] : [{ box: found, label }];
  });
  const actions = parsed.turns.flatMap((turn) => turn.actions);
  return { boxes, malformed: boxes.length > 0 ? null : whyNone(actions, parsed.regions) };
}

/** A box that was written for a picture, on the original and inside that picture's part of it; null without area there. */
function placed(box: Box, input: ModelInput, { cut, size }: ShownPicture): Box | null {
  const whole = { width: cut.x2 - cut.x1, height: cut.y2 - cut.y1 };
  const inCut = toOriginal(box, frameSpec(input), whole, { inputSize: size, loggedImageSize: null });
  const { x1, y1, x2, y2 } = clampBox(inCut, whole);
  if (!(x2 > x1 && y2 > y1)) return null;
  return { x1: x1 + cut.x1, y1: y1 + cut.y1, x2: x2 + cut.x1, y2: y2 + cut.y1 };
}

function whyNone(actions: readonly Action[], regions: readonly Region[]): string | null {
  const reason = actions.find(({ kind }) => kind === 'malformed')?.reason ?? null;
  if (reason !== null) return reason;
  if (regions.length > 0) return 'No box has an area inside the picture.';
  return actions.some(({ kind }) => kind === 'zoom') ? null : 'The answer holds no box.';
}
