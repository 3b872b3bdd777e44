import type { StepLabel } from '../annotation/annotation';
import { LiteralSyntaxError, readLiteral } from '../text/literalReader';

/** What a judge says of one step of a rollout. */
export interface Verdict {
  /** 0-based turn. */
  readonly turn: number;
  readonly label: StepLabel;
  /** Null where it gives none. */
  readonly reason: string | null;
}

/** Words that judges use in place of the numbers they are asked for. */
const words: Readonly<Record<string, StepLabel>> = {
  good: 1,
  right: 1,
  correct: 1,
  neutral: 0,
  bad: -1,
  wrong: -1,
  incorrect: -1,
};

/**
 * The verdicts in a judge's answer: objects with `step` (from 1), `label` and `reason`, wherever they stand behind its thought. Of
 * several on one step the last counts; steps that the rollout does not have are left out. Empty for an answer that holds none.
 */
export function readVerdicts(answer: string, turns: number): readonly Verdict[] {
  const behind = answer.includes('</think>') ? answer.slice(answer.lastIndexOf('</think>')) : answer;
  const found = new Map<number, Verdict>();
  for (const [text] of behind.matchAll(/\{[^{}]{0,20000}\}/g)) {
    const verdict = verdictIn(text);
    if (verdict !== null && verdict.turn < turns) found.set(verdict.turn, verdict);
  }
  return [...found.values()].sort((a, b) => a.turn - b.turn);
}

function verdictIn(text: string): Verdict | null {
  try {
    const value = readLiteral(text, 'python');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const { step, label, reason } = value as {
      readonly step?: unknown;
      readonly label?: unknown;
      readonly reason?: unknown;
    };
    const known = labelOf(label);
    if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 1 || known === null) return null;
    return {
      turn: step - 1,
      label: known,
      reason: typeof reason === 'string' && reason.trim() !== '' ? reason.trim() : null,
    };
  } catch (error) {
    if (error instanceof LiteralSyntaxError) return null;
    throw error;
  }
}

function labelOf(value: unknown): StepLabel | null {
  if (value === 1 || value === 0 || value === -1) return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (/^[+-]?[01]$/.test(word)) return Number(word) === 1 ? 1 : Number(word) === -1 ? -1 : 0;
  return Object.hasOwn(words, word) ? (words[word] ?? null) : null;
}
