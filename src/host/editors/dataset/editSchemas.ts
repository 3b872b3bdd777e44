import * as z from 'zod/mini';
import type { AnnotationDiff } from '../../../core/annotation/diff';
import { verdicts } from '../../../core/dataset/edit/imageNotes';
import type { JsonValue } from '../../../core/text/jsonValue';
import type { ParamsOf } from '../../../protocol/channel';
import type { DatasetEditHostMethods } from '../../../protocol/datasetEdits';
import { isDiff } from '../../annotations/journal';
import { imageSetQuery } from '../querySchema';

const whole = z.int().check(z.gte(0));
const word = z.string().check(z.minLength(1), z.maxLength(1000));
const verdict = z.enum(verdicts);

const mark = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('verdict'), value: z.nullable(verdict) }),
  z.object({ kind: z.literal('split'), value: z.nullable(word) }),
  z.object({ kind: z.literal('reviewed'), value: z.nullable(z.literal(true)) }),
  z.object({ kind: z.literal('tag'), tag: word, on: z.boolean() }),
]);

/** What a page may ask of a set's notes. */
export const editParams = {
  'edits/image': z.object({ key: z.string().check(z.maxLength(5000)), index: whole }),
  'edits/apply': z.object({ diff: z.custom<AnnotationDiff>((diff) => isDiff(diff as unknown as JsonValue)) }),
  'edits/mark': z.object({ indices: z.array(whole).check(z.maxLength(1_000_000)), mark }),
  'edits/markEach': z.object({
    label: word,
    marks: z.array(z.object({ indices: z.array(whole).check(z.maxLength(1_000_000)), mark })).check(z.maxLength(1000)),
  }),
  'edits/export': z.object({
    selected: z.array(whole).check(z.maxLength(1_000_000)),
    query: z.nullable(imageSetQuery),
  }),
  'edits/marks': z.object({}),
} as const satisfies {
  readonly [K in keyof DatasetEditHostMethods]: z.ZodMiniType<ParamsOf<DatasetEditHostMethods, K>>;
};
