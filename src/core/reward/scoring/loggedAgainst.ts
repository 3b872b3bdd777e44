import type { Scored } from './component';

/** A logged number beside the recomputed one. Only `differs` asks for a person: a bug of the reward, or a hack. */
export type Verdict =
  | { readonly kind: 'equal' }
  | { readonly kind: 'differs'; readonly by: number }
  | { readonly kind: 'notRecomputable'; readonly reason: string }
  | { readonly kind: 'notLogged' };

/** Logs print floats in single precision now and then. */
const tolerance = 1e-5;

/** Compares a logged value (null when there is none) with the recomputed one; NaN equals NaN. */
export function loggedAgainst(logged: number | null, recomputed: Scored): Verdict {
  if (logged === null) return { kind: 'notLogged' };
  if (recomputed.kind === 'missing') return { kind: 'notRecomputable', reason: recomputed.reason };
  const { value } = recomputed;
  if (Object.is(logged, value) || (Number.isNaN(logged) && Number.isNaN(value))) return { kind: 'equal' };
  const by = value - logged;
  return Math.abs(by) <= tolerance * Math.max(1, Math.abs(logged)) ? { kind: 'equal' } : { kind: 'differs', by };
}
