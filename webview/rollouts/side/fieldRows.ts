import type { Rollout } from '../../../src/core/trajectory/rollout';
import { logged } from '../words';

/** A logged column of one rollout, for the table of fields. `odd`: missing, or not a finite number. */
export interface FieldRow {
  readonly name: string;
  readonly text: string;
  /** The value to its last digit. */
  readonly exact: string;
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
    if (field === undefined) return { name, text: 'missing', exact: 'missing', kind: 'odd' };
    const { value } = field;
    const text = logged(value);
    const finite = typeof value === 'number' && Number.isFinite(value);
    const odd = value === null || (typeof value === 'number' && !finite);
    return { name, text, exact: finite ? String(value) : text, kind: odd ? 'odd' : finite ? 'number' : 'text' };
  });
}
