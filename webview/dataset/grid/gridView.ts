import type { ImageMarks } from '../../../src/core/dataset/edit/imageMarks';
import { onAny, oncePerFrame } from '../../rollouts/store/signal';
import { div, el, setAria, span } from '../../ui/dom';
import { VirtualScroll } from '../../ui/virtualScroll';
import type { DatasetSession } from '../store/session';
import { BoxOverlay, type DrawnThumb } from './boxOverlay';
import { CellPool } from './cellPool';
import { type Cell, cellId, ListCell, listColumns, ThumbCell } from './cells';
import { GridLayout, headerHeight, type Range } from './gridLayout';
import { listenToPointer } from './gridPointer';
import { SectionHeaders } from './sectionHeaders';

/** Share of the view that is made ready above and below it. */
const ahead = 0.6;
/**
 * Milliseconds of a frame that cells may take; layout and painting take several times as much again. What is left comes with the
 * next frames, and what is in view comes first.
 */
const cellsPerFrame = 3;
/** … and so many are made right in any case, however busy the machine. */
const fewestPerFrame = 16;
/** Milliseconds between two looks at what should be fetched while somebody scrolls. */
const fetchEvery = 60;
/** CSS pixels of a row's picture in the list. */
const listPicture = 22;

/** All images of the listing: thumbnails or rows of a table, under the headers of their sections. */
export class GridView {
  readonly element: HTMLElement;
  private readonly scroller = el('div', {
    class: 'grid',
    role: 'listbox',
    tabIndex: 0,
    aria: { label: 'Images', multiselectable: true },
  });
  private readonly space = div('grid-space');
  private readonly headers = new SectionHeaders(this.space);
  private readonly columns = div(
    'list-head',
    span('list-picture'),
    ...listColumns.map((one) => span(one.class, one.name)),
  );
  private readonly scroll: VirtualScroll;
  private readonly overlay: BoxOverlay;
  private readonly pool = new CellPool(() => this.newCell());
  private layout: GridLayout;
  /** CSS pixels inside the scroll bar, kept: reading it while cells are written would lay the page out each time. */
  private width = 0;
  private fetchTimer: ReturnType<typeof setTimeout> | undefined;
  private fetchedAt = 0;
  private readonly frame = oncePerFrame(() => this.paint());
  private readonly repaint = () => {
    this.pool.age();
    this.frame();
  };

  constructor(
    private readonly session: DatasetSession,
    /** What people said of an image, by its key. */
    private readonly marksOf: (key: string) => ImageMarks | null,
  ) {
    const { listing, selection, rows, boxes, asList, side, info, progress, dropped } = session;
    this.overlay = new BoxOverlay(this.scroller, this.repaint);
    this.space.append(this.overlay.element);
    this.scroller.append(this.space);
    this.element = div('grid-pane', this.columns, div('grid-frame', this.scroller, this.headers.sticky));
    this.scroll = new VirtualScroll(this.scroller, this.space, this.frame);
    this.layout = this.newLayout();
    new ResizeObserver(() => this.relayout()).observe(this.scroller);
    onAny(this.repaint, [rows, boxes, info, selection.images, dropped]);
    onAny(() => this.relayout(), [side, progress]);
    asList.on(() => this.restart());
    listing.on(() => this.restart());
    selection.cursor.on(() => this.repaint());
    listenToPointer(this.scroller, (node) => this.pool.placeOf(node), session);
    this.restart();
  }

  focus(): void {
    this.scroller.focus({ preventScroll: true });
  }

  get focused(): boolean {
    return document.activeElement === this.scroller;
  }

  /** What people said of images has changed. */
  refresh(): void {
    this.repaint();
  }

  /** Brings the cursor's cell into view. */
  reveal(): void {
    const place = this.session.selection.cursor.value;
    // Not laid out yet: everything would be below the view.
    if (place < 0 || this.scroll.viewHeight === 0) return;
    const { top } = this.layout.at(place);
    const above = this.layout.sectionOf(place)?.title === '' ? 0 : headerHeight;
    const { viewHeight } = this.scroll;
    if (place < this.layout.columns) this.scroll.scrollTo(0);
    else if (top - above < this.scroll.top) this.scroll.scrollTo(top - above - 4);
    else if (top + this.layout.cellHeight > this.scroll.top + viewHeight)
      this.scroll.scrollTo(top + this.layout.cellHeight - viewHeight + 4);
    this.repaint();
  }

