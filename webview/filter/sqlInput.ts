import type { ColumnInfo } from '../../src/protocol/query';
import { div, el, fill, setAria, span } from '../ui/dom';
import { completions, namePart, sqlName } from './completion';

export interface SqlInputOptions {
  readonly columns: () => readonly ColumnInfo[];
  /** A condition that shows how one is written. */
  readonly example: string;
  readonly onEnter: (where: string) => void;
}

/** Lines the field grows to before it scrolls. */
const mostLines = 6;

/** The field for a condition in SQL, in the editor's font, with the trace's columns to choose from while writing. */
export class SqlInput {
  readonly element: HTMLElement;
  private readonly field: HTMLTextAreaElement;
  private readonly list = el('div', { class: 'completions', role: 'listbox', id: 'sql-columns', hidden: true });
  private found: readonly ColumnInfo[] = [];
  private chosen = 0;

  constructor(private readonly options: SqlInputOptions) {
    this.field = el('textarea', {
      class: 'sql-field',
      role: 'combobox',
      aria: { label: 'SQL condition', expanded: false, controls: 'sql-columns', autocomplete: 'list' },
    });
    this.field.rows = 1;
    this.field.spellcheck = false;
    this.field.placeholder = options.example;
    this.field.addEventListener('input', () => {
      this.fit();
      this.suggest(false);
    });
    this.field.addEventListener('keydown', (event) => this.pressed(event));
    this.field.addEventListener('blur', () => this.close());
    this.element = div('sql', span('sql-where', 'WHERE'), div('sql-box', this.field, this.list));
  }

  get value(): string {
    return this.field.value;
  }

  set value(where: string) {
    if (this.field.value === where) return;
    this.field.value = where;
    this.fit();
  }

  focus(): void {
    this.field.focus();
  }

  /** Marks the field as refused; `describedBy` is the id of the text that says why. */
  setWrong(describedBy: string | null): void {
    setAria(this.field, 'invalid', describedBy === null ? null : true);
    setAria(this.field, 'describedby', describedBy);
    this.element.classList.toggle('wrong', describedBy !== null);
  }

  private fit(): void {
    this.field.rows = Math.min(mostLines, this.field.value.split('\n').length);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    const act = this.actionOf(event, open);
    if (act === null) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  private actionOf(event: KeyboardEvent, open: boolean): (() => void) | null {
    if (event.key === ' ' && event.ctrlKey) return () => this.suggest(true);
    if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      return () => this.move(event.key === 'ArrowDown' ? 1 : -1);
    if (open && (event.key === 'Tab' || event.key === 'Enter')) return () => this.accept(this.found[this.chosen]);
    if (open && event.key === 'Escape') return () => this.close();
    if (event.key === 'Enter' && !event.shiftKey) return () => this.options.onEnter(this.field.value);
    return null;
  }

  /** Opens the list for the name before the caret. `always`: also before a letter of it is there. */
  private suggest(always: boolean): void {
    const part = namePart(this.field.value, this.field.selectionStart);
    const columns = this.options.columns();
    this.found = part === null || (part.text === '' && !always) ? [] : completions(columns, part.text);
    const whole = this.found.some(({ name }) => name.toLowerCase() === part?.text.toLowerCase());
    if (this.found.length === 0 || (whole && !always)) {
      this.close();
      return;
    }
    this.chosen = 0;
    fill(this.list, ...this.found.map((column, place) => this.option(column, place)));
    this.list.hidden = false;
    setAria(this.field, 'expanded', true);
    this.move(0);
  }

  private option(column: ColumnInfo, place: number): HTMLElement {
    const kind = column.role === 'derived' ? 'ours' : column.role;
    const node = el(
      'div',
      { class: 'completion', role: 'option', id: `sql-column-${place}`, title: column.about },
      span('completion-name', column.name),
      span('quiet', column.kind === 'category' ? `${kind}, names` : kind),
    );
    // Before the field loses the keyboard.
    node.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.accept(column);
    });
    return node;
  }

  private move(step: number): void {
    this.chosen = (this.chosen + step + this.found.length) % this.found.length;
    [...this.list.children].forEach((node, place) => {
      setAria(node, 'selected', place === this.chosen);
      if (place === this.chosen) node.scrollIntoView({ block: 'nearest' });
    });
    setAria(this.field, 'activedescendant', `sql-column-${this.chosen}`);
  }

  private accept(column: ColumnInfo | undefined): void {
    const caret = this.field.selectionStart;
    const part = namePart(this.field.value, caret);
    if (column !== undefined && part !== null) this.field.setRangeText(sqlName(column.name), part.from, caret, 'end');
    this.close();
  }

  private close(): void {
    this.list.hidden = true;
    setAria(this.field, 'expanded', false);
    setAria(this.field, 'activedescendant', null);
  }
}
