import * as vscode from 'vscode';
import type { ReviewProgress } from '../protocol/review';
import { DisposableStore } from './disposables';
import type { RolloutsEditors } from './editors/rolloutsEditors';
import { commands } from './ids';

/** How far the review of the active editor's list has come; a click asks where to go on. */
export class ReviewItem implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    vscode.window.createStatusBarItem('saccade.review', vscode.StatusBarAlignment.Right, 99),
  );
  private watching: vscode.Disposable | null = null;

  constructor(editors: RolloutsEditors) {
    this.item.name = vscode.l10n.t('Saccade: Review');
    this.item.command = commands.reviewQueue;
    this.store.add(
      editors.onDidChangeActive((panel) => {
        this.watching?.dispose();
        this.watching = panel?.onReview((progress) => this.show(progress)) ?? null;
        this.show(panel?.review ?? null);
      }),
    );
  }

  dispose(): void {
    this.watching?.dispose();
    this.store.dispose();
  }

  /** Nothing is told of a trace in which nothing can be reviewed. */
  private show(progress: ReviewProgress | null): void {
    if (progress === null || progress.rollouts === 0) {
      this.item.hide();
      return;
    }
    const words = reviewWords(progress);
    this.item.text = `$(pass) ${words}`;
    this.item.tooltip = vscode.l10n.t('{0} in the list on show. Click to go on.', words);
    this.item.accessibilityInformation = { label: `Saccade: ${words}`, role: 'button' };
    this.item.show();
  }
}

export function reviewWords({ reviewed, rollouts }: ReviewProgress): string {
  const count = (n: number) => n.toLocaleString('en-US');
  return vscode.l10n.t('{0} of {1} reviewed', count(reviewed), count(rollouts));
}
