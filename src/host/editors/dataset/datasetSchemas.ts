import * as z from 'zod/mini';
import type { ParamsOf } from '../../../protocol/channel';
import type { DatasetHostMethods } from '../../../protocol/datasetEditor';
import { segmentParams } from '../../segment/segmentSchemas';
import { imageSetQuery } from '../querySchema';
import { editParams } from './editSchemas';
import { curateParams } from './scores/curateSchemas';

const whole = z.int().check(z.gte(0));
const finite = z.number();
const side = z.number().check(z.gte(1), z.lte(16_384));
const shortText = z.string().check(z.maxLength(10_000));
const box = z.object({ x1: finite, y1: finite, x2: finite, y2: finite });
const nothing = z.object({});

type ParamSchemas = {
  readonly [K in keyof DatasetHostMethods]: z.ZodMiniType<ParamsOf<DatasetHostMethods, K>>;
};

/** One schema for every method a page of the dataset editor may call. */
export const datasetParams = {
  ...segmentParams,
  ...editParams,
  'rollouts/state': nothing,
  'rollouts/choose': nothing,
  'rollouts/passes': nothing,
  'rollouts/on': z.object({ index: whole }),
  'rollouts/group': z.object({ trace: whole, group: whole }),
  'rollouts/open': z.object({ trace: whole, row: whole }),
  ...curateParams,
  'editor/ready': z.object({ version: finite }),
  'set/info': nothing,
  'set/columns': nothing,
  'set/rows': z.object({
    start: whole,
    count: z.int().check(z.gte(0), z.lte(10_000)),
    view: z.nullable(whole),
  }),
  'set/image': z.object({ index: whole }),
  'set/video': z.object({ index: whole }),
  'set/query': z.object({ query: imageSetQuery }),
  'set/statistics': z.object({ view: z.nullable(whole) }),
  'image/preview': z.object({ index: whole, maxSide: side }),
  'image/region': z.object({ index: whole, box, maxSide: side }),
  'image/pyramid': z.object({ index: whole }),
  'image/tile': z.object({ index: whole, level: whole, column: whole, row: whole }),
  'policy/ask': z.object({ index: whole, show: z.boolean() }),
  'policy/open': nothing,
  'images/chooseFolder': nothing,
  'images/findDuplicates': nothing,
  'filters/save': z.object({ query: imageSetQuery, words: shortText }),
  'filters/pick': z.object({ columns: z.array(shortText) }),
  'editor/openPlace': z.object({ file: z.string().check(z.maxLength(4096)), line: z.nullable(whole) }),
  'editor/copy': z.object({ text: z.string().check(z.maxLength(64 * 2 ** 20)) }),
  'editor/showLog': nothing,
  'editor/restart': nothing,
  'editor/alive': nothing,
  'editor/focus': z.object({ canvas: z.boolean() }),
} as const satisfies ParamSchemas;
