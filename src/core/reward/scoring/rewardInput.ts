import type { Box, Size } from '../../geometry/box';
import { boxesFor, type CountedBoxes } from '../../trajectory/countedBoxes';
import type { Region, Rollout } from '../../trajectory/rollout';
import type { LabelledBox } from '../apAr';

/** Boxes of a rollout where they are known to lie. All in stored pixels of the original image. */
export interface PlacedBoxes {
  readonly image: Size;
  /** The model's input after every resize; null when neither the log nor the frame tells. */
  readonly input: Size | null;
  /** By `Region.index`; null for one that cannot be placed. */
  readonly regions: readonly (Box | null)[];
  readonly truth: readonly LabelledBox[];
}

/** What a reward looks at, of one rollout. */
export interface RewardInput {
  readonly rollout: Pick<
    Rollout,
    'response' | 'turns' | 'regions' | 'groundTruth' | 'fields' | 'reward' | 'options' | 'masks'
  > &
    Partial<Pick<Rollout, 'taskBoxes' | 'taskAnswer'>>;
  /** Why boxes cannot be placed (no image, no frame), as a whole sentence, in place of them. */
  readonly placed: PlacedBoxes | string;
  /** Whether each rollout of its group called a tool; absent where the group is not at hand whole. */
  readonly toolUse?: readonly boolean[] | undefined;
}

/** Whether a rollout called a tool at all. */
export function usesTool({ turns }: Pick<Rollout, 'turns'>): boolean {
  return turns.some(({ actions }) => actions.some(({ kind, tool }) => kind === 'tool' || tool !== null));
}

/** Which boxes of a response count: final answers, calls of a tool, or both. */
export type BoxChoice = 'answer' | 'tool' | 'all';

/** The regions that `choice` names, in order. An answer without any box falls back on nothing. */
export function chosenRegions({ rollout }: RewardInput, choice: BoxChoice): readonly Region[] {
  if (choice === 'all') return rollout.regions;
  const field = choice === 'answer' ? 'prediction' : 'tool';
  return rollout.regions.filter((region) => region.field === field);
}

/** The same rollout with no boxes of answers but those that count; boxes of calls stay. */
export function onlyCounted(input: RewardInput, counted: CountedBoxes): RewardInput {
  const { rollout } = input;
  const known = new Set(boxesFor(rollout, counted));
  const regions = rollout.regions.filter((region) => region.field !== 'prediction' || known.has(region));
  return regions.length === rollout.regions.length ? input : { ...input, rollout: { ...rollout, regions } };
}

/** A box of the original in pixels of the model's input. */
export function inInput(box: Box, image: Size, input: Size): Box {
  if (image.width === input.width && image.height === input.height) return box;
  const { x1, y1, x2, y2 } = box;
  const [sx, sy] = [input.width / image.width, input.height / image.height];
  return { x1: x1 * sx, y1: y1 * sy, x2: x2 * sx, y2: y2 * sy };
}
