import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Handlers } from '../../../../protocol/channel';
import type { DatasetCurateHostMethods, ImportedScores } from '../../../../protocol/datasetCurate';
import type { SamplingProgress, ScoresImported } from '../../../../protocol/imageSetScores';
import type { ImageSetLink } from '../imageSetLink';
import { askColumns, askTable } from './askScores';
import type { SetImports } from './setImports';

export interface CurateParts {
  readonly uri: vscode.Uri;
  readonly link: ImageSetLink;
  readonly imports: SetImports;
  readonly onSampling: (listener: (progress: SamplingProgress) => void) => vscode.Disposable;
}

const patient = { deadline: Number.POSITIVE_INFINITY };

/** What a page may ask for when images are chosen by numbers. */
export function curateHandlers(parts: CurateParts): Handlers<DatasetCurateHostMethods> {
  const { link, imports } = parts;
  return {
    'scores/import': (_, signal) => importScores(parts, signal),
    'set/embeddings': async (_, signal) => {
      await imports.settled();
      return link.ask('imageset/embeddings', {}, { signal });
    },
    'set/sortedValues': (asked, signal) => link.ask('imageset/sortedValues', asked, { signal, ...patient }),
    'set/difficulty': ({ source }) => imports.setDifficulty(source),
    'set/sample': (asked, signal) => sample(parts, asked, signal),
  };
}

/** *Import Scores…*: asks for a table and two of its columns, and says what became of its rows. */
async function importScores(parts: CurateParts, signal: AbortSignal): Promise<ImportedScores | null> {
  const path = await askTable(parts.uri);
  if (path === null) return null;
  const reading = vscode.l10n.t('Reading {0}', basename(path));
  const table = await stoppable(reading, signal, (until) =>
    parts.link.ask('imageset/scoreTable', { path }, { signal: until, ...patient }),
  );
  const source = table === null ? null : await askColumns(path, table);
  if (source === null) return null;
  const done = await stoppable(reading, signal, (until) => parts.imports.add(source, until));
  if (done === null) return null;
  if (done.problems.length > 0) void tellLeftOut(basename(path), done);
  return { ...done, kind: source.kind };
}

async function tellLeftOut(name: string, done: ScoresImported): Promise<void> {
  const { rows, unmatched, duplicates, absent, problems } = done;
  const parts = [
    ...(unmatched > 0 ? [vscode.l10n.t('{0} of {1} rows name no image', unmatched, rows)] : []),
    ...(duplicates > 0 ? [vscode.l10n.t('{0} of {1} rows give an image a second value', duplicates, rows)] : []),
  ];
  const details = vscode.l10n.t('Show Rows');
  const words = parts.length > 0 ? parts.join(', ') : vscode.l10n.t('{0} of {1} rows have no value', absent, rows);
  const said = await vscode.window.showWarningMessage(vscode.l10n.t('{0}: {1}.', name, words), details);
  if (said !== details) return;
  const content = problems.map(({ message }) => message).join('\n');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }), { preview: true });
}

/** Farthest points of a large embedding take minutes. */
function sample({ link, imports, onSampling }: CurateParts, asked: Asked, signal: AbortSignal) {
  if (asked.strategy.kind !== 'farthest')
    return imports.settled().then(() => link.ask('imageset/sample', asked, { signal, ...patient }));
  return stoppable(vscode.l10n.t('Choosing the farthest points'), signal, async (until, progress) => {
    await imports.settled();
    const { setId } = await link.whenOpen();
    let before = 0;
    const listening = onSampling(({ setId: of, chosen, wanted }) => {
      if (of !== setId) return;
      progress.report({
        message: vscode.l10n.t('{0} of {1} images', chosen, wanted),
        increment: (100 * (chosen - before)) / wanted,
      });
      before = chosen;
    });
    try {
      return await link.ask('imageset/sample', asked, { signal: until, ...patient });
    } finally {
      listening.dispose();
    }
  });
}

type Asked = Parameters<DatasetCurateHostMethods['set/sample']>[0];

/** Work under VS Code's progress; null when the user stopped it. */
async function stoppable<T>(
  title: string,
  signal: AbortSignal,
  work: (signal: AbortSignal, progress: vscode.Progress<{ message?: string; increment?: number }>) => Promise<T>,
): Promise<T | null> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    try {
      return await work(AbortSignal.any([signal, stop.signal]), progress);
    } catch (error) {
      if (stop.signal.aborted) return null;
      throw error;
    }
  });
}
