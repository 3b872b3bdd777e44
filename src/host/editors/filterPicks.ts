import * as vscode from 'vscode';
import type { FilterChip, SavedQuery, TraceQuery } from '../../protocol/query';
import type { Saved, SavedFilters, SavedQueries } from '../traces/savedFilters';

/** What a list of kept queries says in the words of what they ask for. */
export interface QueryWords<Q> {
  /** Nothing is kept yet. */
  readonly none: string;
  /** What a query asks, on the line of its name. */
  describe(query: Q): string;
  /** Columns that it names. */
  columnsOf(query: Q): readonly string[];
  /** What is opened lacks these columns. */
  lacks(columns: string): string;
}

/** Asks for a name and keeps the query under it; null when the user thought better of it. */
export async function saveQuery<Q>(filters: SavedQueries<Q>, query: Q, words: string): Promise<Saved<Q> | null> {
  const name = await askName(filters, vscode.l10n.t('Save Filter'), words, '');
  if (name === null) return null;
  const saved = { name, query };
  await filters.save(saved);
  return saved;
}

interface FilterItem<Q> extends vscode.QuickPickItem {
  readonly saved: Saved<Q>;
}

/**
 * The kept queries as VS Code's own list, with a button each to rename and to delete. `columns`: those there are; a
 * query that names another says so. Null when none was chosen.
 */
export async function pickQuery<Q>(
  filters: SavedQueries<Q>,
  columns: readonly string[],
  words: QueryWords<Q>,
): Promise<Saved<Q> | null> {
  if (filters.list().length === 0) {
    void vscode.window.showInformationMessage(words.none);
    return null;
  }
  for (;;) {
    const choice = await pickOnce(filters, columns, words);
    if (choice === null || choice.act === 'apply') return choice?.saved ?? null;
    if (choice.act === 'delete') await filters.remove(choice.saved.name);
    else {
      const to = await askName(filters, vscode.l10n.t('Rename Filter'), '', choice.saved.name);
      if (to !== null) await filters.rename(choice.saved.name, to);
    }
    if (filters.list().length === 0) return null;
  }
}

type Choice<Q> = { readonly act: 'apply' | 'rename' | 'delete'; readonly saved: Saved<Q> };

async function pickOnce<Q>(
  filters: SavedQueries<Q>,
  columns: readonly string[],
  words: QueryWords<Q>,
): Promise<Choice<Q> | null> {
  const rename = { iconPath: new vscode.ThemeIcon('edit'), tooltip: vscode.l10n.t('Rename') };
  const remove = { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Delete') };
  const pick = vscode.window.createQuickPick<FilterItem<Q>>();
  pick.title = vscode.l10n.t('Saved Filters');
  pick.placeholder = vscode.l10n.t('Choose a filter to apply');
  pick.matchOnDescription = true;
  pick.items = filters.list().map((saved) => {
    const lacking = [...new Set(words.columnsOf(saved.query).filter((column) => !columns.includes(column)))];
    return {
      label: saved.name,
      description: words.describe(saved.query),
      ...(lacking.length === 0 ? {} : { detail: words.lacks(lacking.join(', ')) }),
      buttons: [rename, remove],
      saved,
    };
  });
  try {
    return await new Promise<Choice<Q> | null>((resolve) => {
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item !== undefined) resolve({ act: 'apply', saved: item.saved });
      });
      pick.onDidTriggerItemButton(({ item, button }) =>
        resolve({ act: button === rename ? 'rename' : 'delete', saved: item.saved }),
      );
      pick.onDidHide(() => resolve(null));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

/** Columns that conditions name. */
export function columnsOfChips(chips: readonly FilterChip[]): readonly string[] {
  return chips.flatMap((chip) => {
    if (chip.kind === 'text') return [];
    return chip.kind === 'lasso' ? [chip.x, chip.y] : [chip.column];
  });
}

/** What conditions ask, each in a word or two. */
export function describeChips(chips: readonly FilterChip[], where: string): readonly string[] {
  const parts = chips.map((chip) => {
    if (chip.kind === 'text') return `“${chip.text}”`;
    return chip.kind === 'lasso' ? `${chip.x} × ${chip.y}` : chip.column;
  });
  return where === '' ? parts : [...parts, `WHERE ${where}`];
}

const traceWords: QueryWords<TraceQuery> = {
  get none() {
    return vscode.l10n.t('No filter is saved in this workspace. Filter or sort the rollouts, then save what you set.');
  },
  describe: ({ chips, where, sort }) => {
    const order = sort === null ? [] : [vscode.l10n.t('sorted by {0} {1}', sort.of, sort.column)];
    return [...describeChips(chips, where), ...order].join(' · ');
  },
  columnsOf: ({ chips, sort }) => [...columnsOfChips(chips), ...(sort === null ? [] : [sort.column])],
  lacks: (columns) => vscode.l10n.t('$(warning) This trace has no column {0}', columns),
};

/** Lets the user choose, rename and delete kept filters of rollouts. */
export const pickFilter = (filters: SavedFilters, columns: readonly string[]): Promise<SavedQuery | null> =>
  pickQuery(filters, columns, traceWords);

/** Null when the user left. A name that is taken may be taken over, and says so. */
async function askName<Q>(
  filters: SavedQueries<Q>,
  title: string,
  prompt: string,
  value: string,
): Promise<string | null> {
  const name = await vscode.window.showInputBox({
    title,
    ...(prompt === '' ? {} : { prompt }),
    value,
    placeHolder: vscode.l10n.t('Name'),
    validateInput: (text) => {
      const typed = text.trim();
      if (typed === '') return vscode.l10n.t('A name is needed.');
      if (typed.length > 200) return vscode.l10n.t('The name is too long.');
      if (typed === value || !filters.list().some((one) => one.name === typed)) return null;
      const message = vscode.l10n.t('A filter of this name is replaced.');
      return { message, severity: vscode.InputBoxValidationSeverity.Warning };
    },
  });
  return name === undefined ? null : name.trim();
}
