import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../../core/text/userError';
import { ChannelError } from '../../../protocol/channel';
import { type Failure, failureOf } from './failure';

export interface AttemptOptions {
  readonly retries: number;
  readonly key: string | null;
  /** For messages: the policy's name. */
  readonly name: string;
  readonly signal: AbortSignal;
  onWait(reason: string, ms: number): void;
  /** Changes what the next attempt asks for; true when it did, and the call is made again at once. */
  concede(failure: Failure): boolean;
}

const firstWait = 500;
const longestWait = 30_000;

/**
 * Makes a call, and makes it again when it may succeed later: as the server asks (`Retry-After`), else after half a second,
 * doubling, with chance in it so that 64 calls do not come back at once. Throws `UserError` when it is given up.
 */
export async function attempted<T>(
  call: () => Promise<T>,
  { retries, key, name, signal, onWait, concede }: AttemptOptions,
): Promise<{ readonly value: T; readonly retries: number }> {
  for (let attempt = 0; ; ) {
    try {
      return { value: await call(), retries: attempt };
    } catch (error) {
      if (signal.aborted) throw new ChannelError('cancelled', 'cancelled');
      const failure = failureOf(error, key);
      if (failure === null) throw error;
      if (concede(failure)) continue;
      if (!failure.again || attempt >= retries) throw new UserError(givenUp(name, failure, attempt));
      const ms = failure.after ?? Math.min(longestWait, firstWait * 2 ** attempt) * (0.75 + Math.random() / 2);
      attempt++;
      onWait(failure.reason, ms);
      await wait(ms, undefined, { signal }).catch(() => {
        throw new ChannelError('cancelled', 'cancelled');
      });
    }
  }
}

function givenUp(name: string, { reason, status }: Failure, attempt: number): string {
  const tries = attempt === 0 ? '' : `, ${attempt + 1} times`;
  if (status === 401 || status === 403) return `${name}: the server refuses the key (${reason})`;
  return `${name}: ${reason}${tries}`;
}
