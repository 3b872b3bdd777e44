import type { ImageMarks } from '../../../src/core/dataset/edit/imageMarks';
import type { ImageRow, ImageSetInfo } from '../../../src/protocol/imageSet';
import { count, counted, shortNumber } from '../../rollouts/words';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { type IconName, icon } from '../../ui/icon';
import type { Thumb } from '../store/thumbs';

/** What a cell shows. */
export interface CellFacts {
  readonly place: number;
  readonly places: number;
  readonly image: number;
  /** Null while they are on their way. */
  readonly row: ImageRow | null;
  readonly thumb: Thumb | null;
  /** Boxes are drawn over thumbnails. */
  readonly boxes: boolean;
  readonly selected: boolean;
  readonly cursor: boolean;
  /** A threshold that is tried out would leave it out. */
  readonly dropped: boolean;
  /** Names of labels by number; null until they are known. */
  readonly labels: ImageSetInfo['labels'] | null;
  /** What people said of the image; null for nothing. */
  readonly marks: ImageMarks | null;
}

/** One image of the grid or of the list; cells are used again for other images as they scroll by. */
export interface Cell {
  readonly element: HTMLElement;
  /** True when it showed another image, or this one otherwise. */
  paint(facts: CellFacts): boolean;
  /** Puts it at a place of the scrolled space, CSS pixels. */
  move(left: number, top: number, width: number, height: number): void;
}

export const cellId = (place: number): string => `cell-${place}`;

/** A thumbnail with its name under it. */
export class ThumbCell implements Cell {
  readonly element: HTMLElement;
  private readonly picture = new Picture();
  private readonly caption = div('cell-caption');
  private readonly number = span('cell-count');
  private readonly reward = span('cell-reward');
  private readonly mark = el('span', { class: 'cell-mark', aria: { hidden: true } });
  private markIcon: IconName | null = null;
  private readonly seat = new Seat();
  private last: CellFacts | null = null;

  constructor() {
    const tick = el('span', { class: 'cell-tick', aria: { hidden: true } }, icon('check'));
    this.element = el(
      'div',
      { class: 'cell', role: 'option' },
      div('cell-picture', this.picture.element),
      this.number,
      this.reward,
      this.mark,
      tick,
      this.caption,
    );
  }

  move(left: number, top: number, width: number, height: number): void {
    this.seat.move(this.element, left, top, width, height);
  }

  paint(facts: CellFacts): boolean {
    const { last } = this;
    if (isSame(last, facts)) return false;
    this.last = facts;
    paintOption(this.element, facts, last);
    this.picture.paint(facts.image, facts.thumb);
    setText(this.caption, facts.row === null ? '' : baseName(facts.row.file));
    setText(this.number, facts.row === null || facts.row.annotations === 0 ? '' : count(facts.row.annotations));
    const reward = facts.row?.reward ?? Number.NaN;
    setText(this.reward, Number.isNaN(reward) ? '' : shortNumber(reward));
    this.paintMark(facts.marks);
    return isOther(last, facts);
  }

  private paintMark(marks: ImageMarks | null): void {
    const name = iconOf(marks);
    if (name === this.markIcon) return;
    this.markIcon = name;
    fill(this.mark, name === null ? null : icon(name));
  }
}

/** The columns of the list, left to right. */
export const listColumns = [
  { name: 'File', class: 'list-file' },
  { name: 'Size', class: 'list-size' },
  { name: 'Split', class: 'list-split' },
  { name: 'Annotations', class: 'list-annotations' },
  { name: 'Labels', class: 'list-labels' },
  { name: 'Tags', class: 'list-tags' },
] as const;

/** A row of the table. */
export class ListCell implements Cell {
  readonly element: HTMLElement;
  private readonly picture = new Picture();
  private last: CellFacts | null = null;
  private readonly seat = new Seat();
  private readonly fields = listColumns.map((column) => span(`list-field ${column.class}`));

  constructor() {
    this.element = el(
      'div',
      { class: 'cell list-row', role: 'option' },
      div('list-picture', this.picture.element),
      ...this.fields,
    );
  }

  move(left: number, top: number, width: number, height: number): void {
    this.seat.move(this.element, left, top, width, height);
  }

  paint(facts: CellFacts): boolean {
    const { last } = this;
    if (isSame(last, facts)) return false;
    this.last = facts;
    paintOption(this.element, facts, last);
    this.picture.paint(facts.image, facts.thumb);
    const { row } = facts;
    const texts =
      row === null
        ? []
        : [
            row.file,
            row.width > 0 ? `${row.width} × ${row.height}` : '',
            facts.marks?.split ?? row.split ?? '',
            count(row.annotations),
            labelsOf(row, facts.labels),
            markWords(facts.marks).join(', '),
          ];
    this.fields.forEach((field, at) => {
      setText(field, texts[at] ?? '');
      if (field.title !== (texts[at] ?? '')) field.title = texts[at] ?? '';
    });
    return isOther(last, facts);
  }
}

