import type { OverviewKind } from '../protocol/overview';
import { UsageError } from './usage';

/** Steps F:T, both inclusive; null for all. */
export type StepRange = readonly [number, number] | null;

export function bySteps(text: string | undefined): boolean {
  if (text !== undefined && text !== 'step') throw new UsageError(`--by ${text}: expected step`);
  return text === 'step';
}

export function rightBySteps(text: string | undefined, by: string | undefined): number | null {
  if (text !== undefined && by === undefined) throw new UsageError('--right belongs to info --by step');
  return rightOf(text);
}

export function stepsOf(option: string, text: string | undefined): StepRange {
  if (text === undefined) return null;
  const found = /^(\d{1,15})(?::(\d{1,15}))?$/.exec(text);
  if (found === null) throw new UsageError(`--${option} ${text}: expected a step, or FIRST:LAST`);
  const first = Number(found[1]);
  return [first, found[2] === undefined ? first : Number(found[2])];
}

export function splitOf(text: string | undefined): OverviewKind | null {
  if (text === undefined || text === 'training' || text === 'validation') return text ?? null;
  throw new UsageError(`--split ${text}: expected training or validation`);
}

export function rightOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const right = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(right)) throw new UsageError(`--right ${text}: expected a number`);
  return right;
}

/** Rollouts are found by `rollouts --where`. */
export function whereOf(text: string | undefined, by: string | undefined): string {
  if (text !== undefined && by !== undefined) throw new UsageError('--where and --by do not go together');
  return text?.trim() ?? '';
}
