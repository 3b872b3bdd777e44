import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { DeviceOptions } from '../inference/options';
import type { TraceOverrides } from '../protocol/data';
import { providers } from '../protocol/segment';
import { settings } from './ids';
import { resolveUserPath } from './userPath';

/** What the children are started with; a change takes a restart. */
export interface ProcessSettings {
  /** Absolute; empty when the user set none. */
  readonly cacheFolder: string;
  readonly cacheSizeMB: number;
  /** Undefined where the user leaves it to us. */
  readonly threads: number | undefined;
  readonly memoryMB: number | undefined;
}

/** Used until another is chosen. */
const builtInModel = 'basic';

export type ImageDecoder = 'auto' | 'webview';

export function processSettings(): ProcessSettings {
  const config = vscode.workspace.getConfiguration();
  const folder = text(config.get(settings.cacheFolder));
  return {
    cacheFolder: folder === '' ? '' : resolveUserPath(folder, workspaceFolder(undefined), homedir()),
    cacheSizeMB: positive(config.get(settings.cacheSizeMB)) ?? 4096,
    threads: positive(config.get(settings.processThreads)),
    memoryMB: positive(config.get(settings.processMemoryMB)),
  };
}

/** The device that the user allowed on this machine; null while it is the CPU. */
export function deviceSettings(): DeviceOptions | null {
  const config = vscode.workspace.getConfiguration();
  const device = text(config.get(settings.segmentationDevice));
  const provider = providers.find((known) => known === device) ?? null;
  if (provider === 'cpu' || (provider === null && device !== 'auto')) return null;
  const folder = text(config.get(settings.segmentationCudaLibraries));
  return {
    provider,
    index: positive(config.get(settings.segmentationDeviceIndex)) ?? 0,
    memoryMb: positive(config.get(settings.segmentationDeviceMemoryMB)) ?? null,
    cudaFolder: folder === '' ? null : resolveUserPath(folder, null, homedir()),
  };
}

/** Absolute paths of files and folders with segmentation models. */
export function modelPaths(): readonly string[] {
  const value: unknown = vscode.workspace.getConfiguration().get(settings.segmentationModels);
  return (Array.isArray(value) ? value : [])
    .filter((entry): entry is string => typeof entry === 'string' && entry.trim() !== '')
    .map((entry) => resolveUserPath(entry, workspaceFolder(undefined), homedir()));
}

/** The model that masks are made with: `ModelInfo.id` of a built-in one, or an absolute path. */
export function segmentationModel(): string {
  const written = text(vscode.workspace.getConfiguration().get(settings.segmentationModel));
  if (written === '') return builtInModel;
  return /^[\w-]+$/.test(written) ? written : resolveUserPath(written, workspaceFolder(undefined), homedir());
}

/** Where the images of a trace are, as the user set it for the trace's folder; what is not set is left out. */
export function runOverrides(trace: vscode.Uri): TraceOverrides {
  const config = vscode.workspace.getConfiguration(undefined, trace);
  const datasetFiles = pathsOf(config.get(settings.runDatasetFiles), trace);
  const imageRoots = pathsOf(config.get(settings.imagesRoots), trace);
  const promptKey = text(config.get(settings.runPromptKey));
  const imageKey = text(config.get(settings.runImageKey));
  return {
    ...(datasetFiles.length === 0 ? {} : { datasetFiles }),
    ...(imageRoots.length === 0 ? {} : { imageRoots }),
    ...(promptKey === '' ? {} : { promptKey }),
    ...(imageKey === '' ? {} : { imageKey }),
  };
}

/** What a reward of the user's own is run by. */
export interface PythonSettings {
  readonly interpreter: string;
  /** Seconds a call may take. */
  readonly limit: number;
}

/** As the Python extension offers it (`PythonExtension.environments`). */
interface PythonApi {
  readonly environments?: { getActiveEnvironmentPath?(resource: vscode.Uri): { readonly path?: unknown } };
}

/** The interpreter of the setting, else the one selected in the Python extension, else `python3`. */
export async function pythonSettings(trace: vscode.Uri): Promise<PythonSettings> {
  const config = vscode.workspace.getConfiguration(undefined, trace);
  const own = text(config.get(settings.rewardsPython));
  const limit = positive(config.get(settings.rewardsPythonLimit)) ?? 30;
  if (own !== '') {
    const isPath = /[\\/]/.test(own) || own.startsWith('~');
    return { interpreter: isPath ? resolveUserPath(own, workspaceFolder(trace), homedir()) : own, limit };
  }
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  const api = extension === undefined ? undefined : await extension.activate();
  const path = api?.environments?.getActiveEnvironmentPath?.(trace).path;
  return { interpreter: typeof path === 'string' && path !== '' ? path : 'python3', limit };
}

/** Absolute paths of reward profiles the user wrote, as set for the trace's folder. */
export function profilePaths(trace: vscode.Uri): readonly string[] {
  return pathsOf(vscode.workspace.getConfiguration(undefined, trace).get(settings.rewardsProfiles), trace);
}

/** What labelling a turn as the first error says of those behind it, as set for the trace's folder. */
export function afterFirstError(trace: vscode.Uri): 'wrong' | 'unset' {
  const set = vscode.workspace.getConfiguration(undefined, trace).get(settings.annotationsAfterFirstError);
  return set === 'unset' ? 'unset' : 'wrong';
}

export function imageDecoder(): ImageDecoder {
  return vscode.workspace.getConfiguration().get(settings.imagesDecoder) === 'webview' ? 'webview' : 'auto';
}

function pathsOf(value: unknown, trace: vscode.Uri): readonly string[] {
  const folder = workspaceFolder(trace);
  return (Array.isArray(value) ? value : [])
    .filter((entry): entry is string => typeof entry === 'string' && entry.trim() !== '')
    .map((entry) => resolveUserPath(entry, folder, homedir()));
}

function workspaceFolder(uri: vscode.Uri | undefined): string | null {
  const own = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
  const folder = own ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 1 ? Math.floor(value) : undefined;
}
