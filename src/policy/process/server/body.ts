import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsBase,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ServerSpec } from '../../../core/policy/policySpec';
import type { AnswerSchema, ReadyMessage } from '../policy';
import type { Failure } from './failure';

/** What not every server knows. One that refuses a call with it is asked without, from then on. */
export const niceties = ['structured', 'logprobs', 'usage', 'seed', 'n'] as const;
export type Nicety = (typeof niceties)[number];

/** How a server's complaint names them. */
const names: Readonly<Record<Nicety, RegExp>> = {
  structured: /response_format|json_schema|structured|guided|grammar/i,
  logprobs: /logprobs/i,
  usage: /stream_options|include_usage/i,
  seed: /\bseed\b/i,
  n: /['"`]n['"`]|\bn\s*(?:>|must|should|=|is)|multiple (?:choices|completions)/i,
};

export interface BodyParts {
  readonly model: string;
  readonly messages: readonly ReadyMessage[];
  readonly seed: number;
  readonly count: number;
  readonly schema: AnswerSchema | null;
  readonly stream: boolean;
}

/** Which niceties a call uses. */
export function usedNiceties(spec: ServerSpec, { count, schema, stream }: BodyParts): readonly Nicety[] {
  const used: Readonly<Record<Nicety, boolean>> = {
    structured: spec.structured && schema !== null,
    logprobs: spec.logprobs,
    usage: stream,
    seed: true,
    n: count > 1,
  };
  return niceties.filter((name) => used[name]);
}

/** The one that a refused call should be made again without; null where the refusal is about something else. */
export function refusedNicety({ status, reason }: Failure, used: readonly Nicety[]): Nicety | null {
  if (status !== 400 && status !== 404 && status !== 422 && status !== 501) return null;
  const named = used.find((name) => names[name].test(reason));
  if (named !== undefined) return named;
  // Some servers refuse without saying what.
  return status === 400 ? (used.find((name) => name === 'structured' || name === 'logprobs') ?? null) : null;
}

/** A request's body. Fields of `extra` win; null takes one away. */
export function bodyOf(
  spec: ServerSpec,
  parts: BodyParts,
  niceties: readonly Nicety[],
): ChatCompletionCreateParamsBase {
  const { model, messages, seed, count, schema, stream } = parts;
  const has = (name: Nicety) => niceties.includes(name);
  const body: Record<string, unknown> = {
    model,
    messages: messages.map(messageOf),
    max_tokens: spec.maxTokens,
    stream,
    ...(spec.temperature === null ? {} : { temperature: spec.temperature }),
    ...(spec.topP === null ? {} : { top_p: spec.topP }),
    ...(has('seed') ? { seed } : {}),
    ...(has('n') ? { n: count } : {}),
    ...(has('logprobs') ? { logprobs: true } : {}),
    ...(has('usage') ? { stream_options: { include_usage: true } } : {}),
    ...(has('structured') && schema !== null
      ? { response_format: { type: 'json_schema', json_schema: { ...schema, strict: true } } }
      : {}),
  };
  for (const [name, value] of Object.entries(spec.extra)) {
    if (value === null) delete body[name];
    // What the loop itself counts on is not to be changed from outside.
    else if (name !== 'messages' && name !== 'stream' && name !== '__proto__') body[name] = value;
  }
  return body as unknown as ChatCompletionCreateParamsBase;
}

function messageOf({ sent: { role, content }, pictures }: ReadyMessage): ChatCompletionMessageParam {
  let picture = 0;
  const parts = content.map(
    (part): ChatCompletionContentPart =>
      part.type === 'text'
        ? { type: 'text', text: part.text }
        : { type: 'image_url', image_url: { url: pictures[picture++] ?? '' } },
  );
  if (role === 'system')
    return { role, content: parts.map((part) => (part.type === 'text' ? part.text : '')).join('') };
  return { role, content: parts };
}
