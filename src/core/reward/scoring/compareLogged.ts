import type { Rollout } from '../../trajectory/rollout';
import { namedComponents } from '../namedComponents';
import { loggedAgainst, type Verdict } from './loggedAgainst';
import type { RolloutScore, ScoredComponent } from './scoreRollout';

/** A component, or the total, as recomputed beside what the log says. */
export interface ComparedComponent extends ScoredComponent {
  /** Name of the logged column it is compared with; null where the log has none. */
  readonly column: string | null;
  readonly logged: number | null;
  readonly verdict: Verdict;
}

export interface ComparedRollout {
  readonly components: readonly ComparedComponent[];
  /** Its weight is 1, its name `total`; `column` is null: every format has its own name for it. */
  readonly total: ComparedComponent;
  /** Whether some number differs; null where none could be compared. */
  readonly differs: boolean | null;
}

/**
 * Compares a score with the log: the total with the logged total, a component with the column of its name, or of that
 * name as trainers log reward functions (`format` and `format_reward`).
 */
export function compareLogged(
  { fields, reward }: Pick<Rollout, 'fields' | 'reward'>,
  score: RolloutScore,
): ComparedRollout {
  const columns = fields.map(({ name }) => name);
  const components = score.components.map((component): ComparedComponent => {
    const column = namedComponents(columns, [{ name: component.name, weight: null }])[0]?.name ?? null;
    const found = column === null ? undefined : fields.find(({ name }) => name === column)?.value;
    const logged = typeof found === 'number' ? found : typeof found === 'boolean' ? Number(found) : null;
    return { ...component, column, logged, verdict: loggedAgainst(logged, component.scored) };
  });
  const total: ComparedComponent = {
    name: 'total',
    weight: 1,
    scored: score.total,
    column: null,
    logged: reward,
    verdict: loggedAgainst(reward, score.total),
  };
  const kinds = [...components, total].map(({ verdict }) => verdict.kind);
  return { components, total, differs: kinds.includes('differs') ? true : kinds.includes('equal') ? false : null };
}
