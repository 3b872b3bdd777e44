import { answerOf, matchAnswer, ruleFor } from '../../reward/answerMatch';
import type { JsonValue } from '../../text/jsonValue';
import type { Rollout } from '../../trajectory/rollout';

/** An answer in words, or by the option that it names. */
export interface GradedAnswer {
  /** Null where nothing was answered. */
  readonly text: string | null;
  /** Index into the file's options, null for none of them; undefined where it is not known which one was named. */
  readonly chosen?: JsonValue | undefined;
}

/** Whether an answer is right; null where that cannot be told. Options stand in the file's order, the right one first (V*). */
export function gradeAnswer(
  { options, groundTruth }: Pick<Rollout, 'options' | 'groundTruth'>,
  { text, chosen }: GradedAnswer,
): boolean | null {
  if (options.length > 0 && chosen !== undefined) return chosen === 0;
  const expected = options[0] ?? answerIn(groundTruth);
  if (expected === null) return null;
  const wanted = answerOf(expected, 'last') ?? expected;
  if (text === null) return false;
  const { score } = matchAnswer(text, wanted, ruleFor(wanted));
  return Number.isNaN(score) ? null : score === 1;
}

function answerIn(truth: JsonValue): string | null {
  if (typeof truth === 'number') return String(truth);
  if (typeof truth === 'string') return truth;
  if (typeof truth !== 'object' || truth === null || Array.isArray(truth)) return null;
  const { answer } = truth as { readonly [key: string]: JsonValue };
  if (typeof answer === 'number') return String(answer);
  return typeof answer === 'string' ? answer : null;
}
