import * as z from 'zod/mini';
import type { CanvasSegmentMethods } from '../../protocol/canvasSegment';
import type { ParamsOf } from '../../protocol/channel';

const finite = z.number();
const whole = z.int().check(z.gte(0));
const path = z.string().check(z.maxLength(4096));
const box = z.nullable(z.object({ x1: finite, y1: finite, x2: finite, y2: finite }));
const side = z.int().check(z.gte(1), z.lte(2 ** 17));
const mask = z.object({ size: z.tuple([side, side]), counts: z.string().check(z.maxLength(4 * 2 ** 20)) });

const image = { image: whole, crop: box, model: path };

/** What a page may ask of segmentation. */
export const segmentParams = {
  'segment/models': z.object({}),
  'segment/addModel': z.object({}),
  'segment/choose': z.object({ model: path }),
  'segment/run': z.object({
    ...image,
    clicks: z.array(z.object({ x: finite, y: finite, positive: z.boolean() })).check(z.maxLength(1000)),
    box,
    previous: z.nullable(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('candidate'), handle: z.string().check(z.maxLength(200)) }),
        z.object({ kind: z.literal('mask'), mask }),
      ]),
    ),
    lane: z.enum(['click', 'hover', 'rerun']),
  }),
  'segment/prepare': z.object(image),
  'segment/restart': z.object({}),
} as const satisfies {
  readonly [K in keyof CanvasSegmentMethods]: z.ZodMiniType<ParamsOf<CanvasSegmentMethods, K>>;
};
