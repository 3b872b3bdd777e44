import { GROUP_PAGE } from '../../../src/protocol/data';
import { div, el, setAria } from '../../ui/dom';
import { headerHeight, type ListPlace, rowHeight } from '../store/groupLayout';
import type { Session } from '../store/session';
import { oncePerFrame } from '../store/signal';
import { paintRow, type RowFacts, rowId } from './listRows';
import { firstOf, lastOf, nextPlace, placeAway, previousPlace } from './moves';
import { VirtualScroll } from './virtualScroll';

/** Rows kept painted above and below what is visible, CSS pixels. */
const overscan = 220;

interface Row {
  readonly node: HTMLElement;
  facts: RowFacts | null;
}

/** The virtualised list of groups and rollouts, with the tree's semantics and keys. */
export class RolloutList {
  readonly element: HTMLElement;
  private readonly space = div('list-space');
  private readonly scroll: VirtualScroll;
  private readonly rows = new Map<string, Row>();
  private cursor: ListPlace | null = null;
  private sized = false;
  /** First group on screen and how far it has scrolled under the edge: what stays put while the scan grows the list. */
  private anchor = { group: 0, inner: 0 };
  private readonly paintSoon = oncePerFrame(() => this.paint());

  constructor(private readonly session: Session) {
    this.element = el(
      'div',
      { class: 'rollout-list', role: 'tree', tabIndex: 0, aria: { label: 'Groups and rollouts' } },
      this.space,
    );
    this.scroll = new VirtualScroll(this.element, this.space, () => this.scrolled());
    this.element.addEventListener('click', (event) => this.clicked(event));
    session.listVersion.on(() => this.grown());
    session.siblings.on(this.paintSoon);
    session.place.on((place) => this.follow(place));
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  step(direction: 1 | -1): void {
    const from = this.cursor;
    const { layout } = this.session;
    if (from === null) this.edge('first');
    else this.go(direction > 0 ? nextPlace(layout, from) : previousPlace(layout, from));
  }

  stepGroup(direction: 1 | -1): void {
    this.go(firstOf(this.session.layout, (this.cursor?.group ?? -direction) + direction));
  }

  edge(which: 'first' | 'last'): void {
    const { layout } = this.session;
    this.go(which === 'first' ? firstOf(layout, 0) : lastOf(layout, layout.count - 1));
  }

  page(direction: 1 | -1): void {
    if (this.cursor === null) return;
    const distance = direction * Math.max(rowHeight, this.scroll.viewHeight - headerHeight);
    this.go(placeAway(this.session.layout, this.cursor, distance));
  }

  /** Left: to the header, then closed. Right: opened, then to the first rollout. */
  fold(direction: 1 | -1): void {
    const { layout } = this.session;
    const at = this.cursor;
    if (at === null || layout.isSingle(at.group)) return;
    const closed = layout.isCollapsed(at.group);
    if (direction < 0 && at.member >= 0) this.moveCursor({ group: at.group, member: -1 });
    else if (direction < 0) this.setCollapsed(at.group, true);
    else if (closed) this.setCollapsed(at.group, false);
    else if (at.member < 0) this.go({ group: at.group, member: 0 });
  }

  /** Enter on a header opens or closes it; false on a rollout. */
  activate(): boolean {
    if (this.cursor === null || this.cursor.member >= 0) return false;
    this.setCollapsed(this.cursor.group, !this.session.layout.isCollapsed(this.cursor.group));
    return true;
  }

  setAllCollapsed(collapsed: boolean): void {
    const { layout, place } = this.session;
    layout.setAllCollapsed(collapsed);
    const selected = place.value;
    if (selected !== null) this.cursor = collapsed ? { group: selected.group, member: -1 } : selected;
    this.scroll.setTotal(layout.total);
    this.reveal();
    this.paintSoon();
  }

  /** For tests: the rows on screen as a user reads them. */
  snapshot(): unknown {
    const rows = [...this.rows.values()].sort((a, b) => top(a) - top(b));
    return {
      top: this.scroll.top,
      total: this.session.layout.total,
      cursor: this.cursor,
      rows: rows.map(({ node }) => ({ id: node.id, text: node.getAttribute('aria-label') ?? node.textContent })),
    };
  }

  private go(place: ListPlace | null): void {
    if (place === null) return;
    this.moveCursor(place);
    this.session.select({ group: place.group, member: Math.max(0, place.member) });
  }

  private moveCursor(place: ListPlace): void {
    this.cursor = place;
    this.reveal();
    this.paintSoon();
  }

  /** The selection moved, perhaps by another hand than the list's. */
  private follow(place: ListPlace | null): void {
    if (place === null) return;
    const own = this.cursor;
    const same = own?.group === place.group && Math.max(0, own.member) === place.member;
    if (!same) this.cursor = this.session.layout.isCollapsed(place.group) ? { group: place.group, member: -1 } : place;
    this.reveal();
    this.paintSoon();
  }

  private setCollapsed(group: number, collapsed: boolean): void {
    this.session.layout.setCollapsed(group, collapsed);
    if (collapsed && this.cursor?.group === group) this.cursor = { group, member: -1 };
    this.scroll.setTotal(this.session.layout.total);
    this.reveal();
    this.paintSoon();
  }

  private clicked(event: MouseEvent): void {
    const row = (event.target as Element).closest<HTMLElement>('.row');
    const [, group, member] = /^row-(\d+)-(-?\d+)$/.exec(row?.id ?? '') ?? [];
    if (group === undefined || member === undefined) return;
    const place = { group: Number(group), member: Number(member) };
    this.focus();
    if (place.member >= GROUP_PAGE) return;
    if (place.member >= 0) {
      this.go(place);
      return;
    }
    this.cursor = place;
    this.setCollapsed(place.group, !this.session.layout.isCollapsed(place.group));
  }

  /** The first paint waits for the view's height; from then on scrolling paints at once. */
  private scrolled(): void {
    if (!this.sized) this.reveal();
    this.sized = true;
    this.paint();
  }

  private grown(): void {
    const { layout } = this.session;
    this.scroll.setTotal(layout.total);
    this.scroll.scrollTo(layout.top(this.anchor.group) + this.anchor.inner);
    this.paintSoon();
  }

  /** Scrolls as little as brings the cursor into view, its header with it where there is room. */
  private reveal(): void {
    if (this.cursor === null) return;
    const { layout } = this.session;
    const topOf = layout.topOf(this.cursor);
    const tall = this.cursor.member < 0 || layout.isSingle(this.cursor.group);
    const height = tall ? headerHeight : rowHeight;
    const withHeader = this.cursor.member <= 0 ? layout.top(this.cursor.group) : topOf;
    if (withHeader < this.scroll.top) this.scroll.scrollTo(withHeader);
    else if (topOf + height > this.scroll.top + this.scroll.viewHeight)
      this.scroll.scrollTo(topOf + height - this.scroll.viewHeight);
  }

  private paint(): void {
    const { layout, pages } = this.session;
    this.scroll.setTotal(layout.total);
    const from = this.scroll.top;
    const to = from + this.scroll.viewHeight;
    const first = layout.groupAt(from);
    if (first < 0) return;
    this.anchor = { group: first, inner: from - layout.top(first) };
    const last = layout.groupAt(to);
    pages.want(first, last + 1);
    const wanted = new Set<string>();
    for (let group = layout.groupAt(from - overscan); group <= layout.groupAt(to + overscan); group++)
      for (const member of this.members(group, from - overscan, to + overscan))
        wanted.add(this.paintOne(group, member));
    for (const [key, row] of this.rows) {
      if (wanted.has(key)) continue;
      row.node.remove();
      this.rows.delete(key);
    }
    const cursorId = this.cursor === null ? null : rowId(this.cursor);
    setAria(this.element, 'activedescendant', cursorId !== null && wanted.has(cursorId) ? cursorId : null);
  }

  private members(group: number, from: number, to: number): number[] {
    const { layout } = this.session;
    if (layout.isSingle(group)) return [0];
    const top = layout.top(group);
    const members = top + headerHeight > from && top < to ? [-1] : [];
    if (layout.isCollapsed(group)) return members;
    const rows = layout.listed(group) + (layout.size(group) > GROUP_PAGE ? 1 : 0);
    const start = Math.max(0, Math.floor((from - top - headerHeight) / rowHeight));
    const end = Math.min(rows, Math.ceil((to - top - headerHeight) / rowHeight));
    for (let member = start; member < end; member++) members.push(member);
    return members;
  }

  private paintOne(group: number, member: number): string {
    const { layout, pages, siblings } = this.session;
    const place = { group, member };
    const key = rowId(place);
    const row: Row = this.rows.get(key) ?? { node: div('row'), facts: null };
    if (row.facts === null) {
      this.rows.set(key, row);
      this.space.append(row.node);
    }
    const selected = this.session.place.value;
    const collapsed = layout.isCollapsed(group);
    const facts: RowFacts = {
      place,
      size: layout.size(group),
      groups: layout.count,
      collapsed,
      selected: selected?.group === group && (member === selected.member || (member < 0 && collapsed)),
      cursor: this.cursor?.group === group && this.cursor.member === member,
      drawn: selected?.group === group && siblings.value.has(member),
      summary: pages.get(group),
    };
    if (!sameFacts(row.facts, facts)) paintRow(row.node, facts);
    row.facts = facts;
    const y = this.scroll.position(layout.topOf(place));
    row.node.style.transform = `translateY(${y}px)`;
    return key;
  }
}

function top(row: Row): number {
  return row.node.getBoundingClientRect().top;
}

function sameFacts(a: RowFacts | null, b: RowFacts): boolean {
  if (a === null) return false;
  return (Object.keys(b) as (keyof RowFacts)[]).every((key) => key === 'place' || a[key] === b[key]);
}
