import { homedir } from 'node:os';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import { exportGuide, isCheckpoint } from '../../inference/weights/exportGuide';
import { findWeights, usualPlaces, type WeightsFound } from '../../inference/weights/findWeights';
import type { ModelInfo, ModelsFound } from '../../protocol/segment';
import type { Children } from '../children';
import { settings } from '../ids';
import { modelPaths } from '../settings';
import { modelItem, rememberModel } from './chooseModel';

interface Item extends vscode.QuickPickItem {
  readonly run?: () => Promise<void>;
}

/**
 * *Saccade: Add Segmentation Model*: the file or folder it is called on, else what lies in the workspace and where tools keep their weights, or
 * what the user browses to. A model is added to the setting and used from then on; a known checkpoint is answered with the commands that export it.
 */
export async function addModel(args: readonly unknown[], children: Children): Promise<void> {
  const [named] = args;
  if (named instanceof vscode.Uri) return addPath(named.fsPath, children);
  const found = await searched(children);
  const browse: Item = {
    label: `$(folder-opened) ${vscode.l10n.t('Browse…')}`,
    detail: vscode.l10n.t('An ONNX file, a folder with one, or a checkpoint to export.'),
    run: () => browseFor(children),
  };
  const items = [browse, ...itemsOf(found, children)];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Add Segmentation Model'),
    matchOnDetail: true,
    placeHolder: found.complete
      ? vscode.l10n.t('Found in the workspace and where tools keep their weights')
      : vscode.l10n.t('Found so far; the search was ended'),
  });
  await picked?.run?.();
}

interface Searched extends ModelsFound {
  readonly checkpoints: readonly string[];
  readonly complete: boolean;
}

function searched(children: Children): Promise<Searched> {
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Searching for segmentation models'),
    cancellable: true,
  };
  return Promise.resolve(
    vscode.window.withProgress(progress, async (bar, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      const weights = await findWeights(places(), {
        signal: stop.signal,
        onProgress: (folders) => {
          if (folders % 200 === 0) bar.report({ message: vscode.l10n.t('{0} folders', folders) });
        },
      });
      return recognised(weights, children, stop.signal);
    }),
  );
}

/** What the graphs are, folder by folder. */
async function recognised(weights: WeightsFound, children: Children, signal: AbortSignal): Promise<Searched> {
  const models: ModelInfo[] = [];
  const refused: ModelsFound['refused'][number][] = [];
  for (const folder of weights.folders) {
    if (signal.aborted) break;
    try {
      const found = await children.inference.findModels(folder);
      models.push(...found.models.filter(({ id }) => models.every((known) => known.id !== id)));
      refused.push(...found.refused);
    } catch (error) {
      if (!UserError.is(error)) throw error;
      refused.push({ path: folder, reason: error.message });
    }
  }
  return { models, refused, checkpoints: weights.checkpoints, complete: weights.complete && !signal.aborted };
}

function itemsOf({ models, refused, checkpoints }: Searched, children: Children): readonly Item[] {
  const added = modelPaths();
  const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    ...(models.length === 0 ? [] : [heading(vscode.l10n.t('Models'))]),
    ...models.map((model) => ({
      ...modelItem(model),
      ...(added.includes(model.id) ? { label: `$(check) ${model.title}` } : {}),
      run: () => add([model]),
    })),
    ...(checkpoints.length === 0 ? [] : [heading(vscode.l10n.t('Checkpoints to export'))]),
    ...checkpoints.map((path) => ({
      label: `$(terminal) ${exportGuide(path)?.title ?? basename(path)}`,
      description: vscode.l10n.t('shows the commands'),
      detail: path,
      run: () => addPath(path, children),
    })),
    ...(refused.length === 0 ? [] : [heading(vscode.l10n.t('Not recognised'))]),
    ...refused.map(({ path, reason }) => ({
      label: `$(circle-slash) ${basename(path)}`,
      description: reason,
      detail: path,
      run: async () => {
        throw new UserError(`${path}: ${reason}`);
      },
    })),
  ];
}

async function browseFor(children: Children): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Add Segmentation Model'),
    openLabel: vscode.l10n.t('Add'),
    canSelectFiles: true,
    canSelectFolders: true,
    filters: { [vscode.l10n.t('Models and checkpoints')]: ['onnx', 'pt', 'pth', 'safetensors'] },
  });
  const [uri] = picked ?? [];
  if (uri !== undefined) await addPath(uri.fsPath, children);
}

/** Throws a `UserError` with what was found and what was expected for a path that is no model. */
async function addPath(path: string, children: Children): Promise<void> {
  if (isCheckpoint(path)) {
    const guide = exportGuide(path);
    if (guide !== null) return showGuide(path, guide);
    throw new UserError(
      `${path}: a checkpoint that is not known by its name. Models are ONNX files: docs/models.md tells how to export yours.`,
    );
  }
  const { models, refused } = await children.inference.findModels(path);
  if (models.length > 0) return add(models);
  const [first] = refused;
  if (first === undefined) throw new UserError(`${path}: there is no ONNX file in it`);
  throw new UserError(`${first.path}: ${first.reason}`);
}

async function showGuide(path: string, { title, script }: NonNullable<ReturnType<typeof exportGuide>>): Promise<void> {
  const content = `# ${title}: exports ${path} to ONNX.\n# Run this in an environment of its own, then Saccade: Add Segmentation Model again.\n${script}`;
  const document = await vscode.workspace.openTextDocument({ language: 'shellscript', content });
  await vscode.window.showTextDocument(document);
}

/** Added to what the user's own setting holds; the first is used from now on. */
async function add(models: readonly ModelInfo[]): Promise<void> {
  const [first] = models;
  if (first === undefined) return;
  const config = vscode.workspace.getConfiguration();
  const before: unknown = config.inspect(settings.segmentationModels)?.globalValue;
  const kept = Array.isArray(before) ? before.filter((entry): entry is string => typeof entry === 'string') : [];
  const fresh = models.map(({ id }) => id).filter((id) => !modelPaths().includes(id));
  if (fresh.length > 0)
    await config.update(settings.segmentationModels, [...kept, ...fresh], vscode.ConfigurationTarget.Global);
  await rememberModel(first.id);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Saccade: masks are made with {0} now.', first.title), 5000);
}

function places(): readonly string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return [...folders.map(({ uri }) => uri.fsPath), ...usualPlaces(homedir(), process.env)];
}
