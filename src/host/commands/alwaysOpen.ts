import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { Children } from '../children';
import { viewTypes } from '../ids';
import { targetUris } from '../targets';
import { associationFor } from './association';
import { isFolder } from './open';

const section = 'workbench';
const key = 'editorAssociations';

type Associations = Readonly<Record<string, string>>;

/**
 * *Always Open These with Saccade*: writes the association into the workspace's settings (the user's when no folder is
 * open), says what it wrote, and offers to undo it.
 */
export async function alwaysOpen(args: readonly unknown[], children: Children): Promise<void> {
  const [uri] = targetUris(args);
  if (uri === undefined) throw new UserError('Select a trace in the explorer, or open one, and try again.');
  if (uri.scheme !== 'file') throw new UserError(`${uri.toString()} is not a file on this machine.`);
  const detected = await children.data('path/detect', { path: uri.fsPath });
  if (detected === null)
    throw new UserError(`${uri.fsPath} holds no rollouts that Saccade knows, so nothing was written.`);
  const { glob, what } = associationFor({ format: detected.format, path: uri.path, folder: await isFolder(uri) });
  const before = await associate(glob, viewTypes.rollouts);
  await vscode.commands.executeCommand('vscode.openWith', uri, viewTypes.rollouts);
  // Not awaited: the message may stand there for as long as the user likes.
  void tell(what, glob, before);
}

async function tell(what: string, glob: string, before: string | undefined): Promise<void> {
  const undo = vscode.l10n.t('Undo');
  const where = target() === vscode.ConfigurationTarget.Workspace ? vscode.l10n.t('workspace') : vscode.l10n.t('user');
  const said = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      '{0} opens with Saccade from now on: “{1}” was written to “{2}.{3}” in the {4} settings.',
      what,
      glob,
      section,
      key,
      where,
    ),
    undo,
  );
  if (said === undo) await associate(glob, before);
}

/** Writes or (`undefined`) removes one association; answers what was there. */
async function associate(glob: string, viewType: string | undefined): Promise<string | undefined> {
  const config = vscode.workspace.getConfiguration(section);
  const inspected = config.inspect<Associations>(key);
  const inWorkspace = target() === vscode.ConfigurationTarget.Workspace;
  const present = (inWorkspace ? inspected?.workspaceValue : inspected?.globalValue) ?? {};
  const others = Object.entries(present).filter(([pattern]) => pattern !== glob);
  const next = viewType === undefined ? others : [...others, [glob, viewType] as const];
  await config.update(key, next.length === 0 ? undefined : Object.fromEntries(next), target());
  return present[glob];
}

function target(): vscode.ConfigurationTarget {
  return vscode.workspace.workspaceFolders === undefined
    ? vscode.ConfigurationTarget.Global
    : vscode.ConfigurationTarget.Workspace;
}
