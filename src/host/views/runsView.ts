import * as vscode from 'vscode';
import type { RunFound, RunGlance } from '../../protocol/runs';
import type { Children } from '../children';
import { DisposableStore } from '../disposables';
import { commands, contexts, views } from '../ids';
import { runDescription, runTooltip } from './runWords';

/** Milliseconds between two looks at the traces on show: a run writes a step every few minutes. */
const lookAgain = 30_000;

/** One trace of the workspace. */
export interface RunItem {
  readonly run: RunFound;
  readonly root: vscode.WorkspaceFolder;
  /** Null until it was looked at. */
  readonly glance: RunGlance | null;
}

type Node = RunItem | vscode.WorkspaceFolder;

/**
 * The workspace's traces with their last step and reward, newest first. Nothing is searched before the view is shown, and
 * while it is hidden nothing is looked at again.
 */
export class RunsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly view: vscode.TreeView<Node>;
  private items: readonly RunItem[] | null = null;
  private searching: AbortController | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly children: Pick<Children, 'data'>,
    private readonly bug: (doing: string, error: unknown) => void,
  ) {
    this.view = this.store.add(
      vscode.window.createTreeView(views.runs, { treeDataProvider: this, showCollapseAll: false }),
    );
    this.store.add(this.view.onDidChangeVisibility(({ visible }) => this.shown(visible)));
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()));
    this.shown(this.view.visible);
  }

  /** Searches anew, now when the view is on show, else when it will be. */
  refresh(): void {
    this.searching?.abort();
    this.searching = null;
    this.items = null;
    if (this.view.visible) this.search().catch((error: unknown) => this.bug('looking for traces', error));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (!('run' in node)) return new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Expanded);
    const { run, glance, root } = node;
    const uri = vscode.Uri.file(run.path);
    const item = new vscode.TreeItem(run.name === '' ? root.name : run.name, vscode.TreeItemCollapsibleState.None);
    item.id = run.path;
    item.resourceUri = uri;
    item.iconPath = new vscode.ThemeIcon('graph-line');
    item.description = runDescription(glance, Date.now());
    item.tooltip = runTooltip(run, glance);
    item.contextValue = 'saccade.run';
    item.command = { command: commands.open, title: '', arguments: [uri] };
    return item;
  }

  getChildren(node?: Node): Node[] {
    if (node !== undefined && 'run' in node) return [];
    const items = [...(this.items ?? [])];
    if (node !== undefined) return items.filter(({ root }) => root.uri.toString() === node.uri.toString());
    const folders = vscode.workspace.workspaceFolders ?? [];
    if (folders.length < 2) return items;
    return folders.filter((folder) => items.some(({ root }) => root.uri.toString() === folder.uri.toString()));
  }

  dispose(): void {
    this.searching?.abort();
    if (this.timer !== null) clearInterval(this.timer);
    this.store.dispose();
  }

  private shown(visible: boolean): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    if (!visible) return;
    if (this.items === null && this.searching === null) this.refresh();
    this.timer = setInterval(() => {
      this.look().catch((error: unknown) => this.bug('looking at traces again', error));
    }, lookAgain);
  }

  private async search(): Promise<void> {
    const searching = new AbortController();
    this.searching = searching;
    const work = async (): Promise<void> => {
      const found: RunItem[] = [];
      let complete = true;
      for (const root of vscode.workspace.workspaceFolders ?? []) {
        if (root.uri.scheme !== 'file') continue;
        const answer = await this.children.data(
          'runs/find',
          { roots: [root.uri.fsPath] },
          { signal: searching.signal, deadline: 60_000 },
        );
        found.push(...answer.runs.map((run) => ({ run, root, glance: null })));
        complete &&= answer.complete;
      }
      if (searching.signal.aborted) return;
      this.items = found;
      this.view.message = complete ? '' : vscode.l10n.t('The search ended early: the workspace is large.');
      await vscode.commands.executeCommand('setContext', contexts.noRuns, found.length === 0);
      this.changed.fire();
      await this.look();
    };
    try {
      await vscode.window.withProgress({ location: { viewId: views.runs } }, work);
    } catch (error) {
      if (!searching.signal.aborted) throw error;
    } finally {
      if (this.searching === searching) this.searching = null;
    }
  }

  /** Asks what each trace holds now; one that is gone leaves the list. */
  private async look(): Promise<void> {
    const before = this.items;
    if (before === null) return;
    const looked: RunItem[] = [];
    for (const item of before) {
      const glance = await this.children.data('runs/glance', { path: item.run.path });
      if (glance !== null) looked.push({ ...item, glance });
      if (this.items !== before) return;
    }
    this.items = looked.sort((a, b) => (b.glance?.changed ?? 0) - (a.glance?.changed ?? 0));
    this.changed.fire();
  }
}
