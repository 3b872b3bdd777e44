import type { ImageMarks } from '../../../src/core/dataset/edit/imageMarks';
import { onAny, oncePerFrame } from '../../rollouts/store/signal';
import { div, el, setAria, span } from '../../ui/dom';
import { VirtualScroll } from '../../ui/virtualScroll';
import type { DatasetSession } from '../store/session';
import { BoxOverlay, type DrawnThumb } from './boxOverlay';
import { type Cell, cellId, ListCell, listColumns, ThumbCell } from './cells';
import { GridLayout, headerHeight } from './gridLayout';
import { SectionHeaders } from './sectionHeaders';

/** Share of the view that is made ready above and below it. */
const ahead = 0.6;
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
  private cells = new Map<number, Cell>();
  private spare: Cell[] = [];
  private layout: GridLayout;
  private fetchTimer: ReturnType<typeof setTimeout> | undefined;
  private fetchedAt = 0;
  /** The range that is painted, and whether what is in it is as it should be. */
  private painted = { from: 0, to: 0, right: false };
  private readonly frame = oncePerFrame(() => this.paint());
  private readonly repaint = () => {
    this.painted.right = false;
    this.frame();
  };

  constructor(
    private readonly session: DatasetSession,
    /** What people said of an image, by its key. */
    private readonly marksOf: (key: string) => ImageMarks | null,
  ) {
    const { listing, selection, rows, boxes, asList, side, info, progress } = session;
    this.overlay = new BoxOverlay(this.scroller, this.repaint);
    this.space.append(this.overlay.element);
    this.scroller.append(this.space);
    this.element = div('grid-pane', this.columns, div('grid-frame', this.scroller, this.headers.sticky));
    this.scroll = new VirtualScroll(this.scroller, this.space, this.frame);
    this.layout = this.newLayout();
    new ResizeObserver(() => this.relayout()).observe(this.scroller);
    onAny(this.repaint, [rows, boxes, info, selection.images]);
    onAny(() => this.relayout(), [side, progress]);
    asList.on(() => this.restart());
    listing.on(() => this.restart());
    selection.cursor.on(() => this.repaint());
    this.listenToPointer();
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
    const { sections } = this.layout;
    const here = this.layout.sectionOf(this.session.selection.cursor.value);
    const at = here === null ? 0 : sections.indexOf(here);
    for (let to = at + by; to >= 0 && to < sections.length; to += by)
      if ((sections[to]?.images ?? 0) > 0) return sections[to]?.firstPlace ?? -1;
    return -1;
  }

  snapshot(): unknown {
    const shown = [...this.cells.keys()].sort((a, b) => a - b);
    return { top: this.scroll.top, columns: this.layout.columns, from: shown[0] ?? -1, to: shown.at(-1) ?? -1 };
  }

  private newLayout(): GridLayout {
    const { listing, asList, side } = this.session;
    const width = this.scroller.clientWidth || 800;
    return new GridLayout(listing.value.sections, { width, side: side.value, asList: asList.value });
  }

  /** Another listing, or cells of another kind. */
  private restart(): void {
    for (const cell of [...this.cells.values(), ...this.spare]) cell.element.remove();
    this.cells.clear();
    this.spare = [];
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
    this.columns.style.marginRight = `${this.scroller.offsetWidth - this.scroller.clientWidth}px`;
    const changed = before.columns !== this.layout.columns || before.cellHeight !== this.layout.cellHeight;
    if (changed && before.places > 0) this.scroll.scrollTo(this.layout.at(anchor).top - offset);
    this.repaint();
  }

  private paint(): void {
    if (this.scroller.clientHeight === 0) return;
    const { layout, scroll, session } = this;
    const { top, viewHeight } = scroll;
    const seen = layout.between(top, top + viewHeight);
    const made = layout.between(top - viewHeight * ahead, top + viewHeight * (1 + ahead));
    // Cells move with the space they are in, but for a list so long that its scroll bar is scaled.
    const right = this.painted.right && !scroll.scaled;
    this.recycle(made.from, made.to);
    for (let place = made.from; place < made.to; place++) if (!right || !this.cells.has(place)) this.paintCell(place);
    this.headers.paint(layout, scroll);
    if (!right || made.from !== this.painted.from || made.to !== this.painted.to) this.paintBoxes(made.from, made.to);
    this.painted = { ...made, right: true };
    const cursor = session.selection.cursor.value;
    setAria(this.scroller, 'activedescendant', this.cells.has(cursor) ? cellId(cursor) : null);
    this.fetchSoon(seen, made);
  }

  private recycle(from: number, to: number): void {
    for (const [place, cell] of this.cells) {
      if (place >= from && place < to) continue;
      this.cells.delete(place);
      this.spare.push(cell);
    }
  }

  private paintCell(place: number): void {
    const { session, layout } = this;
    let cell = this.cells.get(place);
    if (cell === undefined) {
      cell = this.spare.pop() ?? (session.asList.value ? new ListCell() : new ThumbCell());
      this.cells.set(place, cell);
      if (!cell.element.isConnected) this.space.insertBefore(cell.element, this.overlay.element);
    }
    const { left, top } = layout.at(place);
    cell.move(left, this.scroll.position(top), layout.cellWidth, layout.cellHeight);
    const { listing, selection, thumbs } = session;
    const image = listing.value.imageAt(place);
    const row = listing.value.row(place);
    cell.paint({
      place,
      places: layout.places,
      row,
      thumb: thumbs.get(image, this.thumbPixels),
      selected: selection.has(image),
      cursor: place === selection.cursor.value,
      labels: session.info.value?.labels ?? null,
      marks: row === null ? null : this.marksOf(row.key),
    });
  }

  /** Device pixels of a thumbnail's side. */
  private get thumbPixels(): number {
    const side = this.session.asList.value ? listPicture : this.layout.cellWidth;
    return side * (window.devicePixelRatio || 1);
  }

  private paintBoxes(from: number, to: number): void {
    const { session, layout, scroll } = this;
    if (!session.boxes.value || session.asList.value || to <= from) {
      this.overlay.hide();
      return;
    }
    const start = layout.at(from).top;
    const thumbs: DrawnThumb[] = [];
    for (let place = from; place < to; place++) {
      const row = session.listing.value.row(place);
      const there = session.thumbs.get(session.listing.value.imageAt(place), this.thumbPixels)?.kind === 'there';
      const { left, top } = layout.at(place);
      // A box over nothing says less than nothing.
      if (row !== null && there) thumbs.push({ row, left, top: top - start, side: layout.cellWidth });
    }
    const height = layout.at(to - 1).top + layout.cellHeight - start;
    this.overlay.draw(thumbs, scroll.position(start), this.scroller.clientWidth, height);
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

  private listenToPointer(): void {
    const placeOf = (event: Event): number => {
      const node = event.target instanceof Element ? event.target.closest('.cell') : null;
      for (const [place, cell] of this.cells) if (cell.element === node) return place;
      return -1;
    };
    const { selection } = this.session;
    this.scroller.addEventListener('click', (event) => {
      const place = placeOf(event);
      if (place < 0) return;
      const tick = event.target instanceof Element && event.target.closest('.cell-tick') !== null;
      if (event.shiftKey) selection.extend(place);
      else if (event.ctrlKey || event.metaKey || tick) selection.toggle(place);
      else {
        selection.clear();
        selection.move(place);
      }
    });
    this.scroller.addEventListener('dblclick', (event) => {
      const place = placeOf(event);
      if (place >= 0) this.session.open(this.session.listing.value.imageAt(place));
    });
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}
