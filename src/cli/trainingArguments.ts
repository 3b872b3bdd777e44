import { resolve } from 'node:path';
import type { TrainingTask } from '../core/dataset/trainingSamples';
import type { FrameSpec } from '../core/geometry/frame';
import { isFineTuning, type SetExportFormat, tasksOf } from '../protocol/imageSetExport';
import { frameSpecOf, frameWords } from './frameArgument';
import { UsageError } from './usage';

/** What training data of an image set is to ask. */
export interface TrainingCommand {
  readonly task: TrainingTask;
  /** Absolute path of a template; null for the one that ships. */
  readonly prompt: string | null;
  readonly system: string;
  readonly frame: FrameSpec;
}

export const trainingOptions = {
  task: { type: 'string' },
  prompt: { type: 'string' },
  system: { type: 'string' },
  frame: { type: 'string' },
} as const;

/** Null for formats that ask nothing. Throws `UsageError` for an option that does not belong to the format. */
export function parseTraining(
  to: SetExportFormat,
  values: { readonly [K in keyof typeof trainingOptions]?: string | undefined },
): TrainingCommand | null {
  const tasks = tasksOf(to);
  const refuse = (option: keyof typeof trainingOptions, fits: boolean) => {
    if (values[option] !== undefined && !fits) throw new UsageError(`--${option} does not belong to --to ${to}`);
  };
  for (const option of ['task', 'prompt', 'system'] as const) refuse(option, tasks.length > 0);
  refuse('frame', isFineTuning(to));
  if (tasks.length === 0) return null;
  const { task: word = 'detection', prompt, system = '', frame: written = 'original' } = values;
  const task = tasks.find((one) => one === word);
  if (task === undefined) throw new UsageError(`--task of --to ${to} is one of ${tasks.join(', ')}, not ${word}`);
  const frame = frameSpecOf(written);
  if (frame === null) throw new UsageError(`--frame ${written}: expected ${frameWords}`);
  return { task, prompt: prompt === undefined ? null : resolve(prompt), system, frame };
}
