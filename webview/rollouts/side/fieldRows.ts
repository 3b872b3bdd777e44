import type { Rollout } from '../../../src/core/trajectory/rollout';
import { logged } from '../words';

/** A logged column of one rollout, for the table of fields. `odd`: missing, or not a finite number. */
export interface FieldRow {
  readonly name: string;
  readonly text: string;
  readonly kind: 'number' | 'text' | 'odd';
}

/**
 * Every column any rollout of the group logged, in first-seen order. One this rollout lacks is "missing"; a NaN is "not a
 * number". Columns are never summed: nobody has said which of them are rewards.
 */
export function fieldRows(rollout: Rollout, group: readonly Rollout[]): FieldRow[] {
  const names = new Set(rollout.fields.map(({ name }) => name));
  for (const other of group) for (const { name } of other.fields) names.add(name);
  return [...names].map((name) => {
    const field = rollout.fields.find((own) => own.name === name);
    if (field === undefined) return { name, text: 'missing', kind: 'odd' };
    const { value } = field;
    if (typeof value !== 'number') return { name, text: logged(value), kind: value === null ? 'odd' : 'text' };
    return { name, text: logged(value), kind: Number.isFinite(value) ? 'number' : 'odd' };
  });
}
