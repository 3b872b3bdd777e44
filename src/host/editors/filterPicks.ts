import * as vscode from 'vscode';
import type { SavedQuery, TraceQuery } from '../../protocol/query';
import type { SavedFilters } from '../traces/savedFilters';

/** Asks for a name and keeps the query under it; null when the user thought better of it. */
export async function saveFilter(filters: SavedFilters, query: TraceQuery, words: string): Promise<SavedQuery | null> {
  const name = await askName(filters, vscode.l10n.t('Save Filter'), words, '');
  if (name === null) return null;
  const saved = { name, query };
  await filters.save(saved);
  return saved;
}

interface FilterItem extends vscode.QuickPickItem {
  readonly saved: SavedQuery;
}

/**
 * The kept filters as VS Code's own list, with a button each to rename and to delete. `columns`: those the trace has; a
 * filter that names another says so. Null when none was chosen.
 */
export async function pickFilter(filters: SavedFilters, columns: readonly string[]): Promise<SavedQuery | null> {
  if (filters.list().length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No filter is saved in this workspace. Filter or sort the rollouts, then save what you set.'),
    );
    return null;
  }
  for (;;) {
    const choice = await pickOnce(filters, columns);
    if (choice === null || choice.act === 'apply') return choice?.saved ?? null;
    if (choice.act === 'delete') await filters.remove(choice.saved.name);
    else {
      const to = await askName(filters, vscode.l10n.t('Rename Filter'), '', choice.saved.name);
      if (to !== null) await filters.rename(choice.saved.name, to);
    }
    if (filters.list().length === 0) return null;
  }
}

type Choice = { readonly act: 'apply' | 'rename' | 'delete'; readonly saved: SavedQuery };

async function pickOnce(filters: SavedFilters, columns: readonly string[]): Promise<Choice | null> {
  const rename = { iconPath: new vscode.ThemeIcon('edit'), tooltip: vscode.l10n.t('Rename') };
  const remove = { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Delete') };
  const pick = vscode.window.createQuickPick<FilterItem>();
  pick.title = vscode.l10n.t('Saved Filters');
  pick.placeholder = vscode.l10n.t('Choose a filter to apply');
  pick.matchOnDescription = true;
  pick.items = filters.list().map((saved) => ({
    label: saved.name,
    description: describe(saved.query),
    ...lack(saved.query, columns),
    buttons: [rename, remove],
    saved,
  }));
  try {
    return await new Promise<Choice | null>((resolve) => {
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

/** What a filter asks, on the line of its name. */
function describe({ chips, where, sort }: TraceQuery): string {
  const parts = chips.map((chip) => {
    if (chip.kind === 'text') return `“${chip.text}”`;
    return chip.kind === 'lasso' ? `${chip.x} × ${chip.y}` : chip.column;
  });
  if (where !== '') parts.push(`WHERE ${where}`);
  if (sort !== null) parts.push(vscode.l10n.t('sorted by {0} {1}', sort.of, sort.column));
  return parts.join(' · ');
}

function lack({ chips, sort }: TraceQuery, columns: readonly string[]): { readonly detail?: string } {
  const named = chips.flatMap((chip) => {
    if (chip.kind === 'text') return [];
    return chip.kind === 'lasso' ? [chip.x, chip.y] : [chip.column];
  });
  const lacking = [...named, ...(sort === null ? [] : [sort.column])].filter((name) => !columns.includes(name));
  if (lacking.length === 0) return {};
  return { detail: vscode.l10n.t('$(warning) This trace has no column {0}', [...new Set(lacking)].join(', ')) };
}

/** Null when the user left. A name that is taken may be taken over, and says so. */
async function askName(filters: SavedFilters, title: string, prompt: string, value: string): Promise<string | null> {
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
