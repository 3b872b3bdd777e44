import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';

/** What a failed call means. */
export interface Failure {
  /** In words for the user, without the key. */
  readonly reason: string;
  /** Null where there was no answer at all. */
  readonly status: number | null;
  /** Whether the same call may succeed later. */
  readonly again: boolean;
  /** Milliseconds that the server asks to wait; null where it names none. */
  readonly after: number | null;
}

/** Longest wait that a server may ask for, in milliseconds. */
const longestWait = 10 * 60_000;
const longestReason = 500;

/** Reads an error of the client library; null for one that is none of the server's or the network's. */
export function failureOf(error: unknown, key: string | null): Failure | null {
  if (error instanceof APIConnectionTimeoutError)
    return { reason: 'the server took too long', status: null, again: true, after: null };
  if (error instanceof APIConnectionError)
    return { reason: withoutKey(`no connection (${causeOf(error)})`, key), status: null, again: true, after: null };
  if (error instanceof APIError) {
    const status = typeof error.status === 'number' ? error.status : null;
    // A stream may end in an error event, which has no status: the server broke off.
    const again =
      status === null || status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
    return { reason: withoutKey(error.message, key), status, again, after: waitOf(error.headers) };
  }
  // What the platform's fetch throws when a connection breaks while the answer is read, and what a broken body is read as.
  if (error instanceof SyntaxError)
    return {
      reason: withoutKey(`the answer is no JSON (${error.message})`, key),
      status: null,
      again: true,
      after: null,
    };
  if (error instanceof TypeError && /terminated|fetch failed|network|socket/i.test(error.message))
    return {
      reason: withoutKey(`the connection was lost (${causeOf(error)})`, key),
      status: null,
      again: true,
      after: null,
    };
  return null;
}

/** A server may repeat the key that it refuses. */
export function withoutKey(text: string, key: string | null): string {
  const clean = key === null || key === '' ? text : text.replaceAll(key, '•••');
  return clean.length > longestReason ? `${clean.slice(0, longestReason)}…` : clean;
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date. */
function waitOf(headers: Headers | undefined): number | null {
  const ms = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return Math.min(ms, longestWait);
  const text = headers?.get('retry-after') ?? null;
  if (text === null) return null;
  const seconds = Number(text);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), longestWait) : null;
}

function causeOf(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = (cause as NodeJS.ErrnoException).code;
  return code ?? (cause.cause instanceof Error ? causeOf(cause) : cause.message);
}
