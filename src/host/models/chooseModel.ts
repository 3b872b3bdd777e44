import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { ModelInfo } from '../../protocol/segment';
import type { Children } from '../children';
import { commands, settings } from '../ids';
import { modelPaths, segmentationModel } from '../settings';

/** Models that can be used: those that ship, then those of the setting's files and folders; and why the rest cannot. */
export async function usableModels(children: Children): Promise<{
  readonly models: readonly ModelInfo[];
  readonly problems: readonly string[];
}> {
  const models = [...(await children.inference.builtInModels())];
  const problems: string[] = [];
  for (const path of modelPaths()) {
    try {
      const found = await children.inference.findModels(path);
      models.push(...found.models.filter(({ id }) => models.every((known) => known.id !== id)));
      if (found.models.length === 0)
        problems.push(...found.refused.map((refused) => `${refused.path}: ${refused.reason}`));
    } catch (error) {
      // A folder that is gone must not hide the others.
      if (!UserError.is(error)) throw error;
      problems.push(error.message);
    }
  }
  return { models, problems };
}

/** Asks which model new masks are made with, and keeps the answer as a setting. */
export async function chooseModel(children: Children): Promise<void> {
  const { models, problems } = await usableModels(children);
  const now = segmentationModel();
  const add = `$(add) ${vscode.l10n.t('Add Segmentation Model…')}`;
  const items: (vscode.QuickPickItem & { readonly id?: string })[] = [
    ...models.map((model) => ({ ...modelItem(model), picked: model.id === now, id: model.id })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: add },
    ...problems.map((detail) => ({ label: `$(warning) ${vscode.l10n.t('Not a model')}`, detail })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which model makes masks?') });
  if (picked?.label === add) await vscode.commands.executeCommand(commands.addSegmentationModel);
  if (picked?.id !== undefined) await rememberModel(picked.id);
}

export function rememberModel(id: string): Thenable<void> {
  return vscode.workspace.getConfiguration().update(settings.segmentationModel, id, vscode.ConfigurationTarget.Global);
}

export function modelItem({ id, title, inputSize, precision, bytes, boxes, decoder }: ModelInfo): vscode.QuickPickItem {
  const size = bytes === 0 ? vscode.l10n.t('ships with Saccade') : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const side = inputSize === null ? vscode.l10n.t('any size') : `${inputSize}²`;
  const prompts = boxes ? vscode.l10n.t('clicks and boxes') : vscode.l10n.t('clicks');
  return {
    label: title,
    description: [size, side, precision, prompts].join(' · '),
    ...(decoder === null ? {} : { detail: id }),
  };
}
