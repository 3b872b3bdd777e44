import type { Noted, RolloutNotes, StepLabel } from '../../core/annotation/annotation';
import type { JsonValue } from '../../core/text/jsonValue';
import { plainText, promptMessages } from '../../core/trajectory/promptMessages';
import type { Rollout, Turn } from '../../core/trajectory/rollout';

/** One turn of the policy with what is said of it. */
export interface JudgedStep {
  readonly turn: Turn;
  /** Null while nobody has judged it: not 0. */
  readonly label: StepLabel | null;
  readonly rationale: string | null;
  readonly author: string | null;
  readonly time: string | null;
}

/** The policy's turns in order; an annotation goes before a label that the log holds. */
export function judgedSteps({ turns, stepLabels = [] }: Rollout, notes: RolloutNotes): readonly JudgedStep[] {
  return turns
    .filter(({ role }) => role === 'assistant')
    .map((turn) => {
      const noted = own(notes.labels, turn.index);
      const logged = stepLabels.find((label) => label.turn === turn.index);
      return {
        turn,
        label: noted?.value ?? logged?.label ?? null,
        rationale: own(notes.stepRationales, turn.index)?.value ?? logged?.rationale ?? null,
        author: noted?.author ?? null,
        time: noted?.time ?? null,
      };
    });
}

/** Steps up to the first that nobody judged: what follows it has no known beginning. */
export function judgedPrefix(steps: readonly JudgedStep[]): readonly (JudgedStep & { readonly label: StepLabel })[] {
  const end = steps.findIndex(({ label }) => label === null);
  return steps
    .slice(0, end === -1 ? steps.length : end)
    .flatMap((step) => (step.label === null ? [] : [{ ...step, label: step.label }]));
}

/**
 * TRL's stepwise supervision. Its labels are true or false: a neutral step counts as true, as in *Let's Verify Step by
 * Step* (Lightman et al. 2023). Null without a judged first step.
 */
export function trlStepwiseRecord(rollout: Rollout, steps: readonly JudgedStep[]): object | null {
  const judged = judgedPrefix(steps);
  if (judged.length === 0) return null;
  return {
    prompt: questionOf(rollout),
    completions: judged.map(({ turn }) => textOf(turn, rollout)),
    labels: judged.map(({ label }) => label >= 0),
  };
}

/** PRM800K's record (`openai/prm800k`): one completion a step, rated −1, 0 or +1. What it cannot know is null. */
export function prm800kRecord(rollout: Rollout, steps: readonly JudgedStep[]): object | null {
  const judged = judgedPrefix(steps);
  const last = judged.at(-1);
  if (last === undefined) return null;
  const whole = judged.length === steps.length;
  return {
    labeler: last.author,
    timestamp: last.time,
    generation: null,
    is_quality_control_question: false,
    is_initial_screening_question: false,
    question: {
      problem: questionOf(rollout),
      ground_truth_solution: null,
      ground_truth_answer: answerText(rollout.groundTruth),
      pre_generated_steps: steps.map(({ turn }) => textOf(turn, rollout)),
    },
    label: {
      steps: judged.map(({ turn, label }) => ({
        completions: [{ text: textOf(turn, rollout), rating: label, flagged: false }],
        human_completion: null,
        chosen_completion: 0,
      })),
      total_time: null,
      finish_reason: last.label === -1 ? 'found_error' : whole ? 'solution' : 'give_up',
    },
  };
}

/**
 * Step records as GUI-Shepherd describes them, one for each judged step.
 * @param screenshot path of what the policy saw when it took the step, by turn; null when it is not to be had.
 */
export function guiShepherdRecords(
  rollout: Rollout,
  steps: readonly JudgedStep[],
  screenshot: (turn: number) => string | null,
): readonly object[] {
  return steps.flatMap(({ turn, label, rationale }, step) =>
    label === null
      ? []
      : [
          {
            instruction: questionOf(rollout),
            step,
            screenshot: screenshot(turn.index),
            thought: turn.thought === null ? null : rollout.response.slice(turn.thought.start, turn.thought.end).trim(),
            action: turn.actions.map(({ text }) => text.trim()).join('\n') || null,
            label,
            rationale,
          },
        ],
  );
}

/** What was asked, without system message and picture marks. */
function questionOf({ prompt }: Rollout): string {
  return promptMessages(prompt)
    .filter(({ role }) => role !== 'system')
    .map(({ content }) => content.replaceAll('<image>', '').trim())
    .join('\n');
}

function textOf({ span }: Turn, { response }: Rollout): string {
  return plainText(response.slice(span.start, span.end));
}

function answerText(truth: JsonValue): string | null {
  return truth === null ? null : typeof truth === 'string' ? truth : JSON.stringify(truth);
}

function own<T>(table: Readonly<Record<string, Noted<T>>> | undefined, index: number): Noted<T> | undefined {
  return table !== undefined && Object.hasOwn(table, index) ? table[index] : undefined;
}
