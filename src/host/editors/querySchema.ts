import * as z from 'zod/mini';

/** The shape of a query, from a webview or as another version kept it. */

const name = z.string().check(z.maxLength(1000));
const end = z.nullable(z.number());

const filterChip = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('range'), column: name, from: end, to: end }),
  z.object({ kind: z.literal('category'), column: name, values: z.array(z.string()).check(z.maxLength(10_000)) }),
  z.object({
    kind: z.literal('text'),
    text: z.string().check(z.minLength(1), z.maxLength(10_000)),
    where: z.enum(['prompt', 'response', 'either']),
    matchCase: z.boolean(),
  }),
  z.object({
    kind: z.literal('lasso'),
    x: name,
    y: name,
    points: z.array(z.tuple([z.number(), z.number()])).check(z.maxLength(10_000)),
  }),
]);

/** Conditions, and what stands behind WHERE. */
const conditions = {
  chips: z.array(filterChip).check(z.maxLength(100)),
  where: z.string().check(z.maxLength(100_000)),
};

export const traceQuery = z.object({
  ...conditions,
  sort: z.nullable(
    z.object({ column: name, of: z.enum(['mean', 'std', 'min', 'max', 'spread', 'sum']), descending: z.boolean() }),
  ),
});

export const imageSetQuery = z.object({
  ...conditions,
  sort: z.nullable(z.object({ column: name, descending: z.boolean() })),
  groupBy: z.nullable(name),
});
