import { realpath, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { RolloutsEditors } from '../editors/rolloutsEditors';
import type { Failures } from '../failures';
import { extensionId, viewTypes } from '../ids';
import type { TraceSession } from '../traces/traceSession';
import { linkText, type RolloutLink, readLink } from './rolloutLink';

/** Puts a link to a rollout on the clipboard. In a browser it leads through the server that the editor runs on. */
export async function copyLink(session: TraceSession, row: number): Promise<null> {
  const [place] = await session.link.ask('notes/keys', { rows: [row] });
  if (place === undefined) throw new UserError(vscode.l10n.t('This rollout cannot be linked to.'));
  const { file, key, hints } = place;
  const link: RolloutLink = { trace: session.path, file, key, line: hints.line, host: hostname() };
  const own = linkText(vscode.env.uriScheme, extensionId, link);
  const web = vscode.env.uiKind === vscode.UIKind.Web;
  const outer = web ? await vscode.env.asExternalUri(vscode.Uri.parse(own)) : null;
  await vscode.env.clipboard.writeText(outer === null ? own : outer.toString(true));
  return null;
}

/** Opens links to rollouts. They come from anywhere: nothing outside the workspace is touched before the user agreed. */
export class RolloutLinks implements vscode.UriHandler {
  constructor(
    private readonly editors: RolloutsEditors,
    private readonly failures: Failures,
  ) {}

  async handleUri(uri: vscode.Uri): Promise<void> {
    try {
      const link = readLink(uri);
      if (link === null) throw new UserError(vscode.l10n.t('This link leads to no rollout, or was damaged.'));
      await this.open(link);
    } catch (error) {
      await this.failures.show(error, vscode.l10n.t('open a link'));
    }
  }

  private async open(link: RolloutLink): Promise<void> {
    const { trace, file, key, line } = link;
    if (!(await mayOpen(trace, this.editors)) && !(await asked(trace))) return;
    if ((await stat(trace).catch(() => null)) === null) throw new UserError(notHere(link));
    const uri = vscode.Uri.file(trace);
    const shown = this.editors.reveal(uri, { file, key, line });
    await vscode.commands.executeCommand('vscode.openWith', uri, viewTypes.rollouts);
    await shown;
  }
}

/** What the user opened already, and what lies in a workspace that they trust, also where links in it lead. */
async function mayOpen(path: string, editors: RolloutsEditors): Promise<boolean> {
  if (editors.open.some(({ session }) => session.path === path)) return true;
  if (!vscode.workspace.isTrusted) return false;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  for (const { uri } of folders) {
    if (!isWithin(path, uri.fsPath)) continue;
    const [real, folder] = [await realpath(path).catch(() => path), await realpath(uri.fsPath).catch(() => uri.fsPath)];
    if (isWithin(real, folder)) return true;
  }
  return false;
}

async function asked(path: string): Promise<boolean> {
  const open = vscode.l10n.t('Open');
  const said = await vscode.window.showWarningMessage(
    vscode.l10n.t('A link wants to open {0}', path),
    {
      modal: true,
      detail: vscode.l10n.t('It lies outside of your workspace. Open it only when you trust whom the link is from.'),
    },
    open,
  );
  return said === open;
}

function notHere({ trace, host }: RolloutLink): string {
  return host === '' || host === hostname()
    ? vscode.l10n.t('{0} is not on this machine.', trace)
    : vscode.l10n.t(
        '{0} is not on this machine ({1}). The link was made on {2}: connect a window to it, and open the link there.',
        trace,
        hostname(),
        host,
      );
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
