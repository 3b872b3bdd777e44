import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { ParamsOf } from '../../protocol/channel';
import type { CompareHostMethods, CompareOther, TraceComparison } from '../../protocol/compare';
import type { GroupDetail } from '../../protocol/data';
import type { Children } from '../children';
import { runOverrides } from '../settings';
import { shownName } from '../traceName';
import { TraceLink } from '../traces/traceLink';
import type { TraceSession } from '../traces/traceSession';

interface Chosen extends CompareOther {
  readonly link: TraceLink;
}

interface Choice extends vscode.QuickPickItem {
  readonly path: string | null;
}

/** Milliseconds after which images are told apart by their names: somebody is waiting. */
const patience = 20_000;

/** The other side of a comparison: another trace, opened beside this one in the data child, or this one again. */
export class CompareRuns implements vscode.Disposable {
  private chosen: Chosen | null = null;

  constructor(
    private readonly session: TraceSession,
    private readonly children: Children,
    private readonly bug: (doing: string, error: unknown) => void,
  ) {}

  async choose(signal: AbortSignal): Promise<CompareOther | null> {
    const path = await this.askPath();
    if (path === null) return null;
    const same = path === this.session.path;
    const link = same ? this.session.link : this.open(path);
    try {
      const { steps } = await link.ask('trace/info', { wait: false }, { signal });
      const all = same ? steps : (await this.scanned(link, signal)).steps;
      this.letGo();
      this.chosen = { name: shownName(path), same, steps: all, link };
      return { name: this.chosen.name, same, steps: all };
    } catch (error) {
      if (!same) await link.close();
      throw error;
    }
  }

  async run(
    { steps, otherSteps, ...asked }: ParamsOf<CompareHostMethods, 'compare/run'>,
    signal: AbortSignal,
  ): Promise<TraceComparison> {
    const [own, other] = [await this.session.link.whenOpen(), await this.other.whenOpen()];
    const sides = { a: { traceId: own.traceId, steps }, b: { traceId: other.traceId, steps: otherSteps } };
    return this.children.data(
      'compare/traces',
      { ...sides, ...asked, patience },
      { signal, deadline: Number.POSITIVE_INFINITY },
    );
  }

  group(group: number, signal: AbortSignal): Promise<GroupDetail> {
    return this.other.ask('trace/group', { group, patience: 0 }, { signal });
  }

  dispose(): void {
    this.letGo();
  }

  private get other(): TraceLink {
    if (this.chosen === null) throw new UserError('Choose the run to compare with first.');
    return this.chosen.link;
  }

  private letGo(): void {
    const { chosen } = this;
    this.chosen = null;
    if (chosen === null || chosen.same) return;
    chosen.link.close().catch((error: unknown) => this.bug(`closing ${chosen.name}`, error));
  }

  private open(path: string): TraceLink {
    const nothing = () => undefined;
    return new TraceLink(path, this.children, () => runOverrides(vscode.Uri.file(path)), {
      progress: nothing,
      scored: nothing,
      searched: nothing,
      stale: nothing,
      lost: nothing,
      opened: nothing,
      failed: nothing,
    });
  }

  private scanned(link: TraceLink, signal: AbortSignal) {
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading the other run…') },
      () => link.ask('trace/info', { wait: true }, { signal, deadline: Number.POSITIVE_INFINITY }),
    );
  }

  /** Traces of the workspace, newest search; then a dialog. */
  private async askPath(): Promise<string | null> {
    const pick = vscode.window.createQuickPick<Choice>();
    pick.title = vscode.l10n.t('Compare with');
    pick.placeholder = vscode.l10n.t('The run, or other steps of this one');
    pick.matchOnDescription = true;
    pick.busy = true;
    const own: Choice = {
      label: vscode.l10n.t('$(history) Other steps of this run'),
      path: this.session.path,
      alwaysShow: true,
    };
    const browse: Choice[] = [
      { label: vscode.l10n.t('$(file) A file…'), path: null, alwaysShow: true },
      { label: vscode.l10n.t('$(folder) A folder…'), path: null, alwaysShow: true },
    ];
    pick.items = [own, ...browse];
    const searching = new AbortController();
    this.found(searching.signal).then(
      (runs) => {
        pick.items = [own, ...runs, ...browse];
        pick.busy = false;
      },
      (error: unknown) => {
        if (!searching.signal.aborted) this.bug('looking for runs to compare with', error);
      },
    );
    pick.show();
    const chosen = await new Promise<Choice | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]));
      pick.onDidHide(() => resolve(undefined));
    });
    searching.abort();
    pick.dispose();
    if (chosen === undefined) return null;
    return chosen.path ?? this.browse(chosen === browse[1]);
  }

  private async found(signal: AbortSignal): Promise<readonly Choice[]> {
    const roots = (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) =>
      uri.scheme === 'file' ? [uri.fsPath] : [],
    );
    const { runs } = await this.children.data('runs/find', { roots }, { signal, deadline: 60_000 });
    return runs
      .filter(({ path }) => path !== this.session.path)
      .map(({ path, name, title }) => ({
        label: `$(graph-line) ${name || shownName(path)}`,
        description: title,
        path,
      }));
  }

  private async browse(folder: boolean): Promise<string | null> {
    const [uri] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: !folder,
        canSelectFolders: folder,
        openLabel: vscode.l10n.t('Compare'),
      })) ?? [];
    return uri?.fsPath ?? null;
  }
}
