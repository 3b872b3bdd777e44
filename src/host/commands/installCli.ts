import * as vscode from 'vscode';
import type { CliInstall } from '../cli/cliInstall';

/** *Saccade: Install CLI*: the launcher for integrated terminals, and a link for others on request. */
export async function installCli(cli: CliInstall, onLinkError: (error: unknown) => void): Promise<void> {
  await cli.install();
  void offerMore(cli).catch(onLinkError);
}

async function offerMore(cli: CliInstall): Promise<void> {
  const open = vscode.l10n.t('Open Terminal');
  const link = vscode.l10n.t('Link into ~/.local/bin');
  const said = await vscode.window.showInformationMessage(
    vscode.l10n.t('New integrated terminals have the command `saccade`. It is {0}.', cli.launcher),
    ...(process.platform === 'win32' ? [open] : [open, link]),
  );
  if (said === open) {
    const terminal = vscode.window.createTerminal('Saccade');
    terminal.show();
    terminal.sendText('saccade --help');
  }
  if (said === link) {
    const made = await cli.linkIntoHome();
    await vscode.window.showInformationMessage(vscode.l10n.t('{0} now runs Saccade.', made));
  }
}
