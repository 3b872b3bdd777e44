import * as z from 'zod/mini';
import type { ParamsOf } from '../../protocol/channel';
import type { LiveHostMethods } from '../../protocol/live';

const finite = z.number();
const whole = z.int().check(z.gte(0));
const job = z.string().check(z.maxLength(100));
const box = z.object({ x1: finite, y1: finite, x2: finite, y2: finite });

/** What a page may ask of policies. */
export const liveParams = {
  'live/ask': z.object({
    image: whole,
    count: z.nullable(z.int().check(z.gte(1), z.lte(1024))),
    choose: z.boolean(),
    drawn: z.nullable(z.array(box).check(z.minLength(1), z.maxLength(32))),
  }),
  'live/cancel': z.object({ job }),
  'live/open': z.object({ job }),
} as const satisfies { readonly [K in keyof LiveHostMethods]: z.ZodMiniType<ParamsOf<LiveHostMethods, K>> };
