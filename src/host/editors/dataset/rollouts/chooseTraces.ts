import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { datasetOf } from '../../../../policy/job/checkpoint';
import { betweenQuestions } from '../../../betweenQuestions';
import type { Children } from '../../../children';
import { shownName } from '../../../traceName';

interface Choice extends vscode.QuickPickItem {
  /** Null for what asks further. */
  readonly path: string | null;
  readonly folder?: boolean;
  /** Sampled over this very set. */
  readonly own?: boolean;
}

export interface TraceChoices {
  readonly children: Children;
  /** Absolute path of the set. */
  readonly set: string;
  /** Traces that are shown now. */
  readonly chosen: readonly string[];
  /** Traces that were open in this workspace, the latest first. */
  readonly recent: readonly string[];
  bug(doing: string, error: unknown): void;
}

/** Recent traces that are offered. */
const mostRecent = 20;

/** Which traces to show on the images of a set: absolute paths, none for no more rollouts; null when dismissed. */
export async function chooseTraces(choices: TraceChoices): Promise<readonly string[] | null> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = vscode.l10n.t('Show Rollouts on Images');
  pick.placeholder = vscode.l10n.t('Traces whose rollouts looked at these images');
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.busy = true;
  const browse: Choice[] = [
    { label: vscode.l10n.t('$(file) Choose File…'), path: null, alwaysShow: true },
    { label: vscode.l10n.t('$(folder) Choose Folder…'), path: null, folder: true, alwaysShow: true },
  ];
  const show = (found: readonly Choice[]) => {
    const ticked = new Set(pick.selectedItems.map(({ path, label }) => path ?? label));
    const own = choices.chosen.filter((path) => !found.some((one) => one.path === path)).map((path) => choiceOf(path));
    pick.items = [...own, ...found, { label: '', path: null, kind: vscode.QuickPickItemKind.Separator }, ...browse];
    pick.selectedItems = pick.items.filter(({ path, label }) => ticked.has(path ?? label));
  };
  show(recentOf(choices, []));
  pick.selectedItems = pick.items.filter(({ path }) => path !== null && choices.chosen.includes(path));
  const searching = new AbortController();
  tracesNear(choices, searching.signal).then(
    (found) => {
      show([...found, ...recentOf(choices, found)]);
      pick.busy = false;
      // Most mean the runs over this set: they are a key away until something else was said.
      if (choices.chosen.length === 0 && pick.selectedItems.length === 0)
        pick.selectedItems = pick.items.filter(({ own = false }) => own);
    },
    (error: unknown) => {
      if (!searching.signal.aborted) choices.bug('looking for traces to join', error);
    },
  );
  pick.show();
  const chosen = await new Promise<readonly Choice[] | null>((resolve) => {
    pick.onDidAccept(() =>
      resolve(pick.selectedItems.length + choices.chosen.length > 0 ? pick.selectedItems : pick.activeItems),
    );
    pick.onDidHide(() => resolve(null));
  });
  searching.abort();
  pick.dispose();
  if (chosen === null) return null;
  const more: string[] = [];
  for (const { folder = false } of chosen.filter(({ path }) => path === null)) {
    await betweenQuestions();
    const found = await choosePath(folder);
    if (found === null) return null;
    more.push(...found);
  }
  return [...new Set([...chosen.flatMap(({ path }) => path ?? []), ...more])];
}

async function choosePath(folder: boolean): Promise<readonly string[] | null> {
  const uris = await vscode.window.showOpenDialog({
    canSelectFiles: !folder,
    canSelectFolders: folder,
    canSelectMany: true,
    openLabel: vscode.l10n.t('Show Rollouts'),
  });
  return uris?.map(({ fsPath }) => fsPath) ?? null;
}

/** Traces of the workspace and beside the set, those that a policy sampled over the set first. */
async function tracesNear({ children, set }: TraceChoices, signal: AbortSignal): Promise<readonly Choice[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) =>
    uri.scheme === 'file' ? [uri.fsPath] : [],
  );
  const roots = [...new Set([dirname(set), ...folders])];
  const { runs } = await children.data('runs/find', { roots }, { signal, deadline: 60_000 });
  const paths = new Map(runs.filter(({ path }) => path !== set).map((run) => [run.path, run]));
  const found = await Promise.all(
    [...paths.values()].map(async ({ path, name, title }) => ({
      own: (await datasetOf(path)) === set,
      label: `$(graph-line) ${name || shownName(path)}`,
      description: title,
      path,
    })),
  );
  return [
    ...section(
      vscode.l10n.t('sampled over this set'),
      found.filter(({ own }) => own),
    ),
    ...section(
      vscode.l10n.t('found in the workspace'),
      found.filter(({ own }) => !own),
    ),
  ];
}

function recentOf({ recent, set }: TraceChoices, found: readonly Choice[]): readonly Choice[] {
  const others = recent.filter((path) => path !== set && !found.some((one) => one.path === path)).slice(0, mostRecent);
  return section(vscode.l10n.t('opened before'), others.map(choiceOf));
}

function section(label: string, choices: readonly Choice[]): readonly Choice[] {
  const head = { label, path: null, kind: vscode.QuickPickItemKind.Separator };
  return choices.length === 0 ? [] : [head, ...choices];
}

function choiceOf(path: string): Choice {
  return { label: `$(graph-line) ${shownName(path)}`, description: dirname(path), path };
}
