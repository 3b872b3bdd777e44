import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { ImageRef } from '../../protocol/data';
import type { ImageMend } from '../../protocol/rollouts';
import { extensionId } from '../ids';
import type { TraceSession } from '../traces/traceSession';

export interface MendRequest {
  readonly group: number;
  readonly how: ImageMend;
  /** Index of the chosen candidate of an ambiguous image. */
  readonly candidate: number | null;
}

/** Lets the user say where an image is; answers once the data child has been told. */
export async function mendImage(session: TraceSession, request: MendRequest, signal: AbortSignal): Promise<null> {
  switch (request.how) {
    case 'chooseImage':
      await chooseImage(session, request, signal);
      break;
    case 'chooseDataset':
      await chooseDatasets(session);
      break;
    case 'chooseFolder':
      await chooseFolder(session);
      break;
    case 'openSettings':
      await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${extensionId} images run`);
      break;
  }
  return null;
}

async function chooseImage(session: TraceSession, request: MendRequest, signal: AbortSignal): Promise<void> {
  const { key, state } = await session.imageOf(request.group, signal);
  const candidates = state.kind === 'ambiguous' ? state.candidates : [];
  const ref = await pickRef(session, request.candidate, candidates);
  if (ref === null) return;
  await session.mend((before) => ({ ...before, images: { ...before.images, [key]: ref } }));
}

async function pickRef(
  session: TraceSession,
  candidate: number | null,
  candidates: readonly { readonly ref: ImageRef; readonly label: string }[],
): Promise<ImageRef | null> {
  if (candidate !== null) {
    const chosen = candidates[candidate];
    if (chosen === undefined)
      throw new UserError('That candidate is no longer offered: the images were looked up anew.');
    return chosen.ref;
  }
  if (candidates.length > 0) {
    const browse = { label: vscode.l10n.t('$(folder-opened) Another file…'), ref: null };
    const items = [...candidates.map(({ ref, label }) => ({ label, ref })), browse];
    const picked = await vscode.window.showQuickPick<{ label: string; ref: ImageRef | null }>(items, {
      placeHolder: vscode.l10n.t('Which image was this rollout about?'),
    });
    if (picked === undefined) return null;
    if (picked.ref !== null) return picked.ref;
  }
  const files = await dialog(session, {
    canSelectFiles: true,
    title: vscode.l10n.t('Image of this prompt'),
    filters: { Images: ['png', 'jpg', 'jpeg', 'webp', 'bmp', 'gif', 'tif', 'tiff', 'avif'] },
  });
  const [path] = files;
  return path === undefined ? null : { kind: 'file', path };
}

async function chooseDatasets(session: TraceSession): Promise<void> {
  const files = await dialog(session, {
    canSelectFiles: true,
    canSelectMany: true,
    title: vscode.l10n.t('Datasets this run was trained or validated on'),
    filters: { Datasets: ['parquet', 'json', 'jsonl'] },
  });
  if (files.length === 0) return;
  await session.mend((before) => ({ ...before, datasetFiles: merge(files, before.datasetFiles) }));
}

async function chooseFolder(session: TraceSession): Promise<void> {
  const folders = await dialog(session, {
    canSelectFolders: true,
    title: vscode.l10n.t('Folder in which image names are looked up'),
  });
  if (folders.length === 0) return;
  await session.mend((before) => ({ ...before, imageRoots: merge(folders, before.imageRoots) }));
}

async function dialog(session: TraceSession, options: vscode.OpenDialogOptions): Promise<readonly string[]> {
  const uris = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.file(dirname(session.path)),
    openLabel: vscode.l10n.t('Use'),
    ...options,
  });
  return (uris ?? []).map((uri) => uri.fsPath);
}

function merge(first: readonly string[], rest: readonly string[]): readonly string[] {
  return [...new Set([...first, ...rest])];
}
