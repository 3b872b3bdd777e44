import * as vscode from 'vscode';

/** An answer to choose. */
export type Picked<T> = vscode.QuickPickItem & { readonly value: T };

/** One question of an export; null when dismissed. */
export async function ask<T>(placeHolder: string, items: readonly Picked<T>[]): Promise<T | null> {
  const title = vscode.l10n.t('Export Images');
  const said = await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true });
  return said?.value ?? null;
}
