import type { Click, Rollout } from '../../../src/core/trajectory/rollout';

/** A click to draw; `text` is null for one that only the log's numbers know. */
export type DrawnClick = Pick<Click, 'index' | 'x' | 'y' | 'positive' | 'turn'> & { readonly text: Click | null };

/** The rollout's clicks in order, those that the log holds as numbers (original pixels) before what the text says. */
export function clicksOf({ clicks, loggedClicks }: Pick<Rollout, 'clicks' | 'loggedClicks'>): readonly DrawnClick[] {
  if (loggedClicks === undefined || loggedClicks.length === 0)
    return clicks.map((click) => ({ ...click, text: click }));
  const told = clicks.length === loggedClicks.length;
  return loggedClicks.map((click, index) => ({ ...click, index, text: told ? (clicks[index] ?? null) : null }));
}

/** Whether the places of the clicks are original pixels. */
export const clicksAreLogged = ({ loggedClicks }: Pick<Rollout, 'loggedClicks'>): boolean =>
  loggedClicks !== undefined && loggedClicks.length > 0;

/** `+` adds, `−` takes away; '' where clicks have no sign. */
export const signOf = ({ positive }: Pick<Click, 'positive'>): string =>
  positive === null ? '' : positive ? '+' : '−';
