import type { ComparedRollout } from '../../../core/reward/scoring/compareLogged';
import type { ScoringProfile } from '../../../core/reward/scoring/profile';
import type { ScoreResult } from '../../../protocol/score';
import type { ComputedColumn } from '../columns/columnStore';
import { NumberColumn } from '../columns/numberColumn';

/** Recomputed rewards by row. A number that could not be recomputed is absent. */
export class ScoreColumns {
  private readonly total = new NumberColumn();
  private readonly differs = new NumberColumn();
  private readonly difference = new NumberColumn();
  private readonly components: readonly NumberColumn[];
  private scored = 0;
  private differing = 0;

  constructor(private readonly profile: ScoringProfile) {
    this.components = profile.components.map(() => new NumberColumn());
  }

  add(row: number, { components, total, differs }: ComparedRollout): void {
    this.scored++;
    if (differs === true) this.differing++;
    if (total.scored.kind === 'value') this.total.set(row, total.scored.value);
    if (total.scored.kind === 'value' && total.logged !== null)
      this.difference.set(row, Math.abs(total.scored.value - total.logged));
    if (differs !== null) this.differs.set(row, differs ? 1 : 0);
    components.forEach(({ scored }, i) => {
      if (scored.kind === 'value') this.components[i]?.set(row, scored.value);
    });
  }

  get result(): ScoreResult {
    return { scored: this.scored, totals: this.total.present, differing: this.differing };
  }

  /** The columns as lists, filters and plots take them, each with the profile it was computed by. */
  columns(): readonly ComputedColumn[] {
    const { profile } = this;
    const by = `recomputed by ${profile.title} (${profile.source.text}; ${profile.source.status})`;
    const column = (name: string, about: string, data: NumberColumn) => ({ name, about, compute: () => data });
    return [
      column('recomputed_total', `The total, ${by}.`, this.total),
      column('reward_differs', `1 where a logged number differs from the one ${by}, else 0.`, this.differs),
      column('reward_difference', `How far the logged total is from the one ${by}.`, this.difference),
      ...profile.components.map(({ name, reward }, i) =>
        column(`recomputed_${name}`, `${reward}, ${by}.`, this.components[i] ?? new NumberColumn()),
      ),
    ];
  }
}
