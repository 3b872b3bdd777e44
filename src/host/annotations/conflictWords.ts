import * as vscode from 'vscode';

/** What somebody else's save of a sidecar meant for the edits here. */
export function conflictWords(name: string, count: number): string {
  return count === 1
    ? vscode.l10n.t(
        'The annotations of {0} were changed elsewhere. One place was changed here too: yours stands.',
        name,
      )
    : vscode.l10n.t(
        'The annotations of {0} were changed elsewhere. {1} places were changed here too: yours stand.',
        name,
        count,
      );
}
