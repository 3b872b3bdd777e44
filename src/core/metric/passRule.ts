import { twoValuedRight } from './groupOutcomes';
import type { RowValue } from './stepStatistics';

/** From which value of a column on a rollout passes. */
export interface PassRule {
  /** Null for the total reward. */
  readonly column: string | null;
  readonly least: number;
}

/** Logged columns that trainers and evaluators write a rollout's success into, the plainest first; without case and folders. */
const successNames = [
  'success',
  'is_success',
  'correct',
  'is_correct',
  'passed',
  'solved',
  'acc',
  'accuracy',
  'accuracy_reward',
  'acc_reward',
  'reward_accuracy',
  'accuracy_score',
  'mathaccuracy',
] as const;

export interface LoggedNumbers {
  readonly name: string;
  readonly value: RowValue;
}

/**
 * What passing means in a trace: what the user names; else a column of a known name that holds nothing but 0 and 1; else a
 * total of two values, of which the greater one passes. Null where none of these tells.
 * @param asked total from which on a rollout passes, by the user's word
 */
export function passRule(
  rows: number,
  total: RowValue,
  logged: readonly LoggedNumbers[],
  asked: number | null,
): PassRule | null {
  if (asked !== null) return { column: null, least: asked };
  for (const name of successNames) {
    const column = logged.find((one) => plain(one.name) === name && isTruth(rows, one.value));
    if (column !== undefined) return { column: column.name, least: 1 };
  }
  if (isTruth(rows, total)) return { column: null, least: 1 };
  const right = twoValuedRight(rows, total);
  return right === null ? null : { column: null, least: right };
}

/** As part of a sentence. */
export function passWords({ column, least }: PassRule): string {
  if (column !== null) return `${column} is 1`;
  return `the total reward is at least ${least}`;
}

/** `rewards/Accuracy` and `metrics.accuracy` are `accuracy`. */
function plain(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('.')) + 1).toLowerCase();
}

/** Some finite value is there, and each is 0 or 1. */
function isTruth(rows: number, value: RowValue): boolean {
  let some = false;
  for (let row = 0; row < rows; row++) {
    const one = value(row);
    if (one === null || !Number.isFinite(one)) continue;
    if (one !== 0 && one !== 1) return false;
    some = true;
  }
  return some;
}
