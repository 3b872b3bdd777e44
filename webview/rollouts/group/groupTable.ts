import { div, el, fill, setAria, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { rankText } from '../notes/rankEdits';
import { siblingPalette } from '../picture/marks';
import { verdictWords } from '../score/scoreWords';
import { count, counted, shortReward, signed } from '../words';
import type { GroupRow, GroupSortKey, RewardCell } from './groupRows';
import type { GroupStore, ShownGroup } from './groupStore';

const rowHeight = 22;
/** Rows made above and below what is on screen. */
const overscan = 6;

interface Column {
  readonly by: GroupSortKey | null;
  readonly label: string;
  readonly title: string;
  /** Of the grid's template. */
  readonly width: string;
  readonly cell: (row: GroupRow) => HTMLElement;
}

/** The rollouts of the selected group in a row each, sorted by any column; the selected one is that of list and canvas. */
export class GroupTable {
  readonly element = el('div', { class: 'members-table', role: 'grid', tabIndex: 0 });
  private readonly head = el('div', { class: 'members-head', role: 'row' });
  private readonly body = el('div', { class: 'members-body', role: 'rowgroup' });
  private readonly note = div('quiet members-note');
  private shown: ShownGroup | null = null;
  private columns: readonly Column[] = [];
  private selected = -1;
  private headFacts = '';

  constructor(private readonly store: GroupStore) {
    this.element.append(this.head, this.body, this.note);
    this.element.addEventListener('scroll', () => this.paintRows());
    new ResizeObserver(() => this.paintRows()).observe(this.element);
    this.element.addEventListener('keydown', (event) => this.pressed(event));
    this.body.addEventListener('click', (event) => {
      const row = (event.target as Element).closest<HTMLElement>('[data-at]');
      const chosen = row === null ? undefined : this.shown?.rows[Number(row.dataset.at)];
      if (chosen !== undefined) store.select(chosen);
      this.element.focus({ preventScroll: true });
    });
  }

  paint(shown: ShownGroup | null): void {
    this.shown = shown;
    this.element.hidden = shown === null;
    if (shown === null) return;
    const { rows, size, components } = shown;
    this.columns = columnsOf(shown);
    const template = this.columns.map(({ width }) => width).join(' ');
    this.element.style.setProperty('--columns', template);
    this.body.style.height = `${rows.length * rowHeight}px`;
    setAria(this.element, 'label', `Rollouts of group ${shown.group + 1}`);
    setAria(this.element, 'rowcount', rows.length + 1);
    setAria(this.element, 'colcount', this.columns.length);
    const { sort } = this.store;
    const facts = JSON.stringify([components, shown.ranked, shown.recomputed, sort.value]);
    if (facts !== this.headFacts) this.paintHead();
    this.headFacts = facts;
    this.note.hidden = rows.length >= size;
    this.note.textContent = `The first ${count(rows.length)} of ${counted(size, 'rollout')}: those that can be annotated.`;
    const selected = this.store.edits.session.place.value?.member ?? -1;
    if (selected !== this.selected) this.reveal(rows.findIndex(({ member }) => member === selected));
    this.selected = selected;
    this.paintRows();
  }

  private paintHead(): void {
    const at = [...this.head.children].findIndex((cell) => cell.contains(document.activeElement));
    const now = this.store.sort.value;
    fill(
      this.head,
      ...this.columns.map(({ by, label, title }, i) => {
        const sorted = by !== null && by === now.by && (by !== 'member' || now.descending);
        const order = sorted ? (now.descending ? 'descending' : 'ascending') : by === null ? null : 'none';
        const cell = el('div', { class: 'members-cell', role: 'columnheader', aria: { sort: order } });
        if (by === null) {
          cell.append(el('span', { title }, label));
          return cell;
        }
        const node = el(
          'button',
          { class: 'members-sort', title: `${title}. Sort`, tabIndex: i === 0 ? 0 : -1, data: { by: String(by) } },
          label,
          sorted ? icon(now.descending ? 'arrow-down' : 'arrow-up') : null,
        );
        node.type = 'button';
        node.addEventListener('click', () => this.store.sortBy(by));
        cell.append(node);
        return cell;
      }),
    );
    if (at >= 0) this.heads[at]?.focus();
  }

  private paintRows(): void {
    const { shown } = this;
    if (shown === null) return;
    const first = Math.max(0, Math.floor(this.element.scrollTop / rowHeight) - overscan);
    const last = Math.ceil((this.element.scrollTop + this.element.clientHeight) / rowHeight) + overscan;
    const seen = shown.rows.slice(first, last);
    fill(this.body, ...seen.map((row, i) => this.row(row, first + i)));
    this.store.far.want(shown.group, seen);
    const id = shown.rows.findIndex(({ member }) => member === this.selected);
    setAria(this.element, 'activedescendant', id >= first && id < last ? `members-row-${id}` : null);
  }

  private row(row: GroupRow, at: number): HTMLElement {
    const chosen = row.member === this.selected;
    const { value: siblings } = this.store.edits.session.siblings;
    const node = el(
      'div',
      {
        class: `members-row${chosen ? ' selected' : ''}${row.excluded ? ' excluded' : ''}`,
        role: 'row',
        id: `members-row-${at}`,
        data: { at },
        aria: { rowindex: at + 2, selected: chosen },
      },
      ...this.columns.map(({ cell }) => cell(row)),
    );
    const number = node.querySelector<HTMLElement>('.rollout-number');
    if (number !== null && chosen) number.dataset.ink = '0';
    else if (number !== null && siblings.has(row.member)) number.dataset.ink = String(siblingPalette(row.member));
    node.style.transform = `translateY(${at * rowHeight}px)`;
    return node;
  }

  private reveal(at: number): void {
    if (at < 0) return;
    const top = at * rowHeight;
    const room = this.element.clientHeight - 2 * rowHeight;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top > this.element.scrollTop + room) this.element.scrollTop = top - room;
  }

  private get heads(): readonly HTMLElement[] {
    return [...this.head.querySelectorAll<HTMLElement>('.members-sort')];
  }

  /** Rows by Up and Down, Page, Home and End; titles by Left and Right, from the rows too. */
  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const heads = this.heads;
    const at = heads.indexOf(document.activeElement as HTMLElement);
    const page = Math.max(1, Math.floor(this.element.clientHeight / rowHeight) - 2);
    const rows: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    };
    const by = rows[event.key];
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const to = event.key === 'ArrowRight' ? at + 1 : at - 1;
      (to < 0 ? this.element : heads[Math.min(to, heads.length - 1)])?.focus();
    } else if (by !== undefined) {
      const row = this.store.away(by);
      if (row !== null) this.store.select(row);
      this.element.focus({ preventScroll: true });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function columnsOf({ components, ranked, recomputed }: ShownGroup): readonly Column[] {
  const total: Column = {
    by: 'total',
    label: 'Reward',
    title: 'The total as it stands; struck: what the log says instead',
    width: '116px',
    cell: ({ total: { logged, own } }) => rewardCell({ logged, own, recomputed: null }),
  };
  const again: Column = {
    by: 'recomputed',
    label: 'Recomputed',
    title: 'The total by the chosen profile, against the logged one',
    width: '118px',
    cell: ({ total }) => rewardCell({ ...total, logged: null, own: null }),
  };
  const advantage: Column = {
    by: 'advantage',
    label: 'Advantage',
    title: 'Of the totals as they stand, by the trainer’s rule',
    width: '92px',
    cell: ({ advantage: value, excluded }) =>
      textCell(value === null ? (excluded ? 'excluded' : '–') : signed(value), 'number'),
  };
  const rank: Column = {
    by: 'rank',
    label: 'Rank',
    title: 'Place among those that somebody ranked',
    width: '62px',
    cell: ({ rank: place }) => textCell(place === null ? '' : rankText(place), 'number'),
  };
  return [
    {
      by: 'member',
      label: '#',
      title: 'Order of the file',
      width: '46px',
      cell: ({ member }) => cellOf('', span('rollout-number', String(member + 1))),
    },
    total,
    ...(recomputed ? [again] : []),
    advantage,
    ...(ranked ? [rank] : []),
    {
      by: 'reviewed',
      label: 'Reviewed',
      title: 'Somebody reviewed it',
      width: '84px',
      cell: ({ reviewed }) => (reviewed ? cellOf('', icon('pass'), span('', ' yes')) : cellOf('')),
    },
    {
      by: 'labels',
      label: 'Turns',
      title: 'Turns labelled right, neutral and wrong',
      width: '84px',
      cell: ({ labels }) => textCell(labelWords(labels), ''),
    },
    {
      by: null,
      label: 'Tags',
      title: 'Tags of the rollout',
      width: 'minmax(72px, 150px)',
      cell: ({ tags }) => textCell(tags.join(', '), 'members-tags'),
    },
    ...components.map(
      (name, i): Column => ({
        by: i,
        label: name,
        title: `${name}: as logged, with what somebody set instead and what was recomputed`,
        width: 'minmax(118px, 1fr)',
        cell: (row) => rewardCell(row.components[i] ?? { logged: null, own: null, recomputed: null }),
      }),
    ),
  ];
}

function labelWords({ right, neutral, wrong }: GroupRow['labels']): string {
  const parts = [
    right > 0 ? `${right} × +1` : '',
    neutral > 0 ? `${neutral} × 0` : '',
    wrong > 0 ? `${wrong} × −1` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Told by icons and strokes, never by colour alone: what somebody set, what was struck for it, what was recomputed. */
function rewardCell({ logged, own, recomputed }: RewardCell): HTMLElement {
  const parts: (Node | string | null)[] = [];
  if (own !== null) parts.push(icon('edit'), span('', shortReward(own)), logged === null ? null : struck(logged));
  else if (logged !== null || recomputed === null) parts.push(span('', shortReward(logged)));
  if (recomputed !== null) {
    const words = verdictWords(recomputed.verdict);
    const same = recomputed.verdict.kind === 'equal' && logged !== null;
    parts.push(
      el(
        'span',
        { class: `members-again ${recomputed.verdict.kind}`, title: words.long },
        el('span', { role: 'img', aria: { label: words.short } }, icon(words.icon)),
        same ? null : shortReward(recomputed.value),
      ),
    );
  }
  return cellOf('number', ...parts);
}

const struck = (logged: number): HTMLElement =>
  el('del', { title: `The log says ${shortReward(logged)}` }, shortReward(logged));

const textCell = (text: string, name: string): HTMLElement => {
  const cell = cellOf(name, text);
  cell.title = text;
  return cell;
};

function cellOf(name: string, ...children: readonly (Node | string | null)[]): HTMLElement {
  return el('div', { class: `members-cell ${name}`.trim(), role: 'gridcell' }, ...children);
}
