import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import {
  type CudaArchive,
  downloadArchive,
  namedArchive,
  publishedArchive,
  releasesPage,
} from '../../inference/cuda/cudaArchive';
import { cudaLibraries, takeLibraries } from '../../inference/cuda/cudaLibraries';
import { settings } from '../ids';

/**
 * *Saccade: Download CUDA Provider*: the libraries that ONNX Runtime's package for Linux leaves out. Size and checksum are looked up where the
 * build is published, shown before anything is fetched, and hold; where they cannot be looked up the user names an address and a checksum.
 */
export async function downloadCuda(context: vscode.ExtensionContext): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new UserError('There is a CUDA provider for Linux on x64 only; this machine has others: see docs/models.md.');
  const version = await runtimeVersion(context);
  const archive = await lookUp(version);
  if (archive === null || !(await agreed(archive, version))) return;
  const folder = join(context.globalStorageUri.fsPath, 'cuda', version);
  if (!(await installed(archive, folder))) return;
  const config = vscode.workspace.getConfiguration();
  await config.update(settings.segmentationCudaLibraries, folder, vscode.ConfigurationTarget.Global);
  await offerDevice();
}

async function runtimeVersion(context: vscode.ExtensionContext): Promise<string> {
  const beside = createRequire(context.asAbsolutePath(join('dist', 'extension.js')));
  const path = beside.resolve('onnxruntime-node/package.json');
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { readonly version: string };
  return version;
}

/** Null when the user gave up. */
async function lookUp(version: string): Promise<CudaArchive | null> {
  try {
    return await withSignal(vscode.l10n.t('Looking up ONNX Runtime {0}', version), (signal) =>
      publishedArchive(version, signal),
    );
  } catch (error) {
    if (!UserError.is(error)) throw error;
    const name = vscode.l10n.t('Enter Address…');
    const page = vscode.l10n.t('Open Release Page');
    const said = await vscode.window.showWarningMessage(
      vscode.l10n.t('What is published for ONNX Runtime {0} could not be looked up: {1}', version, error.message),
      name,
      page,
    );
    if (said === page) await vscode.env.openExternal(vscode.Uri.parse(`${releasesPage}/v${version}`));
    return said === name ? askArchive(version) : null;
  }
}

async function askArchive(version: string): Promise<CudaArchive | null> {
  const title = vscode.l10n.t('CUDA Provider of ONNX Runtime {0}', version);
  const url = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Address of the .tgz archive, as on the release page or a mirror of yours.'),
    value: `${releasesPage.replace('/tag', '/download')}/v${version}/onnxruntime-linux-x64-gpu-${version}.tgz`,
    ignoreFocusOut: true,
  });
  if (url === undefined) return null;
  const sha256 = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Its SHA-256, as the release page shows beside the file.'),
    ignoreFocusOut: true,
  });
  return sha256 === undefined ? null : namedArchive(url, sha256);
}

async function agreed({ url, bytes, sha256 }: CudaArchive, version: string): Promise<boolean> {
  const download = vscode.l10n.t('Download');
  const size = bytes === null ? vscode.l10n.t('unknown size') : `${Math.round(bytes / 2 ** 20)} MiB`;
  const detail = [
    url,
    vscode.l10n.t('Size: {0}', size),
    `SHA-256: ${sha256}`,
    vscode.l10n.t(
      'Two libraries are taken out of it. They need CUDA 12 and cuDNN 9, which have to be on this machine.',
    ),
  ].join('\n\n');
  const message = vscode.l10n.t('Download the CUDA provider of ONNX Runtime {0}?', version);
  return (await vscode.window.showInformationMessage(message, { modal: true, detail }, download)) === download;
}

async function installed(archive: CudaArchive, folder: string): Promise<boolean> {
  const title = vscode.l10n.t('Downloading the CUDA provider');
  const done = await withSignal(title, async (signal, report) => {
    const path = await downloadArchive(archive, dirname(folder), {
      signal,
      onProgress: (bytes) => report(bytes, archive.bytes),
    });
    try {
      await takeLibraries(path, folder, signal);
      return true;
    } finally {
      await rm(path, { force: true });
    }
  });
  return done ?? false;
}

/** Null when it was called off. */
function withSignal<T>(
  title: string,
  work: (signal: AbortSignal, report: (bytes: number, of: number | null) => void) => Promise<T>,
): Promise<T | null> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, async (bar, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      try {
        return await work(stop.signal, (bytes, of) => {
          const megabytes = Math.floor(bytes / 2 ** 20);
          if (megabytes === shown) return;
          const increment = of === null ? 0 : ((megabytes - shown) * 2 ** 20 * 100) / of;
          bar.report({ message: `${megabytes} MiB`, increment });
          shown = megabytes;
        });
      } catch (error) {
        if (stop.signal.aborted) return null;
        throw error;
      }
    }),
  );
}

/** To have the libraries is not yet the leave to use the device. */
async function offerDevice(): Promise<void> {
  const allow = vscode.l10n.t('Allow CUDA on This Machine');
  const message = vscode.l10n.t(
    '{0} are in place. The CPU is used until you allow a device.',
    cudaLibraries.join(', '),
  );
  if ((await vscode.window.showInformationMessage(message, allow)) === allow)
    await vscode.workspace
      .getConfiguration()
      .update(settings.segmentationDevice, 'cuda', vscode.ConfigurationTarget.Global);
}
