import * as z from 'zod/mini';

type Handler = (params: unknown, signal: AbortSignal) => unknown;

/** The handlers behind a check of every parameter: a webview is not trusted with the shape of what it sends. */
export function validated<H extends object>(schemas: { readonly [K in keyof H]: z.ZodMiniType }, handlers: H): H {
  const guarded = (Object.keys(handlers) as (keyof H & string)[]).map((method) => {
    const schema = schemas[method];
    const handle = handlers[method] as Handler;
    const guard: Handler = (params, signal) => {
      const parsed = schema.safeParse(params);
      if (!parsed.success)
        throw new Error(`${method} was asked with wrong parameters: ${z.prettifyError(parsed.error)}`);
      return handle(parsed.data, signal);
    };
    return [method, guard] as const;
  });
  return Object.fromEntries(guarded) as unknown as H;
}
