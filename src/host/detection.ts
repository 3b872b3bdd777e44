import * as vscode from 'vscode';
import type { Children } from './children';
import { DisposableStore } from './disposables';
import { contexts } from './ids';
import { mayBeTrace } from './traceName';

type Verdict = 'trace' | 'imageSet' | 'neither';

/** Recognised paths kept for menus; the least recently seen is forgotten. */
const capacity = 200;
/** Milliseconds a text file is looked at before it is sniffed: stepping through files should cost nothing. */
const settle = 250;

/**
 * Recognises traces and image sets among the text files the user looks at, so that the title bar offers Saccade on them. The data child
 * reads at most 64 KB of each; large files have no text document, hence tabs and not editors.
 */
export class TraceDetection implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly verdicts = new Map<string, Verdict>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly children: Children,
    private readonly bug: (doing: string, error: unknown) => void,
  ) {
    this.store.add(vscode.window.tabGroups.onDidChangeTabs(() => this.schedule()));
    this.store.add(vscode.window.tabGroups.onDidChangeTabGroups(() => this.schedule()));
    this.store.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.forget(uri)));
    this.schedule();
  }

  /** Paths recognised as traces so far. */
  get traces(): readonly string[] {
    return this.paths('trace');
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.store.dispose();
  }

  private schedule(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.look().catch((error: unknown) => this.bug('recognising a trace', error));
    }, settle);
  }

  private forget(uri: vscode.Uri): void {
    if (this.verdicts.delete(uri.fsPath)) this.schedule();
  }

  private async look(): Promise<void> {
    const shown = vscode.window.tabGroups.all.map((group) => group.activeTab?.input);
    const unknown = shown
      .filter((input) => input instanceof vscode.TabInputText)
      .map(({ uri }) => uri)
      .filter((uri) => mayBeTrace(uri) && !this.verdicts.has(uri.fsPath));
    if (unknown.length === 0) return;
    for (const uri of unknown) {
      this.verdicts.set(uri.fsPath, await this.verdictOf(uri.fsPath));
    }
    for (const oldest of this.verdicts.keys()) {
      if (this.verdicts.size <= capacity) break;
      this.verdicts.delete(oldest);
    }
    await vscode.commands.executeCommand('setContext', contexts.traces, [...this.traces]);
    await vscode.commands.executeCommand('setContext', contexts.imageSets, [...this.paths('imageSet')]);
  }

  private async verdictOf(path: string): Promise<Verdict> {
    if ((await this.children.data('path/detect', { path })) !== null) return 'trace';
    return (await this.children.imageSet('imageset/detect', { path })) === null ? 'neither' : 'imageSet';
  }

  private paths(wanted: Verdict): readonly string[] {
    return [...this.verdicts].filter(([, verdict]) => verdict === wanted).map(([path]) => path);
  }
}
