import * as vscode from 'vscode';
import type { TrainingChoice, TrainingTask } from '../../../core/dataset/trainingSamples';
import type { FrameSpec } from '../../../core/geometry/frame';
import { framePresets } from '../../../core/geometry/framePresets';
import { trainingPrompt } from '../../../policy/trainingPrompt';
import { isFineTuning, type SetExportFormat, tasksOf } from '../../../protocol/imageSetExport';
import { betweenQuestions } from '../../betweenQuestions';
import { ask, type Picked } from './pickExport';

/** What training data is to ask of the images: task, system prompt and, where boxes stand in answers, their frame. Null when dismissed. */
export async function askTraining(to: SetExportFormat, templates: string): Promise<TrainingChoice | null> {
  const tasks = tasksOf(to);
  await betweenQuestions();
  const task = await ask(
    vscode.l10n.t('What is asked'),
    taskItems().filter(({ value }) => tasks.includes(value)),
  );
  if (task === null) return null;
  await betweenQuestions();
  const system = await askSystem();
  if (system === null) return null;
  const asksFrame = isFineTuning(to) && task !== 'question';
  if (asksFrame) await betweenQuestions();
  const frame = asksFrame ? await askFrame(to) : ({ kind: 'original' } as const);
  return frame === null ? null : { task, system, frame, prompt: await trainingPrompt(task, templates) };
}

function taskItems(): readonly Picked<TrainingTask>[] {
  return [
    {
      label: vscode.l10n.t('Boxes of a label'),
      description: vscode.l10n.t('a sample an image and label'),
      value: 'detection',
    },
    {
      label: vscode.l10n.t('Boxes of all labels'),
      description: vscode.l10n.t('a sample an image'),
      value: 'detection-image',
    },
    {
      label: vscode.l10n.t('Questions'),
      description: vscode.l10n.t('those that the set asks, with their answers'),
      value: 'question',
    },
    {
      label: vscode.l10n.t('Where to look for a label'),
      description: vscode.l10n.t('as a sensing policy is asked; boxes are the ground truth'),
      value: 'sense-detection',
    },
    {
      label: vscode.l10n.t('Where to look for an answer'),
      description: vscode.l10n.t('the same for the questions of the set'),
      value: 'sense-question',
    },
  ];
}

const usualSystem = 'You are a helpful assistant.';

async function askSystem(): Promise<string | null> {
  const other = Symbol('other');
  const said = await ask<string | typeof other>(vscode.l10n.t('System prompt'), [
    { label: vscode.l10n.t('None'), description: vscode.l10n.t('the chat template has its own'), value: '' },
    { label: usualSystem, value: usualSystem },
    { label: vscode.l10n.t('Other…'), value: other },
  ]);
  if (said === null || typeof said === 'string') return said;
  await betweenQuestions();
  const title = vscode.l10n.t('Export Images');
  const prompt = vscode.l10n.t('System prompt');
  return (await vscode.window.showInputBox({ title, prompt, ignoreFocusOut: true })) ?? null;
}

function askFrame(to: SetExportFormat): Promise<FrameSpec | null> {
  const own = vscode.l10n.t('as objects, which the trainer writes as its model wants them');
  const items = framePresets.map(({ label, spec }): Picked<FrameSpec> => {
    const stated = to === 'ms-swift' && (spec.kind === 'original' || spec.kind === 'relative1');
    return { label, ...(stated ? { description: own } : {}), value: spec };
  });
  return ask(vscode.l10n.t('What boxes in answers count in'), items);
}
