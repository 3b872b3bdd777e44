import * as vscode from 'vscode';
import { type Failures, kindOf, messageOf } from '../failures';
import { commands } from '../ids';
import { messagePage, messagePageOptions, type PageLink } from './messagePage';

/** Shows in the place of an editor why its file did not open, and what the user can do about it. */
export function showOpenFailure(
  { webview }: vscode.WebviewPanel,
  { path, name }: { readonly path: string; readonly name: string },
  failures: Failures,
  error: unknown,
): void {
  const restart: PageLink = { label: vscode.l10n.t('Restart'), command: commands.restart };
  const asText: PageLink = { label: vscode.l10n.t('Open as Text'), command: commands.openAsText };
  const showLog: PageLink = { label: vscode.l10n.t('Show Log'), command: commands.showLog };
  const byUser = kindOf(error) === 'user';
  if (!byUser) failures.logBug(`opening ${path}`, error);
  const links = byUser ? [asText, showLog] : [restart, showLog];
  webview.options = messagePageOptions(links);
  webview.html = messagePage(vscode.l10n.t('{0} did not open', name), messageOf(error), links);
}
