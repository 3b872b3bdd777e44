import * as vscode from 'vscode';
import type { Children } from '../children';
import { DisposableStore } from '../disposables';
import { commands } from '../ids';
import { segmentationText } from './segmentationText';

/** Beside the item of the editor that is in front, while a segmentation model is loaded: what runs it, and how fast. */
export class SegmentationItem implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    vscode.window.createStatusBarItem('saccade.segmentation', vscode.StatusBarAlignment.Right, 99),
  );
  private clock: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly children: Children) {
    this.item.name = vscode.l10n.t('Saccade: Segmentation');
    this.item.command = commands.segmentation;
    this.store.add(children.onSegmentationState(() => this.show()));
  }

  dispose(): void {
    this.stop();
    this.store.dispose();
  }

  private show(): void {
    const state = this.children.segmentationState;
    const said = segmentationText(state, Date.now());
    if (said === null) this.item.hide();
    else {
      this.item.text = said.text;
      this.item.tooltip = said.spoken;
      this.item.accessibilityInformation = { label: `${this.item.name}: ${said.spoken}` };
      this.item.show();
    }
    // The seconds of a run go on without another word from its process, which is blocked by it.
    if (state?.now == null) this.stop();
    else this.clock ??= setInterval(() => this.show(), 1000);
  }

  private stop(): void {
    if (this.clock !== null) clearInterval(this.clock);
    this.clock = null;
  }
}
