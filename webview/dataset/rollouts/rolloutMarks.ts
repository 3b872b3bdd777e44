import type { PixelFrame } from '../../../src/core/dataset/datasetImage';
import { toUpright } from '../../../src/core/geometry/exifTurn';
import type { FrameField } from '../../../src/core/geometry/frame';
import type { GroupDetail } from '../../../src/protocol/data';
import type { RolloutsOnImage } from '../../../src/protocol/datasetRollouts';
import type { CanvasRegion } from '../../canvas/imageCanvas';
import { Chains } from '../../rollouts/chain/chains';
import { canvasRegions, marksOf, siblingPalette } from '../../rollouts/picture/marks';
import { effectiveChoices } from '../../rollouts/store/frames';

export interface RolloutRegions {
  readonly regions: readonly CanvasRegion[];
  /** Fields whose frame nobody knows: their boxes are not drawn. */
  readonly unknown: readonly FrameField[];
  /** Why other boxes could not be placed. */
  readonly reasons: readonly string[];
}

export const noRegions: RolloutRegions = { regions: [], unknown: [], reasons: [] };

/**
 * Where rollouts looked and clicked, in the pixels of the set's frame; each in the colour of its member, as beside its siblings
 * in the rollouts editor.
 * @param member null for all of the group
 */
export function rolloutRegions(
  detail: GroupDetail,
  format: string,
  member: number | null,
  stored: NonNullable<RolloutsOnImage['stored']>,
  frame: PixelFrame,
): RolloutRegions {
  const choices = effectiveChoices([], detail.frames);
  const chains = new Chains(format, stored.size, choices, detail.tool ?? null);
  const shown = member === null ? detail.rollouts.map((_, i) => i) : [member];
  const all = shown.map((one) => {
    const marks = marksOf({
      rollouts: detail.rollouts,
      member: one,
      siblings: new Set(),
      truth: false,
      taskBoxes: false,
      choices,
      guest: null,
      image: stored.size,
      chains,
      meant: false,
      screen: null,
    });
    const regions = canvasRegions(marks.list).map((region): CanvasRegion => {
      const box = frame === 'oriented' ? toUpright(region.box, stored.size, stored.orientation) : region.box;
      const emphasis = member === null ? 'normal' : 'strong';
      return { ...region, box, palette: siblingPalette(one), number: `${one + 1}·${region.number}`, emphasis };
    });
    return { regions, unknown: marks.unknown, reasons: marks.reasons };
  });
  return {
    regions: all.flatMap(({ regions }) => regions),
    unknown: [...new Set(all.flatMap(({ unknown }) => unknown))],
    reasons: [...new Set(all.flatMap(({ reasons }) => reasons))],
  };
}
