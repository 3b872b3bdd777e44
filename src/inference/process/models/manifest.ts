import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { UserError } from '../../../core/text/userError';
import { type Dialect, dialects } from './dialects';

/** A `model.json` beside the graphs: what it says wins over what the graphs say. See docs/models.md. */
export interface Manifest {
  readonly title?: string | undefined;
  readonly dialect?: Dialect | undefined;
  /** Name of a file in the same folder. */
  readonly encoder?: string | undefined;
  readonly decoder?: string | undefined;
  readonly inputSize?: number | undefined;
  readonly resize?: 'longest' | 'stretch' | 'atMost' | undefined;
  readonly layout?: 'nchw' | 'chw' | 'hwc' | undefined;
  /** 0–1 or 0–255. */
  readonly mean?: readonly [number, number, number] | undefined;
  readonly std?: readonly [number, number, number] | undefined;
  readonly padPoint?: boolean | undefined;
  readonly maxPoints?: number | undefined;
  readonly maskFeedback?: boolean | undefined;
  readonly threshold?: number | undefined;
}

export const manifestName = 'model.json';
const mostBytes = 1 << 20;

const fileName = z.string().check(z.regex(/^[^/\\]+\.onnx$/, 'must be the name of an .onnx file in the same folder'));
const colours = z.tuple([z.number(), z.number(), z.number()]);

const schema = z.strictObject({
  title: z.optional(z.string().check(z.maxLength(100))),
  dialect: z.optional(z.enum(dialects.map(({ id }) => id))),
  encoder: z.optional(fileName),
  decoder: z.optional(fileName),
  inputSize: z.optional(z.int().check(z.gte(32), z.lte(4096))),
  resize: z.optional(z.enum(['longest', 'stretch', 'atMost'])),
  layout: z.optional(z.enum(['nchw', 'chw', 'hwc'])),
  mean: z.optional(colours),
  std: z.optional(colours.check(z.refine((values) => values.every((value) => value > 0), 'must be above 0'))),
  padPoint: z.optional(z.boolean()),
  maxPoints: z.optional(z.int().check(z.gte(1), z.lte(1000))),
  maskFeedback: z.optional(z.boolean()),
  threshold: z.optional(z.number()),
});

/** The manifest in a folder, empty where there is none. Throws a `UserError` naming file and field. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, manifestName);
  if (!existsSync(path)) return {};
  if (statSync(path).size > mostBytes) throw new UserError(`${path}: larger than a manifest can be`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    const { dialect, ...rest } = parsed.data;
    return dialect === undefined ? rest : { ...rest, dialect: dialects.find(({ id }) => id === dialect) };
  }
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${path}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'cannot be read'}`.replace(':  ', ': '),
  );
}
