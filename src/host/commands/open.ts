import * as vscode from 'vscode';
import type { Children } from '../children';
import { viewTypes } from '../ids';
import { targetUris } from '../targets';

/** More than this at once is a slip of the selection. */
const mostAtOnce = 10;

/** Opens files and folders with Saccade, of any size: no text is loaded for it. Asks for one when none is meant. */
export async function openWithSaccade(args: readonly unknown[], children: Children): Promise<void> {
  const given = targetUris(args);
  const uris = given.length > 0 ? given : await chooseWhat();
  for (const uri of uris.slice(0, mostAtOnce)) await openIn(await editorFor(uri, children), uri, uris.length === 1);
}

/** As *Open with Saccade*, in the dataset editor whatever else Saccade could make of it. */
export async function openAsDataset(args: readonly unknown[]): Promise<void> {
  const given = targetUris(args);
  const uris = given.length > 0 ? given : await chooseWhat();
  for (const uri of uris.slice(0, mostAtOnce)) await openIn(viewTypes.dataset, uri, uris.length === 1);
}

async function openIn(viewType: string, uri: vscode.Uri, preview: boolean): Promise<void> {
  const options: vscode.TextDocumentShowOptions = { preview };
  await vscode.commands.executeCommand('vscode.openWith', uri, viewType, options);
}

/** Rollouts are looked for first: what holds some, and images beside them, is a trace. What is neither says so in their editor. */
export async function editorFor(uri: vscode.Uri, children: Children): Promise<string> {
  if (uri.scheme !== 'file') return viewTypes.rollouts;
  const path = uri.fsPath;
  if ((await children.data('path/detect', { path })) !== null) return viewTypes.rollouts;
  const images = await children.imageSet('imageset/detect', { path });
  if (images === null) return viewTypes.rollouts;
  // Pictures alone may be what a run wrote beside its trace.
  const below =
    images.format === 'image-folder' && (await children.data('path/detect', { path, below: true })) !== null;
  return below ? viewTypes.rollouts : viewTypes.dataset;
}

/** Shows a trace's file in VS Code's own text editor, a folder in the explorer. */
export async function openAsText(args: readonly unknown[]): Promise<void> {
  for (const uri of targetUris(args).slice(0, mostAtOnce)) {
    const folder = uri.scheme === 'file' && (await isFolder(uri));
    if (folder) await vscode.commands.executeCommand('revealInExplorer', uri);
    else await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
  }
}

export async function isFolder(uri: vscode.Uri): Promise<boolean> {
  const { type } = await vscode.workspace.fs.stat(uri);
  return (type & vscode.FileType.Directory) !== 0;
}

/** A dialog on Linux and Windows picks either files or folders, so the kind is asked first. */
async function chooseWhat(): Promise<readonly vscode.Uri[]> {
  const file = { label: vscode.l10n.t('$(file) A file…'), folder: false };
  const folder = { label: vscode.l10n.t('$(folder) A folder…'), folder: true };
  const kind = await vscode.window.showQuickPick([file, folder], {
    placeHolder: vscode.l10n.t('What holds the rollouts, or the images?'),
  });
  if (kind === undefined) return [];
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: !kind.folder,
    canSelectFolders: kind.folder,
    openLabel: vscode.l10n.t('Open with Saccade'),
  });
  return chosen ?? [];
}
