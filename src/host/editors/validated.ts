import * as z from 'zod/mini';
import type { Handlers } from '../../protocol/channel';
import type { RolloutsHostMethods } from '../../protocol/rollouts';
import { rolloutsParams } from './schemas';

type Served = Handlers<RolloutsHostMethods>;
type Handler = (params: unknown, signal: AbortSignal) => unknown;

/** The handlers behind a check of every parameter: a webview is not trusted with the shape of what it sends. */
export function validated(handlers: Served): Served {
  const guarded = Object.keys(handlers).map((method) => {
    const schema: z.ZodMiniType = rolloutsParams[method as keyof RolloutsHostMethods];
    const handle = handlers[method as keyof RolloutsHostMethods] as Handler;
    const guard: Handler = (params, signal) => {
      const parsed = schema.safeParse(params);
      if (!parsed.success)
        throw new Error(`${method} was asked with wrong parameters: ${z.prettifyError(parsed.error)}`);
      return handle(parsed.data, signal);
    };
    return [method, guard] as const;
  });
  return Object.fromEntries(guarded) as unknown as Served;
}
