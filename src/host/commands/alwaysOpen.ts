import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { Children } from '../children';
import { viewTypes } from '../ids';
import { targetUris } from '../targets';
import { type Association, associationFor } from './association';
import { imageSetAssociation } from './imageSetAssociation';
import { editorFor, isFolder } from './open';

const section = 'workbench';
const key = 'editorAssociations';

type Associations = Readonly<Record<string, string>>;

/**
 * *Always Open These with Saccade*: writes the association into the workspace's settings (the user's when no folder is
 * open), says what it wrote, and offers to undo it.
 */
export async function alwaysOpen(args: readonly unknown[], children: Children): Promise<void> {
  const [uri] = targetUris(args);
  if (uri === undefined)
    throw new UserError('Select a trace or an image set in the explorer, or open one, and try again.');
  if (uri.scheme !== 'file') throw new UserError(`${uri.toString()} is not a file on this machine.`);
  // Who looks at it as a dataset means that, whatever else it may be.
  const viewType = isShownAsDataset(uri) ? viewTypes.dataset : await editorFor(uri, children);
  const { glob, what } = await associationOf(uri, viewType, children);
  const before = await associate(glob, viewType);
  await vscode.commands.executeCommand('vscode.openWith', uri, viewType);
  // Not awaited: the message may stand there for as long as the user likes.
  void tell(what, glob, before);
}

function isShownAsDataset(uri: vscode.Uri): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return (
    input instanceof vscode.TabInputCustom &&
    input.viewType === viewTypes.dataset &&
    input.uri.toString() === uri.toString()
  );
}

/** Throws `UserError` for what the editor would not open. */
async function associationOf(uri: vscode.Uri, viewType: string, children: Children): Promise<Association> {
  const [path, folder] = [uri.fsPath, await isFolder(uri)];
  if (viewType === viewTypes.dataset) {
    const set = await children.imageSet('imageset/detect', { path });
    if (set !== null) return imageSetAssociation({ format: set.format, path: uri.path, folder });
  } else {
    const trace = await children.data('path/detect', { path });
    if (trace !== null) return associationFor({ format: trace.format, path: uri.path, folder });
  }
  throw new UserError(`${path} holds no rollouts or images that Saccade knows, so nothing was written.`);
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
