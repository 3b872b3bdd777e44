import type { Box, Size } from '../../../src/core/geometry/box';
import type { FrameChoice, FrameField, FrameSpec, LoggedSizes } from '../../../src/core/geometry/frame';
import { findFrame } from '../../../src/core/geometry/frameChoice';
import { toOriginal } from '../../../src/core/geometry/frameMap';
import { UserError } from '../../../src/core/text/userError';

/**
 * Choices to look a frame up in: what the user set, as predicted, then what the host found. The host's own list of user
 * choices is left out: it may be older than the prediction, and a cleared choice must vanish at once.
 */
export function effectiveChoices(user: readonly FrameChoice[], found: readonly FrameChoice[]): readonly FrameChoice[] {
  return [...user, ...found.filter((choice) => choice.origin !== 'user')];
}

/** A box in pixels of the original image, or why it cannot be placed. */
export type Placed =
  | { readonly kind: 'placed'; readonly box: Box }
  | { readonly kind: 'unknownFrame' }
  | { readonly kind: 'impossible'; readonly reason: string };

/** The row a box stands in, as far as it says which pixels the box counts in. */
export interface BoxOwner extends LoggedSizes {
  readonly dataSource: string | null;
}

/** Maps boxes onto the image; the frame of a (data source, field) is looked up once, however many boxes it has. */
export class BoxPlacer {
  private readonly specs = new Map<string, FrameSpec | null>();

  constructor(private readonly choices: readonly FrameChoice[]) {}

  /** `image` is the image's stored size; sizes that the rollout logged win over it. */
  place(box: Box, rollout: BoxOwner, field: FrameField, image: Size): Placed {
    if (![box.x1, box.y1, box.x2, box.y2].every(Number.isFinite))
      return { kind: 'impossible', reason: 'A corner is not a finite number.' };
    const spec = this.spec(rollout.dataSource, field);
    if (spec === null) return { kind: 'unknownFrame' };
    try {
      return { kind: 'placed', box: toOriginal(box, spec, image, rollout) };
    } catch (error) {
      if (UserError.is(error)) return { kind: 'impossible', reason: error.message };
      throw error;
    }
  }

  private spec(dataSource: string | null, field: FrameField): FrameSpec | null {
    const key = `${field} ${dataSource ?? ''}`;
    const known = this.specs.get(key);
    if (known !== undefined) return known;
    const { spec } = findFrame(this.choices, dataSource, field);
    this.specs.set(key, spec);
    return spec;
  }
}
