import * as z from 'zod/mini';
import type { AnnotationDiff } from '../../core/annotation/diff';
import type { JsonValue } from '../../core/text/jsonValue';
import { knownRules } from '../../core/trajectory/tools/chooseRules';
import type { ParamsOf } from '../../protocol/channel';
import type { RolloutsHostMethods } from '../../protocol/rollouts';
import { isDiff } from '../annotations/journal';
import { liveParams } from '../policies/liveSchemas';
import { segmentParams } from '../segment/segmentSchemas';
import { traceQuery } from './querySchema';

/** Shapes of what comes from outside the host: a webview's messages and what was remembered by another version. */

const whole = z.int().check(z.gte(0));
const finite = z.number();
const side = z.number().check(z.gte(1), z.lte(16_384));
const pixels = z.number().check(z.gte(1), z.lte(1e9));

const resize = z
  .object({
    factor: z.int().check(z.gte(1), z.lte(512)),
    minPixels: pixels,
    maxPixels: pixels,
    before: z.nullable(z.object({ shortSide: side, mode: z.enum(['atLeast', 'exact']) })),
  })
  .check(z.refine((r) => r.minPixels <= r.maxPixels, 'minPixels is above maxPixels'));

const frameSpec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('original') }),
  z.object({ kind: z.literal('input'), resize }),
  z.object({ kind: z.literal('relative1') }),
  z.object({ kind: z.literal('relative1000') }),
]);

const frameField = z.enum(['prediction', 'groundTruth', 'tool']);
const shortText = z.string().check(z.maxLength(10_000));
const dataSource = z.nullable(shortText);

/** A frame that the user set. */
export const toolRules = z.enum(knownRules.map(({ id }) => id));

export const userFrame = z.object({
  dataSource,
  field: frameField,
  spec: z.nullable(frameSpec),
  origin: z.literal('user'),
  reason: shortText,
});

/** A logged column that the user named a reward component. */
export const rewardComponent = z.object({ name: shortText, weight: z.nullable(finite) });

export const imageRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: shortText }),
  z.object({ kind: z.literal('row'), row: whole, index: whole }),
  z.object({ kind: z.literal('table'), dataset: shortText, row: whole, column: shortText, index: whole }),
]);

const box = z.object({ x1: finite, y1: finite, x2: finite, y2: finite });
const page = z.int().check(z.gte(0), z.lte(10_000));
const nothing = z.object({});
const stepRange = z.nullable(z.tuple([finite, finite]));

type ParamSchemas = {
  readonly [K in keyof RolloutsHostMethods]: z.ZodMiniType<ParamsOf<RolloutsHostMethods, K>>;
};

/** One schema for every method a webview may call. */
export const rolloutsParams = {
  ...segmentParams,
  ...liveParams,
  'editor/ready': z.object({ version: finite }),
  'trace/groups': z.object({ start: whole, count: page, view: z.nullable(whole) }),
  'trace/members': z.object({ group: whole, start: whole, count: page, view: z.nullable(whole) }),
  'trace/columns': nothing,
  'trace/query': z.object({ query: traceQuery }),
  'filters/save': z.object({ query: traceQuery, words: shortText }),
  'filters/pick': z.object({ columns: z.array(shortText) }),
  'trace/group': z.object({ group: whole }),
  'overview/steps': z.object({
    columns: z.nullable(z.array(shortText).check(z.maxLength(1000))),
    right: z.nullable(finite),
  }),
  'overview/metrics': nothing,
  'overview/looked': nothing,
  'overview/scatter': z.object({ x: shortText, y: shortText }),
  'trace/occurrences': z.object({ group: whole }),
  'trace/rollout': z.object({ row: whole }),
  'trace/info': nothing,
  'compare/choose': nothing,
  'compare/run': z.object({
    steps: stepRange,
    otherSteps: stepRange,
    column: shortText,
    right: z.nullable(finite),
    kind: z.nullable(z.enum(['training', 'validation'])),
  }),
  'compare/group': z.object({ group: whole }),
  'image/preview': z.object({ group: whole, maxSide: side }),
  'image/region': z.object({ group: whole, box, maxSide: side }),
  'image/pyramid': z.object({ group: whole }),
  'image/tile': z.object({ group: whole, level: whole, column: whole, row: whole }),
  'image/view': z.object({ row: whole, observation: whole, box: z.nullable(box), maxSide: side }),
  'image/mend': z.object({
    group: whole,
    how: z.enum(['chooseImage', 'chooseDataset', 'chooseFolder', 'openSettings']),
    candidate: z.nullable(whole),
  }),
  'editor/intent': z.object({
    intent: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('setFrame'), choice: userFrame }),
      z.object({ kind: z.literal('clearFrame'), dataSource, field: frameField }),
      z.object({ kind: z.literal('setComponents'), components: z.nullable(z.array(rewardComponent)) }),
      z.object({ kind: z.literal('setSplits'), file: shortText, infer: z.boolean() }),
      z.object({ kind: z.literal('setProfile'), profile: z.nullable(shortText) }),
      z.object({ kind: z.literal('setTool'), tool: z.nullable(toolRules) }),
    ]),
  }),
  'notes/group': z.object({ group: whole }),
  'notes/edit': z.object({ diff: z.custom<AnnotationDiff>((value) => isDiff(value as unknown as JsonValue)) }),
  'review/next': z.object({
    view: z.nullable(whole),
    from: z.nullable(whole),
    direction: z.union([z.literal(1), z.literal(-1)]),
  }),
  'review/progress': z.object({ view: z.nullable(whole) }),
  'notes/copyLink': z.object({ row: whole }),
  'sample/show': z.object({ group: whole }),
  'share/choose': z.object({ zoomed: z.boolean() }),
  'share/save': z.object({
    format: z.enum(['svg', 'png']),
    content: z.union([z.string().check(z.maxLength(256 * 2 ** 20)), z.instanceof(Uint8Array)]),
  }),
  'share/html': z.object({ group: whole, members: z.array(whole).check(z.maxLength(1000)) }),
  'score/python': nothing,
  'score/profiles': nothing,
  'score/saveProfile': z.object({
    components: z.array(z.object({ name: shortText, weight: z.number() })).check(z.minLength(1), z.maxLength(64)),
  }),
  'score/all': z.object({ profile: shortText }),
  'editor/openLog': z.object({ row: whole }),
  'editor/openPlace': z.object({ file: z.string().check(z.maxLength(4096)), line: z.nullable(whole) }),
  'editor/copy': z.object({ text: z.string().check(z.maxLength(64 * 2 ** 20)) }),
  'editor/showLog': nothing,
  'editor/restart': nothing,
  'editor/alive': nothing,
  'editor/focus': z.object({ canvas: z.boolean() }),
} as const satisfies ParamSchemas;
