import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { ImageSetQuery } from '../../../protocol/imageSet';
import {
  type ExportedImages,
  imagesRefusal,
  type SetExportChoice,
  type SetExported,
  type SetExportFormat,
} from '../../../protocol/imageSetExport';
import type { ImageSetNotes } from '../../annotations/imageSetNotes';
import { betweenQuestions } from '../../betweenQuestions';
import type { Children } from '../../children';
import { isSaved } from '../../export/isSaved';
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

const everything: SetExportChoice = { verdicts: [], tags: [], query: null, indices: null };

/** *Export Images…*: asks which, as what and where, and writes them with their edits. Done when it was written or thought better of. */
export async function exportImages(parts: ExportParts, onShow: OnShow): Promise<void> {
  if (!(await isSaved(parts.uri))) return;
  const choice = await askChoice(parts.notes, onShow);
  if (choice === null) return;
  const { formatTitle } = await parts.link.whenOpen();
  await betweenQuestions();
  const to = await askFormat(formatTitle);
  if (to === null) return;
  await betweenQuestions();
  const images = await askImages(to);
  if (images === null) return;
  await betweenQuestions();
  const output = await askFolder(parts.uri, to);
  if (output === null) return;
  const done = await written(parts, { to, images, choice, output });
  if (done === null) return;
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

type Picked<T> = vscode.QuickPickItem & { readonly value: T };

async function ask<T>(placeHolder: string, items: readonly Picked<T>[]): Promise<T | null> {
  const title = vscode.l10n.t('Export Images');
  const said = await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true });
  return said?.value ?? null;
}

async function askChoice(notes: ImageSetNotes, { selected, query }: OnShow): Promise<SetExportChoice | null> {
  const marks = await notes.marks();
  const tags = [...new Set(marks.flatMap(([, of]) => of.tags))];
  const accepted = marks.filter(([, { verdict }]) => verdict === 'accept').length;
  const items: Picked<SetExportChoice>[] = [{ label: vscode.l10n.t('All images'), value: everything }];
  if (query !== null) items.unshift({ label: vscode.l10n.t('What is listed'), value: { ...everything, query } });
  if (selected.length > 0) {
    const description = String(selected.length);
    items.unshift({ label: vscode.l10n.t('Selected'), description, value: { ...everything, indices: selected } });
  }
  if (accepted > 0) {
    const value: SetExportChoice = { ...everything, verdicts: ['accept'] };
    items.push({ label: vscode.l10n.t('Accepted'), description: String(accepted), value });
  }
  for (const tag of tags) {
    const description = String(marks.filter(([, of]) => of.tags.includes(tag)).length);
    items.push({ label: vscode.l10n.t('Tagged {0}', tag), description, value: { ...everything, tags: [tag] } });
  }
  return items.length === 1 ? everything : ask(vscode.l10n.t('Which images'), items);
}

function askFormat(own: string): Promise<SetExportFormat | null> {
  return ask<SetExportFormat>(vscode.l10n.t('As what'), [
    { label: 'COCO', description: vscode.l10n.t('annotations.json: boxes, polygons, masks as RLE'), value: 'coco' },
    { label: 'YOLO', description: vscode.l10n.t('data.yaml and a label file an image: boxes'), value: 'yolo' },
    {
      label: vscode.l10n.t('Parquet of Hugging Face'),
      description: vscode.l10n.t('a file a split that datasets opens: boxes, questions, images inside'),
      value: 'hf',
    },
    { label: own, description: vscode.l10n.t('its own format: what was not edited stays'), value: 'original' },
  ]);
}

function askImages(to: SetExportFormat): Promise<ExportedImages | null> {
  const items: readonly Picked<ExportedImages>[] = [
    { label: vscode.l10n.t('Embed'), description: vscode.l10n.t('in the files that are written'), value: 'embed' },
    { label: vscode.l10n.t('Copy'), value: 'copy' },
    { label: vscode.l10n.t('Link'), description: vscode.l10n.t('symbolic links to where they are'), value: 'link' },
    { label: vscode.l10n.t('Leave where they are'), value: 'none' },
  ];
  return ask(
    vscode.l10n.t('The images themselves'),
    items.filter(({ value }) => imagesRefusal(to, value) === null),
  );
}

async function askFolder(uri: vscode.Uri, to: SetExportFormat): Promise<string | null> {
  const name = basename(uri.fsPath).replace(/\.[^.]+$/, '');
  const chosen = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Folder to write, new or empty'),
    defaultUri: vscode.Uri.file(join(dirname(uri.fsPath), `${name}-${to}`)),
    saveLabel: vscode.l10n.t('Export'),
  });
  return chosen?.scheme === 'file' ? chosen.fsPath : null;
}

/** Null when cancelled: nothing is left then. */
async function written(
  { link, children, places }: ExportParts,
  order: {
    readonly to: SetExportFormat;
    readonly images: ExportedImages;
    readonly choice: SetExportChoice;
    readonly output: string;
  },
): Promise<SetExported | null> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('Exporting to {0}', order.output);
  return vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const { setId } = await link.whenOpen();
    try {
      const patient = { signal: stop.signal, deadline: Number.POSITIVE_INFINITY };
      return await children.data('imageset/export', { setId, ...order, places }, patient);
    } catch (error) {
      if (stop.signal.aborted) return null;
      throw error;
    }
  });
}
