import * as vscode from 'vscode';
import type { RolloutsAction } from '../../protocol/rollouts';
import type { RolloutsEditors } from '../editors/rolloutsEditors';
import { reviewWords } from '../reviewItem';

interface QueueItem extends vscode.QuickPickItem {
  readonly action?: RolloutsAction;
}

/** Asks what is to be reviewed next, and in which order. */
export async function reviewQueue(editors: Pick<RolloutsEditors, 'active' | 'perform'>): Promise<void> {
  const { active } = editors;
  if (active === null) return;
  const title = vscode.l10n.t('Review');
  const placeHolder = active.review === null ? '' : reviewWords(active.review);
  const choice = await vscode.window.showQuickPick<QueueItem>(items(), { title, placeHolder });
  if (choice?.action !== undefined) editors.perform(choice.action);
}

function items(): QueueItem[] {
  const heading = (label: string): QueueItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    { label: vscode.l10n.t('$(arrow-down) Next Unreviewed'), action: 'nextUnreviewed' },
    { label: vscode.l10n.t('$(arrow-up) Previous Unreviewed'), action: 'previousUnreviewed' },
    heading(vscode.l10n.t('What the list shows')),
    { label: vscode.l10n.t('All Rollouts'), action: 'reviewAll' },
    {
      label: vscode.l10n.t('Widest Spread First'),
      description: vscode.l10n.t('groups whose rewards are all the same are left out'),
      action: 'reviewSpread',
    },
    {
      label: vscode.l10n.t('Logged and Recomputed Differ'),
      description: vscode.l10n.t('once rewards were recomputed for all'),
      action: 'reviewDiffers',
    },
    {
      label: vscode.l10n.t('People Against the Log'),
      description: vscode.l10n.t('labels and rewards that contradict the logged one first'),
      action: 'reviewFlips',
    },
    { label: vscode.l10n.t('Saved Filters…'), action: 'filterSaved' },
  ];
}
