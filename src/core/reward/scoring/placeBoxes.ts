import type { Box, Size } from '../../geometry/box';
import type { FrameChoice, FrameField } from '../../geometry/frame';
import { findFrame } from '../../geometry/frameChoice';
import { frameExtent, toOriginal } from '../../geometry/frameMap';
import { zoomChain } from '../../geometry/zoomChain';
import { UserError } from '../../text/userError';
import type { Rollout } from '../../trajectory/rollout';
import { toolRulesOf } from '../../trajectory/tools/chooseRules';
import type { PlacedBoxes } from './rewardInput';

/** Frames in force for a trace and the stored size of the group's image; a whole sentence when that is not to be had. */
export interface BoxPlacing {
  readonly frames: readonly FrameChoice[];
  readonly image: Size | string;
}

/** Where a rollout's regions and its ground truth lie on the image, or why that cannot be told. */
export function placeBoxes(rollout: Rollout, { frames, image }: BoxPlacing): PlacedBoxes | string {
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
  const nested = nestedBoxes(rollout, image, frames);
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

/** Boxes of crops where the policy meant them, by region. Only tools that the log itself gives away crop their crops. */
function nestedBoxes(rollout: Rollout, image: Size, frames: readonly FrameChoice[]): ReadonlyMap<number, Box | null> {
  if (rollout.regions.every(({ view }) => view === 0)) return new Map();
  const { rules } = toolRulesOf(rollout, '');
  return new Map(zoomChain(rollout, image, frames, rules).steps.map(({ region, meant }) => [region, meant]));
}

/** The model's input: logged, else computed where the predictions' frame is one. */
function inputSize(rollout: Rollout, frames: readonly FrameChoice[], image: Size): Size | null {
  if (rollout.inputSize !== null) return rollout.inputSize;
  const { spec } = findFrame(frames, rollout.dataSource, 'prediction');
  return spec?.kind === 'input' ? frameExtent(spec, image, rollout) : null;
}
