import * as vscode from 'vscode';
import { type InferenceState, type Provider, providers } from '../../protocol/segment';
import type { Children } from '../children';
import { commands, settings } from '../ids';
import { deviceSettings } from '../settings';
import { chooseModel } from './chooseModel';
import { providerNames } from './segmentationText';

interface Item extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

/** Providers that the platform's build of ONNX Runtime may have, in the order in which *automatic* tries them. */
const platformProviders: Readonly<Partial<Record<NodeJS.Platform, readonly Provider[]>>> = {
  win32: ['dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
  linux: ['cuda', 'webgpu'],
};

/** What the status bar's item offers: the model, the device, and what to do about them. */
export async function showSegmentation(children: Children): Promise<void> {
  const state = children.segmentationState;
  const device = deviceSettings();
  const [last] = state?.loaded ?? [];
  const items: readonly Item[] = [
    {
      label: `$(wand) ${vscode.l10n.t('Choose Model…')}`,
      ...(last === undefined ? {} : { description: last.title }),
      run: () => chooseModel(children),
    },
    { label: `$(add) ${vscode.l10n.t('Add Segmentation Model…')}`, run: () => run(commands.addSegmentationModel) },
    { label: vscode.l10n.t('This machine'), kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(circuit-board) ${vscode.l10n.t('Device…')}`,
      description: device === null ? vscode.l10n.t('CPU only') : deviceName(device.provider),
      run: () => chooseDevice(state),
    },
    ...(device === null
      ? []
      : [
          {
            label: `$(list-ordered) ${vscode.l10n.t('Device Index…')}`,
            description: String(device.index),
            run: () => chooseIndex(device.index),
          },
        ]),
    ...(process.platform === 'linux' && process.arch === 'x64'
      ? [
          {
            label: `$(cloud-download) ${vscode.l10n.t('Download CUDA Provider…')}`,
            ...(device?.cudaFolder == null ? {} : { description: device.cudaFolder }),
            run: () => run(commands.downloadCuda),
          },
        ]
      : []),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(debug-disconnect) ${vscode.l10n.t('Release Models')}`,
      description: vscode.l10n.t('frees their memory; the next click loads its model again'),
      run: () => children.releaseModels(),
    },
    { label: `$(output) ${vscode.l10n.t('Show Log')}`, run: () => run(commands.showLog) },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Segmentation') });
  await picked?.run?.();
}

/**
 * Picking another device than the CPU is the user's leave for this machine: the setting is one of the machine, which no workspace
 * can set. What was tried in this process says what came of it.
 */
async function chooseDevice(state: InferenceState | null): Promise<void> {
  const device = deviceSettings();
  const now = device === null ? 'cpu' : (device.provider ?? 'auto');
  const possible = platformProviders[process.platform] ?? [];
  const known = providers.filter((provider) => provider !== 'cpu' && possible.includes(provider));
  const current = vscode.l10n.t('current');
  const item = (value: Provider | 'auto', label: string, detail: string) => ({
    label,
    detail,
    value,
    ...(value === now ? { description: current } : {}),
  });
  const items = [
    item('cpu', vscode.l10n.t('CPU Only'), vscode.l10n.t('Touches no other device.')),
    item(
      'auto',
      vscode.l10n.t('Allow a Device on This Machine'),
      vscode.l10n.t(
        'Tries {0}; used where it computes what the CPU computes, and faster. Not where a GPU is training.',
        known.map((provider) => providerNames[provider]).join(', '),
      ),
    ),
    ...known.map((provider) => {
      const report = state?.providers.find((one) => one.provider === provider);
      const outcome =
        report === undefined ? '' : ` ${report.usable ? '' : vscode.l10n.t('Not used: ')}${report.reason}`;
      return item(
        provider,
        vscode.l10n.t('Only {0}', providerNames[provider]),
        vscode.l10n.t('Pins it, however slow it is.') + outcome,
      );
    }),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('What may run segmentation models on this machine?'),
  });
  if (picked !== undefined) await set(settings.segmentationDevice, picked.value);
}

async function chooseIndex(now: number): Promise<void> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Which of several devices?'),
    prompt: vscode.l10n.t('Counted from 0 among those that CUDA_VISIBLE_DEVICES leaves visible.'),
    value: String(now),
    validateInput: (text) => (/^\d{1,2}$/.test(text.trim()) ? null : vscode.l10n.t('A whole number, 0 to 99.')),
  });
  if (typed !== undefined) await set(settings.segmentationDeviceIndex, Number(typed));
}

function deviceName(provider: Provider | null): string {
  return provider === null ? vscode.l10n.t('automatic') : providerNames[provider];
}

function set(id: string, value: unknown): Thenable<void> {
  return vscode.workspace.getConfiguration().update(id, value, vscode.ConfigurationTarget.Global);
}

function run(command: string): Thenable<unknown> {
  return vscode.commands.executeCommand(command);
}
