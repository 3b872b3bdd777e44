import { div, el, setAria } from '../../ui/dom';
import { VirtualScroll } from '../../ui/virtualScroll';
import type { RowNotes } from '../notes/rowNotes';
import { headerHeight, type ListPlace, rowHeight } from '../store/groupLayout';
import type { Listing, Selection } from '../store/listing';
import type { Session } from '../store/session';
import { oncePerFrame } from '../store/signal';
import { paintLive, paintRow, type RowFacts, rowId } from './listRows';
import { firstOf, lastOf, nextPlace, placeAway, previousPlace } from './moves';

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
  private anchor = { slot: 0, inner: 0 };
  private readonly paintSoon = oncePerFrame(() => this.paint());

  constructor(
    private readonly session: Session,
    private readonly notes: RowNotes,
  ) {
    this.element = el(
      'div',
      { class: 'rollout-list', role: 'tree', tabIndex: 0, aria: { label: 'Groups and rollouts' } },
      this.space,
    );
    this.scroll = new VirtualScroll(this.element, this.space, () => this.scrolled());
    this.element.addEventListener('click', (event) => this.clicked(event));
    session.listing.on((listing) => this.changed(listing));
    session.listVersion.on(() => this.grown());
    session.siblings.on(this.paintSoon);
    session.place.on((place) => this.follow(place));
    notes.onChange(this.paintSoon);
    // The canvas tells of a box once a frame: waiting for the next one would be a frame late.
    session.boxInHand.on(() => this.paint());
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
    this.go(firstOf(this.session.layout, (this.cursor?.slot ?? -1) + direction));
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
    if (at === null || layout.isSingle(at.slot)) return;
    const closed = layout.isCollapsed(at.slot);
    if (direction < 0 && at.index >= 0) this.moveCursor({ slot: at.slot, index: -1 });
    else if (direction < 0) this.setCollapsed(at.slot, true);
    else if (closed) this.setCollapsed(at.slot, false);
    else if (at.index < 0) this.go({ slot: at.slot, index: 0 });
  }

  /** Enter on a header opens or closes it; false on a rollout. */
  activate(): boolean {
    if (this.cursor === null || this.cursor.index >= 0) return false;
    this.setCollapsed(this.cursor.slot, !this.session.layout.isCollapsed(this.cursor.slot));
    return true;
  }

  setAllCollapsed(collapsed: boolean): void {
    const { layout, place } = this.session;
    layout.setAllCollapsed(collapsed);
    this.cursor = this.rowOf(place.value);
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
      cursor: this.cursor === null ? null : { group: this.cursor.slot, member: this.cursor.index },
      rows: rows.map(({ node }) => ({ id: node.id, text: node.getAttribute('aria-label') ?? node.textContent })),
    };
  }

  private go(place: ListPlace | null): void {
    if (place === null) return;
    this.moveCursor(place);
    this.session.choose({ slot: place.slot, index: Math.max(0, place.index) });
  }

  private moveCursor(place: ListPlace): void {
    this.cursor = place;
    this.reveal();
    this.paintSoon();
  }

  /** The selection moved, perhaps by another hand than the list's. */
  private follow(place: Selection | null): void {
    const row = this.rowOf(place);
    const own = this.cursor;
    const same = row !== null && own?.slot === row.slot && Math.max(0, own.index) === Math.max(0, row.index);
    if (!same) this.cursor = row;
    this.reveal();
    this.paintSoon();
  }

  /** The row of a rollout, its header where the group is closed; null while it is not known and where it is not listed. */
  private rowOf(place: Selection | null): ListPlace | null {
    const { listing, layout } = this.session;
    const row = place === null ? null : listing.value.placeOf(place);
    if (row === 'unknown' && place !== null) {
      const slot = listing.value.slotOf(place.group);
      listing.value.want(slot, slot + 1);
    }
    if (row === null || row === 'unknown') return null;
    return layout.isCollapsed(row.slot) ? { slot: row.slot, index: -1 } : row;
  }

  private setCollapsed(slot: number, collapsed: boolean): void {
    this.session.layout.setCollapsed(slot, collapsed);
    if (collapsed && this.cursor?.slot === slot) this.cursor = { slot, index: -1 };
    this.scroll.setTotal(this.session.layout.total);
    this.reveal();
    this.paintSoon();
  }

  private clicked(event: MouseEvent): void {
    const row = (event.target as Element).closest<HTMLElement>('.row');
    const [, slot, index] = /^row-(\d+)-(-?\d+)$/.exec(row?.id ?? '') ?? [];
    if (slot === undefined || index === undefined) return;
    const place = { slot: Number(slot), index: Number(index) };
    this.focus();
    if (place.index >= 0) {
      this.go(place);
      return;
    }
    this.cursor = place;
    this.setCollapsed(place.slot, !this.session.layout.isCollapsed(place.slot));
  }

  /** Another order, or other rows: the selection is shown where it is listed, and else the beginning. */
  private changed(listing: Listing): void {
    this.cursor = this.rowOf(this.session.place.value);
    this.scroll.setTotal(listing.layout.total);
    this.scroll.scrollTo(0);
    this.anchor = { slot: 0, inner: 0 };
    this.reveal();
    this.anchorHere();
    this.paintSoon();
  }

  /** The first paint waits for the view's height; from then on scrolling paints at once. */
  private scrolled(): void {
    if (!this.sized) this.reveal();
    this.sized = true;
    this.paint();
  }

  private grown(): void {
    const { layout, place, listing } = this.session;
    this.scroll.setTotal(layout.total);
    this.scroll.scrollTo(layout.top(this.anchor.slot) + this.anchor.inner);
    // Where the selection stands in a view may be known only now.
    if (this.cursor === null && place.value !== null && listing.value.found !== null) this.follow(place.value);
    this.paintSoon();
  }

  /** Scrolls as little as brings the cursor into view, its header with it where there is room. */
  private reveal(): void {
    if (this.cursor === null) return;
    const { layout } = this.session;
    const topOf = layout.topOf(this.cursor);
    const tall = this.cursor.index < 0 || layout.isSingle(this.cursor.slot);
    const height = tall ? headerHeight : rowHeight;
    const withHeader = this.cursor.index <= 0 ? layout.top(this.cursor.slot) : topOf;
    if (withHeader < this.scroll.top) this.scroll.scrollTo(withHeader);
    else if (topOf + height > this.scroll.top + this.scroll.viewHeight)
      this.scroll.scrollTo(topOf + height - this.scroll.viewHeight);
  }

  private anchorHere(): void {
    const { layout } = this.session;
    const slot = Math.max(0, layout.slotAt(this.scroll.top));
    this.anchor = { slot, inner: this.scroll.top - layout.top(slot) };
  }

  private paint(): void {
    const { layout, listing } = this.session;
    this.scroll.setTotal(layout.total);
    const from = this.scroll.top;
    const to = from + this.scroll.viewHeight;
    const wanted = new Set<string>();
    if (layout.count > 0) {
      this.anchorHere();
      listing.value.want(this.anchor.slot, layout.slotAt(to) + 1);
      this.notes.want(this.anchor.slot, layout.slotAt(to));
      for (let slot = layout.slotAt(from - overscan); slot <= layout.slotAt(to + overscan); slot++)
        for (const index of this.indices(slot, from - overscan, to + overscan)) wanted.add(this.paintOne(slot, index));
    }
    for (const [key, row] of this.rows) {
      if (wanted.has(key)) continue;
      row.node.remove();
      this.rows.delete(key);
    }
    const cursorId = this.cursor === null ? null : rowId(this.cursor);
    setAria(this.element, 'activedescendant', cursorId !== null && wanted.has(cursorId) ? cursorId : null);
  }

  /** Rows of a group between two heights of the list. */
  private indices(slot: number, from: number, to: number): number[] {
    const { layout, listing } = this.session;
    if (layout.isSingle(slot)) return [0];
    const top = layout.top(slot);
    const rows = top + headerHeight > from && top < to ? [-1] : [];
    if (layout.isCollapsed(slot)) return rows;
    const start = Math.max(0, Math.floor((from - top - headerHeight) / rowHeight));
    const end = Math.min(layout.size(slot), Math.ceil((to - top - headerHeight) / rowHeight));
    listing.value.wantMembers(slot, start, end);
    for (let index = start; index < end; index++) rows.push(index);
    return rows;
  }

  private paintOne(slot: number, index: number): string {
    const { layout, listing, siblings, place } = this.session;
    const row: Row = this.rows.get(rowId({ slot, index })) ?? { node: div('row'), facts: null };
    if (row.facts === null) {
      this.rows.set(rowId({ slot, index }), row);
      this.space.append(row.node);
    }
    const list = listing.value;
    const group = list.idAt(slot);
    const rollout = list.rollout({ slot, index });
    const member = rollout?.member ?? (list.found === null ? index : -1);
    const collapsed = layout.isCollapsed(slot);
    const here = place.value?.group === group;
    const facts: RowFacts = {
      place: { slot, index },
      group,
      member,
      listed: layout.size(slot),
      single: layout.isSingle(slot),
      groups: layout.count,
      collapsed,
      selected: here && (index < 0 ? collapsed : member === place.value?.member),
      cursor: this.cursor?.slot === slot && this.cursor.index === index,
      drawn: here && siblings.value.has(member),
      summary: list.summary(slot),
      rollout,
      sort: list.found?.query.sort ?? null,
      note: this.notes.of(group, list.summary(slot), member),
      groupNote: index < 0 || layout.isSingle(slot) ? this.notes.ofGroup(group) : null,
    };
    if (row.facts === null || !(sameFacts(row.facts, facts) || paintLive(row.node, row.facts, facts)))
      paintRow(row.node, facts);
    row.facts = facts;
    row.node.style.transform = `translateY(${this.scroll.position(layout.topOf(facts.place))}px)`;
    return rowId(facts.place);
  }
}

function top(row: Row): number {
  return row.node.getBoundingClientRect().top;
}

function sameFacts(a: RowFacts, b: RowFacts): boolean {
  return (Object.keys(b) as (keyof RowFacts)[]).every((key) => key === 'place' || a[key] === b[key]);
}
