import * as vscode from 'vscode';
import type { ImageSetQuery } from '../../../protocol/imageSet';
import type { SetExported } from '../../../protocol/imageSetExport';
import type { ImageSetNotes } from '../../annotations/imageSetNotes';
import type { Children } from '../../children';
import { isSaved } from '../../export/isSaved';
import { askExport, type ExportPlan } from './askExport';
import type { ImageSetLink } from './imageSetLink';

/** What the page has on show when it asks for an export. */
export interface OnShow {
  /** Selected images, by their places in the file. */
  readonly selected: readonly number[];
  /** Null where everything is listed. */
  readonly query: ImageSetQuery | null;
}

export interface ExportParts {
  readonly uri: vscode.Uri;
  readonly link: ImageSetLink;
  readonly notes: ImageSetNotes;
  readonly children: Children;
  /** Folders that may hold the sidecar, beside its own. */
  readonly places: readonly string[];
}

/** *Export Images…*: asks which, as what and where, and writes them with their edits. Done when it was written or thought better of. */
export async function exportImages(parts: ExportParts, onShow: OnShow): Promise<void> {
  if (!(await isSaved(parts.uri))) return;
  const { formatTitle } = await parts.link.whenOpen();
  const plan = await askExport(parts.uri, formatTitle, parts.notes, onShow, parts.children.templates);
  const done = plan === null ? null : await written(parts, plan);
  if (plan === null || done === null) return;
  const { output } = plan;
  const reveal = vscode.l10n.t('Show in Explorer');
  const told = [toldOf(done, output), ...done.notes].join(' ');
  const said = await vscode.window.showInformationMessage(told, reveal);
  if (said === reveal) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(output));
}

function toldOf({ images, annotations, problemCount, problems }: SetExported, output: string): string {
  if (problemCount === 0)
    return vscode.l10n.t('{0} images with {1} annotations are in {2}.', images, annotations, output);
  return vscode.l10n.t(
    '{0} images with {1} annotations are in {2}. {3} things were left out, the first: {4}',
    images,
    annotations,
    output,
    problemCount,
    problems[0]?.message ?? '',
  );
}

/** Null when cancelled: nothing is left then. */
async function written({ link, children, places }: ExportParts, order: ExportPlan): Promise<SetExported | null> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('Exporting to {0}', order.output);
  return vscode.window.withProgress({ location, title, cancellable: true }, async (notification, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const { setId } = await link.whenOpen();
    let shown = 0;
    const following = children.onExporting(({ output, done, total }) => {
      if (output !== order.output) return;
      const percent = Math.floor((100 * done) / total);
      notification.report({ message: vscode.l10n.t('{0} %', percent), increment: percent - shown });
      shown = percent;
    });
    try {
      const patient = { signal: stop.signal, deadline: Number.POSITIVE_INFINITY };
      return await children.data('imageset/export', { setId, ...order, places }, patient);
    } catch (error) {
      if (stop.signal.aborted) return null;
      throw error;
    } finally {
      following.dispose();
    }
  });
}