  /** Where a key leads from the cursor; −1 when nothing is listed. */
  target(step: 'left' | 'right' | 'up' | 'down' | 'pageUp' | 'pageDown' | 'home' | 'end'): number {
    const { layout } = this;
    const place = Math.max(0, this.session.selection.cursor.value);
    const last = layout.places - 1;
    const page = layout.rowsIn(this.scroll.viewHeight);
    const to = {
      left: place - 1,
      right: place + 1,
      up: layout.vertical(place, -1),
      down: layout.vertical(place, 1),
      pageUp: layout.vertical(place, -page) === place ? 0 : layout.vertical(place, -page),
      pageDown: layout.vertical(place, page),
      home: 0,
      end: last,
    }[step];
    return Math.min(Math.max(0, to), last);
  }

  /** First place of the next or the previous section; −1 where there is none. */
  section(by: 1 | -1): number {
    return this.layout.sectionBeside(this.session.selection.cursor.value, by);
  }

  snapshot(): unknown {
    const [from, to] = this.pool.range ?? [-1, -1];
    return { top: this.scroll.top, columns: this.layout.columns, from, to };
  }

  private newLayout(): GridLayout {
    const { listing, asList, side } = this.session;
    this.width = this.scroller.clientWidth;
    const width = this.width || 800;
    return new GridLayout(listing.value.sections, { width, side: side.value, asList: asList.value });
  }

  /** Another listing, or cells of another kind. */
  private restart(): void {
    this.pool.clear();
    this.overlay.hide();
    const isList = this.session.asList.value;
    this.element.classList.toggle('as-list', isList);
    this.columns.hidden = !isList;
    this.relayout();
    this.reveal();
  }

  /** What was at the top, or the cursor while it is in view, stays where it is. */
  private relayout(): void {
    // Hidden, it has no size; shown again, it is told of the one it has then.
    if (this.scroller.clientHeight === 0) return;
    const before = this.layout;
    const { top, viewHeight } = this.scroll;
    const cursor = this.session.selection.cursor.value;
    const cursorTop = before.at(Math.max(0, cursor)).top;
    const inView = cursor >= 0 && cursorTop >= top - before.cellHeight && cursorTop < top + viewHeight;
    const anchor = inView ? cursor : before.between(top, top + 1).from;
    const offset = before.at(anchor).top - top;
    this.layout = this.newLayout();
    this.scroll.setTotal(this.layout.total);
    this.space.classList.toggle('no-captions', !this.layout.captions);
    this.columns.style.marginRight = `${this.scroller.offsetWidth - this.scroller.clientWidth}px`;
    const changed = before.columns !== this.layout.columns || before.cellHeight !== this.layout.cellHeight;
    if (changed) this.overlay.hide();
    if (changed && before.places > 0) this.scroll.scrollTo(this.layout.at(anchor).top - offset);
    this.repaint();
  }

  private paint(): void {
    const { layout, scroll, session, pool, overlay } = this;
    const { top, viewHeight } = scroll;
    if (viewHeight === 0) return;
    const seen = layout.between(top, top + viewHeight);
    const made = layout.between(top - viewHeight * ahead, top + viewHeight * (1 + ahead));
    // Cells move with the space they are in, but for a list so long that its scroll bar is scaled.
    if (scroll.scaled) this.moveAll();
    pool.keep(made.from, made.to);
    overlay.keep(made.from, made.to);
    const rest = this.paintCells([seen, { from: seen.to, to: made.to }, { from: made.from, to: seen.from }]);
    if (!rest || scroll.scaled) pool.park(layout.columns);
    if (rest) this.frame();
    this.headers.paint(layout, scroll);
    const cursor = session.selection.cursor.value;
    setAria(this.scroller, 'activedescendant', pool.has(cursor) ? cellId(cursor) : null);
    this.fetchSoon(seen, made);
  }

