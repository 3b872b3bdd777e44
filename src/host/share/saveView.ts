import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import type { ViewChoice } from '../../protocol/share';
import type { TraceSession } from '../traces/traceSession';

/** Asks what of the picture is saved, as what, and how large. */
export async function chooseView(zoomed: boolean): Promise<ViewChoice | null> {
  const whole = vscode.l10n.t('The whole image');
  const visible = vscode.l10n.t('What is on screen of it');
  const kinds = (['svg', 'png'] as const).flatMap((format) =>
    (zoomed ? (['visible', 'all'] as const) : (['all'] as const)).map((part) => ({
      label: part === 'all' ? whole : visible,
      description: format.toUpperCase(),
      detail: format === 'svg' ? vscode.l10n.t('Lines stay sharp, text can be selected') : '',
      format,
      part,
    })),
  );
  const title = vscode.l10n.t('Save View');
  const kind = await vscode.window.showQuickPick(kinds, {
    title,
    placeHolder: vscode.l10n.t('What, and as what?'),
    matchOnDescription: true,
  });
  if (kind === undefined) return null;
  const scales = [
    { label: vscode.l10n.t('1600 pixels wide'), scale: 1, width: 1600 },
    { label: vscode.l10n.t('One pixel for a pixel of the image'), scale: 1, width: null },
    { label: vscode.l10n.t('Two pixels'), scale: 2, width: null },
    { label: vscode.l10n.t('Four pixels'), scale: 4, width: null },
    { label: vscode.l10n.t('Half a pixel'), scale: 0.5, width: null },
  ];
  const size = await vscode.window.showQuickPick(scales, { title, placeHolder: vscode.l10n.t('How large?') });
  const { format, part } = kind;
  return size === undefined ? null : { format, part, scale: size.scale, width: size.width };
}

/** Asks for a file beside the trace and writes it. */
export async function saveAs(
  session: TraceSession,
  ending: 'svg' | 'png' | 'html',
  content: string | Uint8Array,
): Promise<boolean> {
  const { path } = session;
  const name = `${basename(path, extname(path))}.${ending}`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(dirname(path), name)),
    filters: { [ending.toUpperCase()]: [ending] },
  });
  if (target === undefined) return false;
  await vscode.workspace.fs.writeFile(
    target,
    typeof content === 'string' ? new TextEncoder().encode(content) : content,
  );
  return true;
}
