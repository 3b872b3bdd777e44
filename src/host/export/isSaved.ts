import { basename } from 'node:path';
import * as vscode from 'vscode';
import { uriOfTab } from '../targets';

/** Whether annotations of a trace or an image set are on disk, where an export reads them. */
export async function isSaved(uri: vscode.Uri): Promise<boolean> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  if (!tabs.some((tab) => tab.isDirty && uriOfTab(tab)?.toString() === uri.toString())) return true;
  const save = vscode.l10n.t('Save');
  const said = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} has annotations that are not saved.', basename(uri.path)),
    { modal: true, detail: vscode.l10n.t('An export takes those that are.') },
    save,
  );
  return said === save && (await vscode.workspace.save(uri)) !== undefined;
}
