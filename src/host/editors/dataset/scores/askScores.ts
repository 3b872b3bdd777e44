import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../../core/text/userError';
import type { ScoreColumn, ScoreSource, ScoreTableInfo } from '../../../../protocol/imageSetScores';

const ruleWords = {
  key: () => vscode.l10n.t('the image’s id'),
  file: () => vscode.l10n.t('the image’s path'),
  name: () => vscode.l10n.t('the name of the image’s file'),
  stem: () => vscode.l10n.t('the name of the image’s file without its ending'),
} as const;

/** The file of a table; null when thought better of. */
export async function askTable(set: vscode.Uri): Promise<string | null> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Table with Scores or Embeddings'),
    defaultUri: vscode.Uri.file(dirname(set.fsPath)),
    filters: {
      [vscode.l10n.t('Tables')]: ['csv', 'tsv', 'json', 'jsonl', 'ndjson', 'parquet', 'npy'],
      [vscode.l10n.t('All Files')]: ['*'],
    },
    openLabel: vscode.l10n.t('Import'),
  });
  return chosen?.[0]?.fsPath ?? null;
}

type Picked<T> = vscode.QuickPickItem & { readonly value: T };

/** Which of its columns name images, best guess first, and which hold what is wanted; null when thought better of. */
export async function askColumns(path: string, table: ScoreTableInfo): Promise<ScoreSource | null> {
  const title = vscode.l10n.t('Import from {0}', basename(path));
  const key = table.inOrder ? null : await askKey(title, table);
  if (key === undefined) return null;
  const values = table.columns.filter(({ name, kind }) => kind !== 'text' && name !== key?.column);
  if (values.length === 0) throw new UserError(vscode.l10n.t('{0} has no column of numbers or vectors.', path));
  const only = values.length === 1 ? values[0] : undefined;
  const value =
    only ??
    (await ask(
      title,
      vscode.l10n.t('Column with the score, or the embedding'),
      values.map((column) => ({
        label: column.name,
        description: column.kind === 'vector' ? vscode.l10n.t('vectors: an embedding to sample by') : '',
        value: column,
      })),
    ));
  if (value === undefined || value.kind === 'text') return null;
  return { path, key, value: value.name, kind: value.kind };
}

async function askKey(
  title: string,
  { columns, looked }: ScoreTableInfo,
): Promise<NonNullable<ScoreSource['key']> | undefined> {
  // The sort is stable: of columns that match as often the first stays first.
  const fitting = columns.filter(({ matches }) => matches > 0).sort((a, b) => b.matches - a.matches);
  if (fitting.length === 0)
    throw new UserError(
      vscode.l10n.t('No column names images of this set: its first {0} rows hold no id and no file of any.', looked),
    );
  const items = fitting.map((column, at): Picked<ScoreColumn> => {
    const words = vscode.l10n.t(
      '{0} of {1} rows name an image, by {2}',
      column.matches,
      looked,
      ruleWords[column.rule](),
    );
    return {
      label: column.name,
      description: at === 0 ? vscode.l10n.t('{0} (best match)', words) : words,
      value: column,
    };
  });
  const column = await ask(title, vscode.l10n.t('Column that names the images'), items);
  return column === undefined ? undefined : { column: column.name, rule: column.rule };
}

async function ask<T>(title: string, placeHolder: string, items: readonly Picked<T>[]): Promise<T | undefined> {
  return (await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.value;
}
