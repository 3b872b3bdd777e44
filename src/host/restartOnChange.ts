import * as vscode from 'vscode';
import { commands, settings } from './ids';
import { processSettingIds } from './settingIds';

/** Settings of the children take effect when these are started anew; the user is told so once they change. */
export function offerRestartOnChange(): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (!processSettingIds.some((id) => change.affectsConfiguration(id))) return;
    // Webviews may read the cache folder that was there when they were made, so that one takes the whole window.
    void offer(change.affectsConfiguration(settings.cacheFolder));
  });
}

async function offer(wholeWindow: boolean): Promise<void> {
  const action = wholeWindow ? vscode.l10n.t('Reload Window') : vscode.l10n.t('Restart');
  const message = wholeWindow
    ? vscode.l10n.t('Saccade uses the new cache folder after the window is reloaded.')
    : vscode.l10n.t('Saccade uses the new limits after its processes are restarted.');
  if ((await vscode.window.showInformationMessage(message, action)) !== action) return;
  await vscode.commands.executeCommand(wholeWindow ? 'workbench.action.reloadWindow' : commands.restart);
}
