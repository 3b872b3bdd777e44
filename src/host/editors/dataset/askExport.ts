import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { TrainingChoice } from '../../../core/dataset/trainingSamples';
import {
  type ExportedImages,
  imagesRefusal,
  type SetExportChoice,
  type SetExportFormat,
  tasksOf,
  usualImages,
} from '../../../protocol/imageSetExport';
import type { ImageSetNotes } from '../../annotations/imageSetNotes';
import { betweenQuestions } from '../../betweenQuestions';
import { askTraining } from './askTraining';
import type { OnShow } from './exportImages';
import { ask, type Picked } from './pickExport';

/** An export as somebody described it. */
export interface ExportPlan {
  readonly to: SetExportFormat;
  readonly images: ExportedImages;
  readonly choice: SetExportChoice;
  readonly training?: TrainingChoice;
  /** Absolute. */
  readonly output: string;
}

const everything: SetExportChoice = { verdicts: [], tags: [], query: null, indices: null };

/** Which images, as what, what they are to teach, what becomes of the pictures, and where. Null when dismissed. */
export async function askExport(
  uri: vscode.Uri,
  own: string,
  notes: ImageSetNotes,
  onShow: OnShow,
  templates: string,
): Promise<ExportPlan | null> {
  const choice = await askChoice(notes, onShow);
  if (choice === null) return null;
  await betweenQuestions();
  const to = await askFormat(own);
  if (to === null) return null;
  const training = tasksOf(to).length === 0 ? {} : { training: await askTraining(to, templates) };
  if (training.training === null) return null;
  await betweenQuestions();
  const images = await askImages(to);
  if (images === null) return null;
  await betweenQuestions();
  const output = await askFolder(uri, to);
  if (output === null) return null;
  const { training: asked } = training;
  return { to, images, choice, output, ...(asked === undefined ? {} : { training: asked }) };
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
    {
      label: 'verl',
      description: vscode.l10n.t('parquet for reinforcement learning: prompts, ground truth, images inside'),
      value: 'verl',
    },
    {
      label: 'LLaMA-Factory',
      description: vscode.l10n.t('conversations for fine-tuning, and dataset_info.json'),
      value: 'llamafactory',
    },
    { label: 'ms-swift', description: vscode.l10n.t('messages for fine-tuning, boxes as objects'), value: 'ms-swift' },
    {
      label: vscode.l10n.t('{0}, as it is', own),
      description: vscode.l10n.t('its own format: what was not edited stays'),
      value: 'original',
    },
  ]);
}

function askImages(to: SetExportFormat): Promise<ExportedImages | null> {
  const items: readonly Picked<ExportedImages>[] = [
    { label: vscode.l10n.t('Embed'), description: vscode.l10n.t('in the files that are written'), value: 'embed' },
    { label: vscode.l10n.t('Copy'), value: 'copy' },
    { label: vscode.l10n.t('Link'), description: vscode.l10n.t('symbolic links to where they are'), value: 'link' },
    { label: vscode.l10n.t('Leave where they are'), value: 'none' },
  ];
  // What is usual comes first.
  const usual = usualImages(to);
  const allowed = items.filter(({ value }) => imagesRefusal(to, value) === null);
  return ask(
    vscode.l10n.t('The images themselves'),
    allowed.toSorted((a, b) => Number(b.value === usual) - Number(a.value === usual)),
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
