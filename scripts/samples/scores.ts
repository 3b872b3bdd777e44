import type { Box } from '../../src/core/geometry/box';
import type { FrameSpec } from '../../src/core/geometry/frame';
import { fromOriginal } from '../../src/core/geometry/frameMap';
import { heuristicReward } from '../../src/core/reward/heuristicReward';
import { omniR1Sod } from '../../src/core/reward/profiles';
import { parseResponse } from '../../src/core/trajectory/parseResponse';
import type { SceneFacts, Scores } from './verlRun';

/** Qwen2.5-VL's processor with the bounds the sample configs state. */
export const sampleFrame = {
  kind: 'input',
  resize: { factor: 28, minPixels: 3136, maxPixels: 12845056, before: null },
} as const satisfies FrameSpec;

/** Regions as ACTIVE-O3's tolerant parser reads them, in pixels of the model's input. */
export function readRegions(response: string): { box: Box; label: string }[] {
  const { regions } = parseResponse(response, { dialect: 'active-o3' });
  return regions.map(({ box, label }) => ({ box, label: label ?? '' }));
}

/** The components of profile `omni-r1-sod` for one response, all boxes in pixels of the model's input. */
export function sampleScores(response: string, scene: SceneFacts): Scores {
  const { format, noOverlap, area, coverage } = heuristicReward(
    {
      response,
      regions: readRegions(response).map((r) => r.box),
      truth: scene.boxes.map((b) => fromOriginal(b, sampleFrame, scene.image)),
      input: scene.input,
    },
    omniR1Sod,
  );
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return { format: round(format), no_overlap: round(noOverlap), area: round(area), coverage: round(coverage) };
}

/** A reward function with a fault to be found: on the meadow it forgot to look for regions that overlap. */
export function carelessScores(response: string, scene: SceneFacts): Scores {
  const scores = sampleScores(response, scene);
  return scene.name === 'meadow' ? { ...scores, no_overlap: 1 } : scores;
}
