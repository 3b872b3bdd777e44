import * as z from 'zod/mini';
import { pointMetrics } from '../../../../core/dataset/farthestPoints';
import type { ParamsOf } from '../../../../protocol/channel';
import type { DatasetCurateHostMethods } from '../../../../protocol/datasetCurate';
import { difficultySource } from './scoreMemory';

const name = z.string().check(z.maxLength(10_000));
const whole = z.int().check(z.gte(0));
const view = z.nullable(whole);
const end = z.enum(['lowest', 'highest']);

/** What a page may ask for when images are chosen by numbers. */
export const curateParams = {
  'scores/import': z.object({}),
  'set/embeddings': z.object({}),
  'set/sortedValues': z.object({ view, column: name, end }),
  'set/difficulty': z.object({ source: difficultySource }),
  'set/sample': z.object({
    view,
    strategy: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('random') }),
      z.object({ kind: z.literal('stratified'), column: name }),
      z.object({ kind: z.literal('extreme'), column: name, end }),
      z.object({ kind: z.literal('farthest'), embedding: name, metric: z.enum(pointMetrics) }),
    ]),
    count: whole,
    seed: whole,
  }),
} as const satisfies {
  readonly [K in keyof DatasetCurateHostMethods]: z.ZodMiniType<ParamsOf<DatasetCurateHostMethods, K>>;
};