/** Where a cell is; a style is written only when it changes. */
class Seat {
  private transform = '';
  private size = '';

  move({ style }: HTMLElement, left: number, top: number, width: number, height: number): void {
    const transform = `translate(${left}px, ${top}px)`;
    if (transform !== this.transform) {
      this.transform = transform;
      style.transform = transform;
    }
    const size = `${width} ${height}`;
    if (size === this.size) return;
    this.size = size;
    style.width = `${width}px`;
    style.height = `${height}px`;
  }
}

/** A picture that never shows another image's: until the right one is there, there is none. */
class Picture {
  readonly element = el('img', { class: 'thumb' });
  private url = '';
  /** Whose picture it is; −1 for none. */
  private image = -1;

  constructor() {
    this.element.decoding = 'async';
    this.element.draggable = false;
    this.element.alt = '';
    for (const event of ['load', 'error'])
      this.element.addEventListener(event, () => this.element.classList.remove('coming'));
  }

  paint(image: number, thumb: Thumb | null): void {
    const url = thumb?.kind === 'there' ? thumb.url : '';
    if (url !== this.url) {
      this.url = url;
      if (url === '') this.element.removeAttribute('src');
      else this.element.src = url;
      // The browser shows what was there until the next has come: right for a sharper one of the same image alone.
      this.element.classList.toggle('coming', image !== this.image && !this.element.complete);
      this.image = url === '' ? -1 : image;
    }
    this.element.parentElement?.classList.toggle('failed', thumb?.kind === 'failed');
    const title = thumb?.kind === 'failed' ? thumb.message : '';
    if (this.element.title !== title) this.element.title = title;
  }
}

/** Most repaints are for another cell's sake. */
function isSame(before: CellFacts | null, now: CellFacts): boolean {
  return (
    before !== null &&
    !isOther(before, now) &&
    before.places === now.places &&
    before.selected === now.selected &&
    before.cursor === now.cursor &&
    before.labels === now.labels &&
    before.marks === now.marks
  );
}

/** Another image, or what is drawn of it has changed. */
function isOther(before: CellFacts | null, now: CellFacts): boolean {
  return (
    before === null ||
    before.place !== now.place ||
    before.image !== now.image ||
    before.row !== now.row ||
    before.thumb !== now.thumb ||
    before.boxes !== now.boxes ||
    before.dropped !== now.dropped
  );
}

/** Writes what differs from what the cell showed before. */
function paintOption(element: HTMLElement, now: CellFacts, before: CellFacts | null): void {
  const { place, places, row, thumb, selected, cursor, dropped, marks } = now;
  if (element.id !== cellId(place)) element.id = cellId(place);
  if (place !== before?.place) setAria(element, 'posinset', place + 1);
  if (places !== before?.places) setAria(element, 'setsize', places);
  if (selected !== before?.selected) {
    element.classList.toggle('selected', selected);
    setAria(element, 'selected', selected);
  }
  if (dropped !== before?.dropped) element.classList.toggle('dropped', dropped);
  if (cursor !== before?.cursor) element.classList.toggle('cursor', cursor);
  if (before === null || row !== before.row || thumb?.kind !== before.thumb?.kind || marks !== before.marks)
    setAria(element, 'label', row === null ? 'reading' : spoken(row, thumb, marks));
}

function spoken(row: ImageRow, thumb: Thumb | null, marks: ImageMarks | null): string {
  const facts = [row.file, counted(row.annotations, 'annotation')];
  if (row.split !== null) facts.push(row.split);
  if (row.reward !== undefined && !Number.isNaN(row.reward)) facts.push(`mean reward ${shortNumber(row.reward)}`);
  facts.push(...markWords(marks));
  if (thumb?.kind === 'failed') facts.push(thumb.message);
  return facts.join(', ');
}

/** Names of the labels, the most frequent of the boxes that a row holds first, with how often each is there. */
function labelsOf(row: ImageRow, labels: ImageSetInfo['labels'] | null): string {
  const counts = new Map<number, number>();
  for (const label of row.labels) if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([label, times]) => `${labels?.[label]?.label ?? '…'}${times > 1 ? ` ${times}` : ''}`)
    .join(', ');
}

/** Behind the last slash. */
export const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

const verdicts = {
  accept: { words: 'accepted', icon: 'pass' },
  reject: { words: 'rejected', icon: 'circle-slash' },
  'needs-work': { words: 'needs work', icon: 'wrench' },
} as const;

/** What people said of an image, in words. */
function markWords(marks: ImageMarks | null): readonly string[] {
  if (marks === null) return [];
  const verdict = marks.verdict === null ? [] : [verdicts[marks.verdict].words];
  return [...verdict, ...marks.tags, ...(marks.edits > 0 ? ['edited'] : [])];
}

function iconOf(marks: ImageMarks | null): IconName | null {
  if (marks === null) return null;
  if (marks.verdict !== null) return verdicts[marks.verdict].icon;
  return marks.tags.length > 0 ? 'bookmark' : marks.edits > 0 ? 'edit' : null;
}
