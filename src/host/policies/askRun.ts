import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import type { PolicySpec } from '../../core/policy/policySpec';
import { betweenQuestions } from '../betweenQuestions';
import type { Chosen } from './choosePolicy';
import { groupSettings } from './groupSettings';

/** A run that the user described. */
export interface RunPlan extends Chosen {
  readonly dataset: string;
  /** Absolute. */
  readonly trace: string;
  /** Of `saccade`, with the policy's name or file. */
  arguments(policy: string): readonly string[];
}

/** Asks what the policy is to do, on how many samples, and where its rollouts go. Null when dismissed. */
export async function askRun(dataset: string, chosen: Chosen): Promise<RunPlan | null> {
  const title = vscode.l10n.t('Run {0} over {1}', chosen.policy.name, basename(dataset));
  const tasks = [
    {
      label: vscode.l10n.t('Detection'),
      description: vscode.l10n.t('find the objects that are annotated'),
      task: 'detection',
    },
    { label: vscode.l10n.t('Questions'), description: vscode.l10n.t('answer those of the dataset'), task: 'question' },
    {
      label: vscode.l10n.t('Segmentation'),
      description: vscode.l10n.t('mend masks by clicks of the task model'),
      task: 'segmentation',
    },
  ];
  await betweenQuestions();
  const kind = await vscode.window.showQuickPick(tasks, { title, ignoreFocusOut: true });
  if (kind === undefined) return null;
  await betweenQuestions();
  const limit = await askWhole(title, vscode.l10n.t('Samples at most; nothing for all'), '');
  if (limit === undefined) return null;
  await betweenQuestions();
  const count = await askWhole(title, vscode.l10n.t('Rollouts of each'), String(groupSettings().size));
  if (count === undefined) return null;
  await betweenQuestions();
  const baseline = await askBaseline(title, chosen.task, kind.task);
  if (baseline === undefined) return null;
  await betweenQuestions();
  const to = await vscode.window.showSaveDialog({
    title,
    saveLabel: vscode.l10n.t('Run'),
    defaultUri: vscode.Uri.file(traceBeside(dataset, chosen.policy.name)),
    filters: { 'JSON Lines': ['jsonl'] },
  });
  if (to?.scheme !== 'file') return null;
  const trace = to.fsPath;
  return {
    ...chosen,
    dataset,
    trace,
    arguments: (policy) => [
      'run',
      dataset,
      '--policy',
      policy,
      '--task',
      kind.task,
      '-o',
      trace,
      ...(count === null ? [] : ['-n', String(count)]),
      ...(limit === null ? [] : ['--limit', String(limit)]),
      ...(baseline ? ['--baseline'] : []),
      '--json',
    ],
  };
}

/** Null for nothing typed, undefined when dismissed. */
async function askWhole(title: string, prompt: string, value: string): Promise<number | null | undefined> {
  const wrong = (text: string) =>
    /^\d{0,9}$/.test(text.trim()) && text.trim() !== '0' ? undefined : vscode.l10n.t('A whole number is expected.');
  const text = await vscode.window.showInputBox({ title, prompt, value, ignoreFocusOut: true, validateInput: wrong });
  if (text === undefined) return undefined;
  return text.trim() === '' ? null : Number(text);
}

/** Only who answers something can be asked without zoom. */
async function askBaseline(title: string, task: PolicySpec | null, kind: string): Promise<boolean | undefined> {
  if (task === null || kind === 'segmentation') return false;
  const without = { label: vscode.l10n.t('With zoom alone'), take: false };
  const both = { label: vscode.l10n.t('Also without zoom, for comparison'), take: true };
  return (await vscode.window.showQuickPick([without, both], { title, ignoreFocusOut: true }))?.take;
}

/** Where a run's trace is offered to be: beside its dataset. */
function traceBeside(dataset: string, policy: string): string {
  const name = basename(dataset, extname(dataset));
  return join(dirname(dataset), `${name}-${policy.replace(/[^\w.-]+/g, '-')}.jsonl`);
}
