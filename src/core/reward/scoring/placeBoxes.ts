import type { Box, Size } from '../../geometry/box';
import type { FrameChoice, FrameField } from '../../geometry/frame';
import { findFrame } from '../../geometry/frameChoice';
import { frameExtent, toOriginal } from '../../geometry/frameMap';
import { zoomChain } from '../../geometry/zoomChain';
import { UserError } from '../../text/userError';
import type { Rollout } from '../../trajectory/rollout';
import type { ToolRules } from '../../trajectory/tools/toolRules';
import type { PlacedBoxes } from './rewardInput';

/** Frames and tools in force for a trace and the stored size of the group's image; a whole sentence when that is not to be had. */
export interface BoxPlacing {
  readonly frames: readonly FrameChoice[];
  readonly image: Size | string;
  /** By whose rules a rollout's calls crop. */
  readonly rulesOf: (rollout: Rollout) => ToolRules;
}

/** Where a rollout's regions and its ground truth lie on the image, or why that cannot be told. */
export function placeBoxes(rollout: Rollout, { frames, image, rulesOf }: BoxPlacing): PlacedBoxes | string {
  if (typeof image === 'string') return image;
  const place = (box: Box, field: FrameField): Box | string => {
    const { spec, reason } = findFrame(frames, rollout.dataSource, field);
    if (spec === null) return `The frame is unknown. ${reason}`;
    try {
      return toOriginal(box, spec, image, rollout);
    } catch (error) {
      if (UserError.is(error)) return error.message;
      throw error;
    }
  };
  const truth = rollout.truthBoxes.map(({ box, label }) => ({ box: place(box, 'groundTruth'), label }));
  const nested = nestedBoxes(rollout, image, frames, rulesOf);
  const regions = rollout.regions.map((region) =>
    region.view === 0
      ? place(region.box, region.field)
      : (nested.get(region.index) ?? 'A box counts in an unknown crop.'),
  );
  const trouble = [...truth.map(({ box }) => box), ...regions].find((box) => typeof box === 'string');
  if (trouble !== undefined) return trouble;
  return {
    image,
    input: inputSize(rollout, frames, image),
    regions: regions.filter((box) => typeof box !== 'string'),
    truth: truth.flatMap(({ box, label }) => (typeof box === 'string' ? [] : [{ box, label }])),
  };
}

/** Boxes of crops where the policy meant them, by region. */
function nestedBoxes(
  rollout: Rollout,
  image: Size,
  frames: readonly FrameChoice[],
  rulesOf: BoxPlacing['rulesOf'],
): ReadonlyMap<number, Box | null> {
  if (rollout.regions.every(({ view }) => view === 0)) return new Map();
  return new Map(zoomChain(rollout, image, frames, rulesOf(rollout)).steps.map(({ region, meant }) => [region, meant]));
}

/** The model's input: logged, else computed where the predictions' frame is one. */
function inputSize(rollout: Rollout, frames: readonly FrameChoice[], image: Size): Size | null {
  if (rollout.inputSize !== null) return rollout.inputSize;
  const { spec } = findFrame(frames, rollout.dataSource, 'prediction');
  return spec?.kind === 'input' ? frameExtent(spec, image, rollout) : null;
}
