import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { clickCurvesSvg } from '../../core/picture/clickCurvesSvg';
import { UserError } from '../../core/text/userError';
import { runCli } from '../export/runCli';
import { segmentationModel } from '../settings';
import { targetUris } from '../targets';

const mean = z.object({ mean: z.nullable(z.number()), error: z.nullable(z.number()) });
const summary = z.object({
  model: z.string(),
  maxClicks: z.int(),
  count: z.int(),
  iou: z.array(z.extend(mean, { clicks: z.int() })).check(z.maxLength(1000)),
  noc: z.array(z.extend(mean, { target: z.number() })),
  nof: z.array(z.object({ target: z.number(), count: z.int() })),
});

/**
 * *Simulate Clicks…*: a simulated annotator clicks the objects of a dataset through the model in use; IoU by click, NoC and NoF
 * are shown as a plot, an SVG that can be kept.
 */
export async function simulateClicks(args: readonly unknown[], entry: string, folder: string): Promise<void> {
  const [uri] = targetUris(args);
  if (uri?.scheme !== 'file') throw new UserError(vscode.l10n.t('Open or select a dataset with masks first.'));
  const clicks = await vscode.window.showInputBox({
    title: vscode.l10n.t('Simulate Clicks on {0}', basename(uri.fsPath)),
    prompt: vscode.l10n.t('Clicks on each object at most'),
    value: '20',
    ignoreFocusOut: true,
    validateInput: (text) => (/^[1-9]\d{0,2}$/.test(text.trim()) ? undefined : vscode.l10n.t('1 to 999 are expected.')),
  });
  if (clicks === undefined) return;
  const model = segmentationModel();
  const title = vscode.l10n.t('Clicking the objects of {0} through {1}', basename(uri.fsPath), basename(model));
  const location = vscode.ProgressLocation.Notification;
  const json = await vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const asked = ['simulate', uri.fsPath, '--model', model, '--max-clicks', clicks.trim(), '--json'];
    return runCli(entry, asked, stop.signal);
  });
  if (json === null) return;
  const found = z.safeParse(summary, JSON.parse(json));
  if (!found.success) throw new Error(`saccade simulate printed something else: ${found.error.message}`);
  if (found.data.count === 0)
    throw new UserError(vscode.l10n.t('{0} holds no object that could be clicked.', uri.fsPath));
  const name = `${basename(uri.fsPath)} · ${basename(found.data.model)}`;
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name.replace(/[^\w.-]+/g, '-')}-clicks.svg`);
  await writeFile(path, clickCurvesSvg(name, found.data));
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), 'imagePreview.previewEditor');
}
