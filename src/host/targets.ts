import * as vscode from 'vscode';

/** The URI behind a tab; a diff stands for its right side. */
export function uriOfTab(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const input = tab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  if (input instanceof vscode.TabInputTextDiff) return input.modified;
  return undefined;
}

/** What the active tab shows: unlike `activeTextEditor` this also knows files too large for a text document. */
export function activeUri(): vscode.Uri | undefined {
  return uriOfTab(vscode.window.tabGroups.activeTabGroup.activeTab);
}

/**
 * URIs that a command was called with: a menu passes the one under the pointer and, in the explorer, all that are
 * selected. Without any, what the active tab shows.
 */
export function targetUris(args: readonly unknown[]): readonly vscode.Uri[] {
  const [one, all] = args;
  const selected = Array.isArray(all) ? all.filter((entry) => entry instanceof vscode.Uri) : [];
  if (one instanceof vscode.Uri) return selected.some((uri) => uri.toString() === one.toString()) ? selected : [one];
  const active = activeUri();
  return active === undefined ? [] : [active];
}
