import type { GroupNotes, RolloutNotes } from '../../annotation/annotation';
import type { Box } from '../../geometry/box';
import type { PlacedBoxes } from './rewardInput';

/** Boxes that somebody put elsewhere, by 0-based index, in stored pixels of the original. */
export interface EditedBoxes {
  readonly regions: ReadonlyMap<number, Box>;
  readonly truth: ReadonlyMap<number, Box>;
}

/** The boxes that annotations hold of a rollout and of what its group shares. */
export function editedBoxes(
  { regions }: Pick<RolloutNotes, 'regions'>,
  { truth }: Pick<GroupNotes, 'truth'>,
): EditedBoxes {
  return { regions: byIndex(regions), truth: byIndex(truth) };
}

/** Placed boxes with the edited ones where they were put; an index that a rollout does not have is left out. */
export function placeEdited(placed: PlacedBoxes, { regions, truth }: EditedBoxes): PlacedBoxes {
  if (regions.size === 0 && truth.size === 0) return placed;
  return {
    ...placed,
    regions: placed.regions.map((box, index) => regions.get(index) ?? box),
    truth: placed.truth.map((one, index) => ({ ...one, box: truth.get(index) ?? one.box })),
  };
}

function byIndex(notes: RolloutNotes['regions']): ReadonlyMap<number, Box> {
  return new Map(Object.entries(notes ?? {}).map(([index, { value }]) => [Number(index), value]));
}
