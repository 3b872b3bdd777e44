import type { FilterChip } from '../../../src/protocol/query';
import { editChip } from '../../filter/chipEditor';
import { chipWords } from '../../filter/chipWords';
import { RunningLine } from '../../filter/runningLine';
import { SqlInput } from '../../filter/sqlInput';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton, linkButton, setPressed } from '../../ui/iconButton';
import { inputBox } from '../../ui/inputBox';
import type { Session } from '../store/session';
import { onAny } from '../store/signal';
import { count, counted } from '../words';
import type { FilterStore } from './filterStore';
import { addFilter, sortMenu } from './menus';
import { columnsOf, foundWords, isFiltered, queryWords, sortWords } from './queryWords';

/** The bar above the list: search, conditions as chips, SQL for those who want it, and what was found. */
export class FilterBar {
  readonly element: HTMLElement;
  /** Buttons for the head of the pane. */
  readonly headButtons: readonly HTMLElement[];
  private readonly search: HTMLInputElement;
  private readonly matchCase: HTMLButtonElement;
  private readonly sqlToggle: HTMLButtonElement;
  private readonly add: HTMLButtonElement;
  private readonly sort: HTMLButtonElement;
  private readonly sql: SqlInput;
  private readonly chips = el('div', { class: 'filter-chips', role: 'group', aria: { label: 'Filters' } });
  private readonly error = el('div', { class: 'input-error', id: 'filter-error', role: 'alert', hidden: true });
  private readonly found = div('filter-found');
  private readonly none = div('filter-none');
  private readonly running: RunningLine;
  private foundWords = '';
  /** A query runs for so long that it is shown. */
  private isSlow = false;
  private runningTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly session: Session,
    readonly store: FilterStore,
  ) {
    const search = () => this.searchNow();
    this.search = inputBox({
      label: 'Search prompts and responses',
      placeholder: 'Search prompts and responses',
      class: 'search-field',
      onEnter: search,
    });
    // An emptied field ends the search without Enter, as the search view's does.
    this.search.addEventListener('input', () => {
      if (this.search.value === '' && store.text !== null) search();
    });
    this.matchCase = iconButton({
      icon: 'case-sensitive',
      label: 'Match case',
      pressed: false,
      onClick: () => this.toggleCase(),
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
    const saved = iconButton({ icon: 'bookmark', label: 'Saved filters', onClick: () => void this.pick() });
    this.headButtons = [this.sort, saved];
    this.sql = new SqlInput({
      example: 'reward > 0.5 AND regions >= 2',
      columns: () => store.columns.value,
      onEnter: (where) => store.where(where),
    });
    this.sql.element.hidden = true;
    this.running = new RunningLine(() => void store.cancel());
    this.element = el(
      'div',
      { class: 'filter-bar', role: 'search', aria: { label: 'Filter the rollouts' } },
      div('search-row', div('search-box', this.search, this.matchCase, this.sqlToggle), this.add),
      this.sql.element,
      this.error,
      this.chips,
      this.found,
      this.none,
      ...this.running.bars,
    );
    store.searched.on(() => this.paintRunning());
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && store.cancel()) event.preventDefault();
    });
    store.query.on(() => this.paint());
    onAny(() => this.paintFound(), [session.listing, session.progress, session.place, session.listVersion]);
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

  /** Opens the field with the keyboard in it; closing it takes its condition away, not its text. */
  toggleSql(): void {
    const { element } = this.sql;
    const { store } = this;
    element.hidden = !element.hidden;
    setPressed(this.sqlToggle, !element.hidden);
    if (!element.hidden) {
      void store.loadColumns();
      this.sql.focus();
    } else if (store.query.value.where !== '') {
      // Opened again, it has what was written.
      const { value } = this.sql;
      store.where('');
      this.sql.value = value;
    }
  }

  async save(): Promise<void> {
    const { query } = this.store;
    const words = queryWords(query.value);
    if (words === '') {
      this.session.say('There is no filter to save.');
      return;
    }
    try {
      const params = { query: query.value, words };
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
      if (lacking.length > 0) this.session.say(`This trace has no column ${lacking.join(', ')}.`);
      else this.store.apply(chosen.query);
    } catch (error) {
      this.session.report(error);
    }
  }

  private searchNow(): void {
    const { text } = this.store;
    const pressed = this.matchCase.getAttribute('aria-pressed') === 'true';
    this.store.search(this.search.value, { matchCase: pressed, where: text?.where ?? 'either' });
  }

  private toggleCase(): void {
    setPressed(this.matchCase, this.matchCase.getAttribute('aria-pressed') !== 'true');
    if (this.store.text !== null) this.searchNow();
  }

  private paint(): void {
    const { query, text } = this.store;
    if (document.activeElement !== this.search || text !== null) this.search.value = text?.text ?? '';
    if (text !== null) setPressed(this.matchCase, text.matchCase);
    this.sql.value = query.value.where;
    if (query.value.where !== '') {
      this.sql.element.hidden = false;
      setPressed(this.sqlToggle, true);
    }
    const { sort, chips } = query.value;
    this.sort.classList.toggle('on', sort !== null);
    this.sort.title = sort === null ? 'Sort (S)' : `Sorted by ${sortWords(sort)} (S)`;
    const shown = chips.filter((chip) => chip.kind !== 'text' || chip.where !== 'either');
    fill(this.chips, ...shown.map((chip) => this.chip(chip)), sort === null ? null : this.sortChip());
    this.chips.hidden = shown.length === 0 && sort === null;
    this.paintFound();
  }

  private chip(chip: FilterChip): HTMLElement {
    const words = chipWords(chip);
    const open = el('button', { class: 'filter-chip-text', title: words, aria: { haspopup: 'dialog' } }, words);
    open.type = 'button';
    open.addEventListener('click', () => void this.edit(open, chip));
    return this.closable(open, words, () => this.store.put(null, chip));
  }

  private sortChip(): HTMLElement {
    const { sort } = this.store.query.value;
    const words = sort === null ? '' : `${sort.of} ${sort.column}`;
    const arrow = sort?.descending ? 'arrow-down' : 'arrow-up';
    const open = el(
      'button',
      { class: 'filter-chip-text', title: sort === null ? '' : `Sorted by ${sortWords(sort)}` },
      icon(arrow),
      words,
    );
    open.type = 'button';
    open.addEventListener('click', () => void sortMenu(open, this.store));
    return this.closable(open, `the order by ${words}`, () => this.store.sortBy(null));
  }

  private closable(open: HTMLElement, words: string, remove: () => void): HTMLElement {
    const close = iconButton({ icon: 'close', label: `Remove ${words}`, onClick: remove });
    return div('filter-chip', open, close);
  }

  private async edit(anchor: HTMLElement, chip: FilterChip): Promise<void> {
    const columns = await this.store.knownColumns();
    const column =
      chip.kind === 'range' || chip.kind === 'category' ? columns.find(({ name }) => name === chip.column) : undefined;
    if (column !== undefined)
      editChip(anchor, { column, chip, noun: 'rollouts', onDone: (next) => this.store.put(next, chip) });
    else if (chip.kind === 'text') this.openAdd();
  }

  private paintStatus(): void {
    const status = this.store.status.value;
    clearTimeout(this.runningTimer);
    this.isSlow = false;
    // Most queries are answered before a line could be seen without flicker.
    if (status.kind === 'running')
      this.runningTimer = setTimeout(() => {
        this.isSlow = true;
        this.paintRunning();
        this.paintFound();
      }, 150);
    this.paintRunning();
    const failed = status.kind === 'failed' ? status.message : null;
    this.error.hidden = failed === null;
    setText(this.error, failed ?? '');
    this.sql.setWrong(failed !== null && !this.sql.element.hidden ? 'filter-error' : null);
    this.paintFound();
  }

  private paintRunning(): void {
    this.running.paint(this.isSlow, this.store.searched.value);
  }

  /** What the list shows of the trace, and what the user can do about it. */
  private paintFound(): void {
    const { listing, progress, place } = this.session;
    const { found } = listing.value;
    const lines: HTMLElement[] = [];
    if (this.isSlow) lines.push(this.running.element);
    else if (found !== null) {
      const { rows, groups } = found.view;
      const text = isFiltered(found.query) ? foundWords(rows, found.of, groups.length) : counted(rows, 'rollout');
      const buttons = [
        iconButton({ icon: 'save', label: 'Save this filter', onClick: () => void this.save() }),
        iconButton({ icon: 'clear-all', label: 'Clear all', keys: 'X', onClick: () => this.store.clear() }),
      ];
      lines.push(div('found-line', el('span', { class: 'found-text', title: text }, text), ...buttons));
    }
    const more = found === null ? 0 : progress.value.rollouts - found.of;
    if (more > 0) {
      const words = `${count(more)} new ${more === 1 ? 'rollout' : 'rollouts'} since`;
      lines.push(
        div(
          'found-line quiet',
          span('', words),
          linkButton('Refresh', () => this.store.refresh()),
        ),
      );
    }
    const empty = found !== null && found.view.rows === 0;
    if (found !== null && !empty && place.value !== null && listing.value.placeOf(place.value) === null)
      lines.push(div('found-line quiet', span('', 'The selected rollout is not among them.')));
    this.show(lines, empty);
  }

  /** Rewritten only when it says something else: a click must not lose its button to a repaint. */
  private show(lines: readonly HTMLElement[], empty: boolean): void {
    const words = lines.map((line) => (line === this.running.element ? 'running' : line.textContent)).join('\n');
    if (words !== this.foundWords) fill(this.found, ...lines);
    this.foundWords = words;
    this.found.hidden = lines.length === 0;
    this.none.hidden = !empty;
    if (empty && this.none.childElementCount === 0)
      fill(
        this.none,
        div('', 'No rollout matches.'),
        linkButton('Clear all', () => this.store.clear()),
      );
    setAria(this.element, 'busy', this.store.status.value.kind === 'running' ? true : null);
  }
}
