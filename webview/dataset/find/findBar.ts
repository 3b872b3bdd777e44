import { datasetPresets } from '../../../src/core/dataset/presets';
import type { FilterChip } from '../../../src/protocol/query';
import { editChip } from '../../filter/chipEditor';
import { chipWords } from '../../filter/chipWords';
import { SqlInput } from '../../filter/sqlInput';
import { onAny } from '../../rollouts/store/signal';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton, linkButton, setPressed } from '../../ui/iconButton';
import { inputBox } from '../../ui/inputBox';
import type { DatasetSession } from '../store/session';
import type { FindStore } from './findStore';
import { columnsOf, definedColumns, foundWords, isFiltered, queryWords, sortWords } from './findWords';
import { addFilter, conditionOf, groupMenu, sortMenu } from './menus';

/** The bar above the grid: search, conditions as chips, SQL, order and groups, and what was found. */
export class FindBar {
  readonly element: HTMLElement;
  /** The search and its buttons, for the toolbar. */
  readonly tools: readonly HTMLElement[];
  private readonly search: HTMLInputElement;
  private readonly sqlToggle: HTMLButtonElement;
  private readonly add: HTMLButtonElement;
  private readonly sort: HTMLButtonElement;
  private readonly group: HTMLButtonElement;
  private readonly sql: SqlInput;
  private readonly chips = el('div', { class: 'filter-chips', role: 'group', aria: { label: 'Filters' } });
  private readonly error = el('div', { class: 'input-error', id: 'find-error', role: 'alert', hidden: true });
  private readonly found = div('found-line');
  private readonly none = div(
    'filter-none',
    div('', 'No image matches.'),
    linkButton('Clear all', () => this.store.clear()),
  );
  /** Whose definitions are in force, and what they measure. */
  private readonly about = div('preset-about quiet');
  private readonly running = el('div', {
    class: 'endless-line',
    role: 'progressbar',
    aria: { label: 'Filtering' },
    hidden: true,
  });
  private runningTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly session: DatasetSession,
    readonly store: FindStore,
  ) {
    this.search = inputBox({
      label: 'Search file names',
      placeholder: 'Search file names',
      class: 'search-field',
      onEnter: (text) => store.search(text.trim()),
    });
    // An emptied field ends the search without Enter, as the search view's does.
    this.search.addEventListener('input', () => {
      if (this.search.value === '' && store.text !== '') store.search('');
    });
    this.sqlToggle = iconButton({
      icon: 'database',
      label: 'SQL condition',
      keys: 'W',
      pressed: false,
      onClick: () => this.toggleSql(),
    });
    this.add = iconButton({ icon: 'filter', label: 'Add a filter', keys: 'Shift+F', onClick: () => this.openAdd() });
    this.sort = iconButton({ icon: 'sort-precedence', label: 'Sort', keys: 'S', onClick: () => this.openSort() });
    this.group = iconButton({ icon: 'group-by-ref-type', label: 'Group', keys: 'G', onClick: () => this.openGroup() });
    const saved = iconButton({ icon: 'bookmark', label: 'Saved filters', onClick: () => void this.pick() });
    this.tools = [div('search-box', this.search, this.sqlToggle), this.add, this.sort, this.group, saved];
    this.sql = new SqlInput({
      columns: () => store.columns.value,
      example: "label = 'person' AND boxArea < 1024",
      onEnter: (where) => store.where(where),
    });
    this.sql.element.hidden = true;
    this.element = el(
      'div',
      { class: 'find-bar', role: 'search', aria: { label: 'Filter the images' } },
      this.sql.element,
      this.error,
      div('find-line', this.chips, this.found),
      this.about,
      this.none,
      this.running,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && store.cancel()) event.preventDefault();
    });
    onAny(() => this.paint(), [store.query, store.columns]);
    onAny(() => this.paintFound(), [session.listing, session.progress, session.selection.images]);
    store.status.on(() => this.paintStatus());
    this.paint();
  }

  focusSearch(): void {
    this.search.focus();
    this.search.select();
  }

  openAdd(): void {
    void addFilter(this.add, this.store);
  }

  openSort(): void {
    void sortMenu(this.sort, this.store);
  }

  openGroup(): void {
    void groupMenu(this.group, this.store);
  }

  /** Opens the field with the keyboard in it; closing it takes its condition away, not its text. */
  toggleSql(): void {
    const { element } = this.sql;
    const { store } = this;
    element.hidden = !element.hidden;
    setPressed(this.sqlToggle, !element.hidden);
    this.paintFound();
    if (!element.hidden) {
      void store.loadColumns();
      this.sql.focus();
    } else if (store.query.value.where !== '') {
      const { value } = this.sql;
      store.where('');
      this.sql.value = value;
    }
  }

  async save(): Promise<void> {
    const query = this.store.query.value;
    const words = queryWords(query);
    if (words === '') {
      this.session.say('There is no filter to save.');
      return;
    }
    try {
      const params = { query, words };
      const saved = await this.session.host.call('filters/save', params, { deadline: Number.POSITIVE_INFINITY });
      if (saved !== null) this.session.say(`Saved as “${saved.name}”.`);
    } catch (error) {
      this.session.report(error);
    }
  }

  /** The saved filters, in VS Code's own list. */
  async pick(): Promise<void> {
    const columns = (await this.store.loadColumns()).map(({ name }) => name);
    try {
      const chosen = await this.session.host.call('filters/pick', { columns }, { deadline: Number.POSITIVE_INFINITY });
      if (chosen === null) return;
      const lacking = columnsOf(chosen.query).filter((name) => !columns.includes(name));
      if (lacking.length > 0) this.session.say(`This set has no column ${lacking.join(', ')}.`);
      else this.store.apply(chosen.query);
    } catch (error) {
      this.session.report(error);
    }
  }

  private paint(): void {
    const { query, text } = this.store;
    if (document.activeElement !== this.search || text !== '') this.search.value = text;
    const { sort, chips, where, groupBy } = query.value;
    this.sql.value = where;
    if (where !== '') {
      this.sql.element.hidden = false;
      setPressed(this.sqlToggle, true);
    }
    this.sort.classList.toggle('on', sort !== null);
    this.sort.title = sort === null ? 'Sort (S)' : `Sorted by ${sortWords(sort)} (S)`;
    this.group.classList.toggle('on', groupBy !== null);
    this.group.title = groupBy === null ? 'Group (G)' : `Grouped by ${groupBy} (G)`;
    const shown = chips.filter(({ kind }) => kind !== 'text').map((chip) => this.chip(chip));
    if (sort !== null) shown.push(this.sortChip(sort.column, sort.descending));
    if (groupBy !== null) shown.push(this.groupChip(groupBy));
    fill(this.chips, ...shown);
    const presets = datasetPresets.filter((one) => this.store.has(conditionOf(one)));
    const named = [...presets, ...definedColumns(query.value, this.store.columns.value)];
    setText(this.about, named.map(({ about }) => about).join(' '));
    this.about.hidden = named.length === 0;
    this.paintFound();
  }

  private chip(chip: FilterChip): HTMLElement {
    const words = chipWords(chip);
    const open = textButton(words, [words]);
    open.addEventListener('click', () => void this.edit(open, chip));
    return closable(open, words, () => this.store.put(null, chip));
  }

  private sortChip(column: string, descending: boolean): HTMLElement {
    const open = textButton(`Sorted by ${column}`, [icon(descending ? 'arrow-down' : 'arrow-up'), column]);
    open.addEventListener('click', () => void sortMenu(open, this.store));
    return closable(open, `the order by ${column}`, () => this.store.sortBy(null));
  }

  private groupChip(column: string): HTMLElement {
    const open = textButton(`Grouped by ${column}`, [icon('group-by-ref-type'), column]);
    open.addEventListener('click', () => void groupMenu(open, this.store));
    return closable(open, `the groups by ${column}`, () => this.store.groupBy(null));
  }

  private async edit(anchor: HTMLElement, chip: FilterChip): Promise<void> {
    const columns = await this.store.knownColumns();
    const column = 'column' in chip ? columns.find(({ name }) => name === chip.column) : undefined;
    if (column !== undefined)
      editChip(anchor, { column, chip, noun: 'values', onDone: (next) => this.store.put(next, chip) });
  }

  private paintStatus(): void {
    const status = this.store.status.value;
    clearTimeout(this.runningTimer);
    this.running.hidden = true;
    // Most queries are answered before a line could be seen without flicker.
    if (status.kind === 'running')
      this.runningTimer = setTimeout(() => {
        this.running.hidden = false;
      }, 150);
    const failed = status.kind === 'failed' ? status.message : null;
    this.error.hidden = failed === null;
    setText(this.error, failed ?? '');
    this.sql.setWrong(failed !== null && !this.sql.element.hidden ? 'find-error' : null);
    setAria(this.element, 'busy', status.kind === 'running' ? true : null);
    this.paintFound();
  }

  /** What the grid shows of the set, how much of it is selected, and what the user can do about it. */
  private paintFound(): void {
    const { listing, progress, selection } = this.session;
    const { found } = listing.value;
    const parts: (HTMLElement | null)[] = [];
    const selected = selection.images.value.size;
    if (found !== null && isFiltered(found.query)) {
      const words = foundWords(found.view, progress.value.images);
      parts.push(el('span', { class: 'found-text', title: words }, words));
    }
    if (selected > 0)
      parts.push(
        span('found-selected', `${selected} selected`),
        linkButton('Select nothing', () => void selection.clear()),
      );
    if (found !== null)
      parts.push(
        iconButton({ icon: 'save', label: 'Save this filter', onClick: () => void this.save() }),
        iconButton({ icon: 'clear-all', label: 'Clear all', keys: 'X', onClick: () => this.store.clear() }),
      );
    fill(this.found, ...parts);
    this.none.hidden = found === null || found.view.order.length > 0;
    const empty = this.chips.childElementCount === 0 && parts.length === 0;
    this.element.hidden = empty && this.sql.element.hidden && this.error.hidden && this.running.hidden;
  }
}

function textButton(title: string, content: readonly (HTMLElement | string)[]): HTMLButtonElement {
  const node = el('button', { class: 'filter-chip-text', title, aria: { haspopup: 'dialog' } }, ...content);
  node.type = 'button';
  return node;
}

function closable(open: HTMLElement, words: string, remove: () => void): HTMLElement {
  return div('filter-chip', open, iconButton({ icon: 'close', label: `Remove ${words}`, onClick: remove }));
}
