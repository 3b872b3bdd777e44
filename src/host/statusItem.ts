import * as vscode from 'vscode';
import type { TraceProgress } from '../protocol/data';
import { DisposableStore } from './disposables';
import type { RolloutsEditors } from './editors/rolloutsEditors';
import { actionCommands } from './ids';
import { statusText } from './statusText';

/** One item while a Saccade editor is active: rollouts so far, and how far the scan is. */
export class StatusItem implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    vscode.window.createStatusBarItem('saccade.rollouts', vscode.StatusBarAlignment.Right, 100),
  );
  private watching: { dispose(): void } | null = null;

  constructor(editors: RolloutsEditors) {
    this.item.name = 'Saccade';
    this.item.command = actionCommands.showProblems;
    this.store.add(
      editors.onDidChangeActive((panel) => {
        this.watching?.dispose();
        this.watching = null;
        if (panel === null) {
          this.item.hide();
          return;
        }
        const show = () => this.show(panel.session.progress);
        this.watching = panel.session.watch({
          emit: (name) => {
            if (name === 'trace/progress') show();
          },
          failed: () => this.item.hide(),
          recovered: show,
        });
        show();
      }),
    );
  }

  dispose(): void {
    this.watching?.dispose();
    this.store.dispose();
  }

  private show(progress: TraceProgress | null): void {
    if (progress === null) {
      this.item.hide();
      return;
    }
    const { text, spoken } = statusText(progress);
    this.item.text = text;
    this.item.tooltip = spoken;
    this.item.accessibilityInformation = { label: `Saccade: ${spoken}` };
    this.item.show();
  }
}
