import * as vscode from 'vscode';
import { commands } from '../ids';

/** Why Saccade does not open a URI; null when it may try. Byte ranges and the journal need a real file. */
export function refusalOf(uri: vscode.Uri): string | null {
  if (uri.scheme === 'file') return null;
  if (uri.scheme === 'git' || uri.scheme === 'gitfs' || uri.scheme === 'review')
    return vscode.l10n.t('Saccade shows no versions from source control: open the file itself, or compare it as text.');
  return vscode.l10n.t(
    'Saccade reads from disk only, and “{0}:” is not on the disk of this machine. Copy it to a folder and open it there.',
    uri.scheme,
  );
}

/** The processes gave up over a document. */
export async function offerRestart(message: string, log: vscode.LogOutputChannel): Promise<void> {
  const restart = vscode.l10n.t('Restart');
  const showLog = vscode.l10n.t('Show Log');
  const choice = await vscode.window.showErrorMessage(message, restart, showLog);
  if (choice === restart) await vscode.commands.executeCommand(commands.restart);
  if (choice === showLog) log.show();
}
