import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { Children } from '../children';
import { viewTypes } from '../ids';

/** Opens one of the traces that ship with the extension; asks which when there are several. */
export async function openSamples(samples: vscode.Uri, children: Children): Promise<void> {
  const found = await sampleTraces(samples, children);
  const [first] = found;
  if (first === undefined) throw new UserError('This build of Saccade ships no samples.');
  const picked =
    found.length === 1
      ? first
      : await vscode.window.showQuickPick(found, { placeHolder: vscode.l10n.t('Which sample? All are synthetic.') });
  if (picked !== undefined) await vscode.commands.executeCommand('vscode.openWith', picked.uri, viewTypes.rollouts);
}

async function sampleTraces(folder: vscode.Uri, children: Children): Promise<readonly SampleItem[]> {
  const items: SampleItem[] = [];
  for (const uri of await foldersIn(folder)) {
    const detected = await children.data('path/detect', { path: uri.fsPath });
    const name = uri.path.slice(folder.path.length + 1);
    if (detected !== null) items.push({ label: name, description: detected.title, uri });
  }
  return items;
}

interface SampleItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** Folders one and two levels down, where the generator puts its traces. */
async function foldersIn(root: vscode.Uri, depth = 2): Promise<readonly vscode.Uri[]> {
  if (depth === 0) return [];
  const entries = await vscode.workspace.fs.readDirectory(root).then(
    (read) => read,
    () => [],
  );
  const folders = entries
    .filter(([, type]) => (type & vscode.FileType.Directory) !== 0)
    .map(([name]) => vscode.Uri.joinPath(root, name));
  const below = await Promise.all(folders.map((folder) => foldersIn(folder, depth - 1)));
  return folders.flatMap((folder, i) => [folder, ...(below[i] ?? [])]);
}