  private moveAll(): void {
    for (const place of this.pool.places) {
      this.seat(place, this.pool.take(place));
      this.overlay.move(place, this.scroll.position(this.layout.at(place).top));
    }
  }

  /** Makes cells right, in this order, as far as there is time in one frame. True when some are left. */
  private paintCells(ranges: readonly Range[]): boolean {
    const end = performance.now() + cellsPerFrame;
    const rows = new Set<number>();
    let done = 0;
    let rest = false;
    for (const { from, to } of ranges)
      for (let place = from; place < to && !rest; place++) {
        if (this.pool.isRight(place)) continue;
        const row = this.layout.rowOf(place).from;
        if (this.paintCell(place) || !this.overlay.has(row)) rows.add(row);
        rest = ++done >= fewestPerFrame && performance.now() > end;
      }
    if (!this.session.asList.value) for (const row of rows) this.paintBoxes(row);
    return rest;
  }

  /** True when it shows something else than before. */
  private paintCell(place: number): boolean {
    const { session, layout } = this;
    const cell = this.pool.take(place);
    this.seat(place, cell);
    this.pool.settle(place);
    const { listing, selection, thumbs } = session;
    const image = listing.value.imageAt(place);
    const row = listing.value.row(place);
    return cell.paint({
      place,
      places: layout.places,
      image,
      row,
      thumb: thumbs.get(image, this.thumbPixels),
      boxes: session.boxes.value,
      selected: selection.has(image),
      cursor: place === selection.cursor.value,
      dropped: session.isDropped(image),
      labels: session.info.value?.labels ?? null,
      marks: row === null ? null : this.marksOf(row.key),
    });
  }

  private seat(place: number, cell: Cell): void {
    const { left, top } = this.layout.at(place);
    cell.move(left, this.scroll.position(top), this.layout.cellWidth, this.layout.cellHeight);
  }

  private newCell(): Cell {
    const cell = this.session.asList.value ? new ListCell() : new ThumbCell();
    this.space.insertBefore(cell.element, this.overlay.element);
    return cell;
  }

  /** Device pixels of a thumbnail's side. */
  private get thumbPixels(): number {
    const side = this.session.asList.value ? listPicture : this.layout.cellWidth;
    return side * (window.devicePixelRatio || 1);
  }

  /** The boxes of a row of cells, by its first place. */
  private paintBoxes(first: number): void {
    const { session, layout, pool } = this;
    const { from, to } = layout.rowOf(first);
    const thumbs: DrawnThumb[] = [];
    for (let place = from; session.boxes.value && place < to; place++) {
      const row = session.listing.value.row(place);
      const there = session.thumbs.get(session.listing.value.imageAt(place), this.thumbPixels)?.kind === 'there';
      // A box over nothing says less than nothing.
      if (row !== null && there && pool.has(place) && !session.isDropped(row.index))
        thumbs.push({ row, left: layout.at(place).left, side: layout.cellWidth });
    }
    const { top } = layout.at(from);
    this.overlay.draw(from, thumbs, this.scroll.position(top), this.width, layout.cellHeight);
  }

  /** While somebody scrolls fast, only what stays in sight is asked for. */
  private fetchSoon(seen: Range, made: Range): void {
    clearTimeout(this.fetchTimer);
    const wait = this.fetchedAt + fetchEvery - performance.now();
    if (wait <= 0) this.fetch(seen, made);
    else this.fetchTimer = setTimeout(() => this.fetch(seen, made), wait);
  }

  private fetch(seen: Range, made: Range): void {
    this.fetchedAt = performance.now();
    const { listing, thumbs } = this.session;
    listing.value.want(made.from, made.to);
    const images: number[] = [];
    const take = (from: number, to: number) => {
      for (let place = from; place < to; place++) images.push(listing.value.imageAt(place));
    };
    take(seen.from, seen.to);
    take(seen.to, made.to);
    take(made.from, seen.from);
    thumbs.want(images, this.thumbPixels);
  }
}
