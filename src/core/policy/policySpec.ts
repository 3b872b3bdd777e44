import type { ResizeSpec } from '../geometry/frame';
import type { JsonValue } from '../text/jsonValue';
import { UserError } from '../text/userError';
import { type CoordinateConvention, conventions, familyOf, type ModelInput } from './convention';
import { SpecFields } from './specFields';

/** Prompts' template files that win over ours; absolute paths. */
export interface TemplatePaths {
  readonly sense: string | null;
  readonly task: string | null;
  readonly judge: string | null;
  readonly system: string | null;
}

/** An OpenAI-compatible endpoint with a model, as its user describes it. There is no key in it. */
export interface ServerSpec {
  readonly kind: 'server';
  readonly name: string;
  /** Like `http://localhost:8000/v1`; calls are balanced over them. At least one. */
  readonly baseUrls: readonly string[];
  /** Null for the first that the server names. */
  readonly model: string | null;
  /** Name of the environment variable that the command line reads the key from; null where there is none. */
  readonly keyEnv: string | null;
  /** Null: by the model's name. */
  readonly convention: CoordinateConvention | null;
  /** What replaces the numbers known by the model's name. */
  readonly resize: Partial<ResizeSpec>;
  /** Null leaves it to the server. */
  readonly temperature: number | null;
  readonly topP: number | null;
  /** Tokens of an answer. */
  readonly maxTokens: number;
  /** Calls under way at once, over all URLs. */
  readonly concurrency: number;
  /** Calls made again after 429, a 5xx or a lost connection. */
  readonly retries: number;
  /** Seconds that one call may take. */
  readonly timeout: number;
  /** `separate`: a call for each rollout. `n`: one for the group, where the server knows `n`. */
  readonly sampling: 'separate' | 'n';
  /** Whether the task model's boxes are asked for by a JSON schema; a server that refuses it is asked without. */
  readonly structured: boolean;
  /** Whether the logarithm of each token's probability is asked for; a server that refuses is asked without. */
  readonly logprobs: boolean;
  readonly image: 'jpeg' | 'png';
  readonly templates: TemplatePaths;
  /** Further fields of the request's body, as a server needs them (`mm_processor_kwargs`, `chat_template_kwargs` …). */
  readonly extra: Readonly<Record<string, JsonValue>>;
}

/** Ours, without language: regions where a picture is conspicuous. */
export interface BasicSpec {
  readonly kind: 'basic';
  readonly name: string;
  readonly temperature: number | null;
}

/** A person who draws the regions. */
export interface PersonSpec {
  readonly kind: 'person';
  readonly name: string;
}

export type PolicySpec = ServerSpec | BasicSpec | PersonSpec;

/** What there is with nothing configured. */
export const basicPolicy: BasicSpec = { kind: 'basic', name: 'basic', temperature: null };
export const personPolicy: PersonSpec = { kind: 'person', name: 'person' };

/** How a server's model is asked; `model` is the one that answers. */
export function inputOf({ convention, resize }: ServerSpec, model: string): ModelInput {
  const family = familyOf(model);
  return { convention: convention ?? family.convention, resize: { ...family.resize, ...resize } };
}

/**
 * A policy as a file or a setting describes it (docs/policies.md). `resolvePath` makes a template's path absolute.
 * @throws UserError that names the field, and what is allowed there. A key in it is refused: it belongs elsewhere.
 */
export function parsePolicy(value: JsonValue, resolvePath: (path: string) => string): PolicySpec {
  const fields = new SpecFields(value, 'The policy');
  const name = fields.text('name');
  const kind = fields.word('kind', ['server', 'basic', 'person'], 'server');
  if (kind === 'person') return fields.nothingElse({ kind, name });
  const temperature = fields.number('temperature', 0, 10);
  if (kind === 'basic') return fields.nothingElse({ kind, name, temperature });
  for (const secret of ['key', 'apiKey', 'api_key', 'token', 'password']) fields.refuse(secret, keyAdvice);
  const baseUrls = fields.texts('baseURL');
  for (const url of baseUrls) checkUrl(url);
  const whole = (field: string, least: number, most: number, usual: number) =>
    fields.whole(field, least, most) ?? usual;
  return fields.nothingElse({
    kind,
    name,
    baseUrls,
    model: fields.maybeText('model'),
    keyEnv: fields.maybeText('keyEnv'),
    convention: fields.maybeWord('convention', conventions),
    resize: parseResize(fields),
    temperature,
    topP: fields.number('topP', 0, 1),
    maxTokens: whole('maxTokens', 1, 1_000_000, 2048),
    concurrency: whole('concurrency', 1, 1024, 8),
    retries: whole('retries', 0, 20, 5),
    timeout: fields.number('timeout', 1, 86_400) ?? 300,
    sampling: fields.word('sampling', ['separate', 'n'], 'separate'),
    structured: fields.flag('structured', true),
    logprobs: fields.flag('logprobs', false),
    image: fields.word('image', ['jpeg', 'png'], 'jpeg'),
    templates: parseTemplates(fields, resolvePath),
    extra: fields.object('extra'),
  });
}

const keyAdvice =
  'left out: the key belongs into the environment variable that keyEnv names, or into the editor’s secrets';

/** Only what the client can speak, and no password in the address: addresses are written into traces. */
function checkUrl(text: string): void {
  // The pure floors know no URL class.
  if (!/^https?:\/\/[^\s/@?#]+(?:\/[^\s?#]*)?$/i.test(text))
    throw new UserError(
      `The policy is not understood: baseURL must be an http or https address without password or query, got ${text}.`,
    );
}

function parseResize(fields: SpecFields): Partial<ResizeSpec> {
  const factor = fields.whole('factor', 1, 1024);
  const minPixels = fields.whole('minPixels', 1, 1e9);
  const maxPixels = fields.whole('maxPixels', 1, 1e9);
  const shortSide = fields.whole('shortSide', 1, 100_000);
  if (minPixels !== null && maxPixels !== null && minPixels > maxPixels)
    throw new UserError('The policy is not understood: minPixels must not be larger than maxPixels.');
  return {
    ...(factor === null ? {} : { factor }),
    ...(minPixels === null ? {} : { minPixels }),
    ...(maxPixels === null ? {} : { maxPixels }),
    ...(shortSide === null ? {} : { before: { shortSide, mode: 'atLeast' as const } }),
  };
}

function parseTemplates(fields: SpecFields, resolvePath: (path: string) => string): TemplatePaths {
  const given = new SpecFields(fields.object('templates'), 'The policy', 'templates.');
  const path = (field: string) => {
    const written = given.maybeText(field);
    return written === null ? null : resolvePath(written);
  };
  return given.nothingElse({ sense: path('sense'), task: path('task'), judge: path('judge'), system: path('system') });
}
