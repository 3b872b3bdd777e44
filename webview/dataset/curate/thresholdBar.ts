import type { FilterChip } from '../../../src/protocol/query';
import { parseEnd, plain } from '../../filter/chipWords';
import { onAny } from '../../rollouts/store/signal';
import { count, counted } from '../../rollouts/words';
import { button } from '../../ui/controls';
import { div, el, fill, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton } from '../../ui/iconButton';
import { inputBox } from '../../ui/inputBox';
import { showMenu } from '../../ui/menu';
import type { EditStore } from '../edit/editStore';
import type { FindStore } from '../find/findStore';
import { numericColumns, usualColumn } from './columnMenu';
import { ThresholdPlot } from './thresholdPlot';
import { sidesOf, type Threshold, ThresholdStore } from './thresholdStore';
import { absentWords, countWords } from './thresholdWords';

/** The bar in which a threshold is tried out, and what can become of it: a filter, a selection, verdicts. */
export class ThresholdBar {
  readonly element: HTMLElement;
  readonly store: ThresholdStore;
  private readonly column = el('button', { class: 'threshold-choice', aria: { haspopup: 'menu' } });
  private readonly side = el('button', { class: 'threshold-choice' });
  private readonly value: HTMLInputElement;
  private readonly kept = el('span', { class: 'threshold-kept', role: 'status' });
  private readonly absent = span('quiet');
  private readonly plot: ThresholdPlot;
  /** What had the keyboard before. */
  private back: Element | null = null;

  constructor(
    private readonly find: FindStore,
    private readonly edits: EditStore,
  ) {
    this.store = new ThresholdStore(find.session);
    this.plot = new ThresholdPlot((at) => this.store.move(at));
    this.value = inputBox({ label: 'Threshold', class: 'threshold-value', onEnter: (typed) => this.typed(typed) });
    this.value.addEventListener('blur', () => this.paint());
    for (const one of [this.column, this.side]) one.type = 'button';
    this.column.addEventListener('click', () => void this.chooseColumn());
    this.side.addEventListener('click', () => this.turn());
    const act = (label: string, title: string, run: (threshold: Threshold) => void) => {
      const node = button({ label, onClick: () => this.store.now.value !== null && run(this.store.now.value) });
      node.title = title;
      return node;
    };
    this.element = el(
      'div',
      { class: 'threshold-bar', role: 'group', aria: { label: 'Threshold' }, hidden: true },
      div(
        'threshold-line',
        span('quiet', 'Keep'),
        this.column,
        this.side,
        this.value,
        div('threshold-counts', this.kept, this.absent),
        div('toolbar-gap'),
        act('Filter', 'List only what is kept', (threshold) => this.filter(threshold)),
        act('Select', 'Select what is kept', (threshold) => this.select(threshold)),
        act(
          'Accept and Reject',
          'Accept what is kept and reject the others, one step of undo',
          (threshold) => void this.decide(threshold),
        ),
        iconButton({ icon: 'close', label: 'Close', keys: 'Esc', onClick: () => this.close() }),
      ),
      this.plot.element,
    );
    this.element.addEventListener('keydown', (event) => this.keyDown(event));
    onAny(() => this.paint(), [this.store.now]);
  }

  /** Opens it on a column, or on what a threshold is most likely for, or closes it. */
  async toggle(column?: string): Promise<void> {
    if (column === undefined && this.store.now.value !== null) {
      this.close();
      return;
    }
    const { listing } = this.find.session;
    const columns = numericColumns(await this.find.knownColumns());
    const sorted = listing.value.found?.query.sort?.column ?? null;
    const wanted = column ?? usualColumn(columns, sorted);
    if (wanted === null) {
      this.find.session.say('The set has no column of numbers.');
      return;
    }
    if (this.element.hidden) this.back = document.activeElement;
    await this.store.lay(wanted, 'atLeast');
    if (this.store.now.value !== null) this.plot.handle.focus();
  }

  close(): void {
    const had = this.element.contains(document.activeElement);
    this.store.close();
    if (had && this.back instanceof HTMLElement) this.back.focus();
  }

  private paint(): void {
    const { value } = this.store.now;
    this.element.hidden = value === null;
    if (value === null) return;
    const { column, side, at, values } = value;
    fill(this.column, column, icon('chevron-down'));
    this.column.title = values.about === '' ? 'Column' : `${column}: ${values.about}`;
    this.column.setAttribute('aria-label', `Column ${column}`);
    setText(this.side, side === 'atLeast' ? '≥' : '≤');
    this.side.title = side === 'atLeast' ? 'At least: click for at most' : 'At most: click for at least';
    this.side.setAttribute('aria-label', side === 'atLeast' ? 'at least' : 'at most');
    if (document.activeElement !== this.value) this.value.value = plain(at);
    setText(this.kept, countWords(value));
    setText(this.absent, absentWords(value));
    this.plot.paint(value);
  }

  private typed(text: string): void {
    const at = parseEnd(text);
    if (typeof at === 'number') this.store.move(at);
    else this.find.session.say('A threshold is a number.');
  }

  private turn(): void {
    this.store.turn(this.store.now.value?.side === 'atLeast' ? 'atMost' : 'atLeast');
  }

  private async chooseColumn(): Promise<void> {
    const columns = numericColumns(await this.find.knownColumns());
    const now = this.store.now.value;
    showMenu(
      this.column,
      'Column',
      columns.map(({ name, about }) => ({
        kind: 'item',
        label: name,
        title: about,
        checked: name === now?.column,
        radio: true,
        run: () => void this.store.lay(name, now?.side ?? 'atLeast'),
      })),
    );
  }

  /** A filter on the column before keeps its other end. */
  private filter({ column, side, at }: Threshold): void {
    const before = this.find.on(column);
    const ends = before?.kind === 'range' ? before : { from: null, to: null };
    const [from, to] = side === 'atLeast' ? [at, ends.to] : [ends.from, at];
    const chip: FilterChip = { kind: 'range', column, from, to };
    this.close();
    this.find.put(chip, before);
  }

  private select(threshold: Threshold): void {
    const { session } = this.find;
    const { kept } = sidesOf(threshold);
    session.selection.images.set(new Set(kept));
    session.say(`${counted(kept.length, 'image')} selected: ${threshold.column} ${wordsOf(threshold)}.`);
  }

  private async decide(threshold: Threshold): Promise<void> {
    const { session } = this.find;
    if (!session.mayEdit) return;
    const { kept, others } = sidesOf(threshold);
    const label = `Accept ${count(kept.length)} and reject ${count(others.length)} by ${threshold.column} ${wordsOf(threshold)}`;
    try {
      const changed = await this.edits.markEach(label, [
        { indices: kept, mark: { kind: 'verdict', value: 'accept' } },
        { indices: others, mark: { kind: 'verdict', value: 'reject' } },
      ]);
      session.say(
        `${counted(kept.length, 'image')} accepted, ${count(others.length)} rejected: ${count(changed)} changed.`,
      );
    } catch (error) {
      session.report(error);
    }
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }
}

const wordsOf = ({ side, at }: Threshold): string => `${side === 'atLeast' ? '≥' : '≤'} ${plain(at)}`;
