import * as vscode from 'vscode';
import type { Children } from './children';
import { DisposableStore } from './disposables';
import { deviceSettingIds } from './settingIds';

/**
 * Tells when segmentation is down for good, with a way to start it again, and ends its process when another device is allowed:
 * nothing is lost by it, and the next click starts it anew.
 */
export function watchSegmentation(children: Children, log: vscode.LogOutputChannel): vscode.Disposable {
  const store = new DisposableStore();
  store.add(
    children.onSegmentationFailed((detail) => {
      void offerRestart(children, log, detail);
    }),
  );
  store.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (deviceSettingIds.some((id) => change.affectsConfiguration(id))) children.endInference();
    }),
  );
  return store;
}

async function offerRestart(children: Children, log: vscode.LogOutputChannel, detail: string): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const restart = vscode.l10n.t('Restart');
  const message = vscode.l10n.t(
    'Segmentation ended three times within five minutes ({0}) and was not started again.',
    detail,
  );
  const chosen = await vscode.window.showErrorMessage(message, showLog, restart);
  if (chosen === showLog) log.show();
  else if (chosen === restart) await children.inference.restart();
}
