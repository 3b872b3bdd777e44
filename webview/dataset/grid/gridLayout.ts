/** CSS pixels. */
export const headerHeight = 26;
export const listRowHeight = 26;
/** Room under a thumbnail for its name; left out where thumbnails are too small to read names under. */
const captionHeight = 20;
const captionsFrom = 110;
const gap = 6;
export const padding = 10;

export interface LayoutSection {
  readonly title: string;
  readonly images: number;
}

export interface LayoutOptions {
  /** Of the view, CSS pixels. */
  readonly width: number;
  /** Wished side of a thumbnail, CSS pixels. */
  readonly side: number;
  /** One row an image. */
  readonly asList: boolean;
}

/** Places [from, to). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

interface Placed {
  readonly title: string;
  readonly images: number;
  readonly firstPlace: number;
  readonly firstRow: number;
  /** Of the header, or of the first row where there is none. */
  readonly top: number;
  readonly header: number;
}

/** Rows of cells under the headers of their sections: where each place is, and which places are between two heights. */
export class GridLayout {
  readonly columns: number;
  /** Distance between the left edges of two cells. */
  readonly pitch: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly captions: boolean;
  /** Height of everything. */
  readonly total: number;
  readonly sections: readonly Placed[];
  readonly places: number;
  private readonly rowPitch: number;

  constructor(
    sections: readonly LayoutSection[],
    readonly options: LayoutOptions,
  ) {
    const { width, side, asList } = options;
    const inner = Math.max(40, width - 2 * padding);
    this.columns = asList ? 1 : Math.max(1, Math.floor((inner + gap) / (side + gap)));
    // What is left of the width goes to the cells: the right edge is as straight as the left one.
    this.cellWidth = asList ? width : Math.floor((inner - gap * (this.columns - 1)) / this.columns);
    this.captions = !asList && side >= captionsFrom;
    this.cellHeight = asList ? listRowHeight : this.cellWidth + (this.captions ? captionHeight : 0);
    this.pitch = this.cellWidth + gap;
    this.rowPitch = asList ? listRowHeight : this.cellHeight + gap;
    const placed: Placed[] = [];
    let top = asList ? 0 : padding;
    let firstPlace = 0;
    let firstRow = 0;
    for (const { title, images } of sections) {
      const header = title === '' ? 0 : headerHeight;
      placed.push({ title, images, firstPlace, firstRow, top, header });
      const rows = Math.ceil(images / this.columns);
      top += header + rows * this.rowPitch;
      firstPlace += images;
      firstRow += rows;
    }
    this.sections = placed;
    this.places = firstPlace;
    this.total = top + (asList ? 0 : padding - gap);
  }

  /** Upper left corner of a place's cell. */
  at(place: number): { readonly left: number; readonly top: number } {
    const section = this.sectionOf(place);
    if (section === null) return { left: 0, top: 0 };
    const inside = place - section.firstPlace;
    const row = Math.floor(inside / this.columns);
    const left = this.options.asList ? 0 : padding + (inside % this.columns) * this.pitch;
    return { left, top: section.top + section.header + row * this.rowPitch };
  }

  /** The places whose cells lie between two heights: [from, to). */
  between(top: number, bottom: number): Range {
    if (this.places === 0) return { from: 0, to: 0 };
    return { from: this.firstOfRowAt(top), to: this.firstOfRowAt(bottom, true) };
  }

  /** The places of the row that a place is in. */
  rowOf(place: number): Range {
    const section = this.sectionOf(place);
    if (section === null) return { from: place, to: place };
    const from = place - ((place - section.firstPlace) % this.columns);
    return { from, to: Math.min(from + this.columns, section.firstPlace + section.images) };
  }

  /** The section that a height lies in; −1 without sections. */
  sectionAt(height: number): number {
    return upperBound(this.sections, (section) => section.top <= height) - 1;
  }

  /** The section of a place; null for none. */
  sectionOf(place: number): Placed | null {
    // Empty sections begin where the next one does.
    return this.sections[upperBound(this.sections, (section) => section.firstPlace <= place) - 1] ?? null;
  }

  /** First place of the next or the previous section that is not empty; −1 where there is none. */
  sectionBeside(place: number, by: 1 | -1): number {
    const { sections } = this;
    const here = this.sectionOf(place);
    const at = here === null ? 0 : sections.indexOf(here);
    for (let to = at + by; to >= 0 && to < sections.length; to += by)
      if ((sections[to]?.images ?? 0) > 0) return sections[to]?.firstPlace ?? -1;
    return -1;
  }

  /** The place `rows` further down in the same column, up when negative; the nearest there is at the ends. */
  vertical(place: number, rows: number): number {
    const section = this.sectionOf(place);
    if (section === null) return place;
    const column = (place - section.firstPlace) % this.columns;
    const row = section.firstRow + Math.floor((place - section.firstPlace) / this.columns) + rows;
    if (row < 0) return place;
    const target = this.sections[upperBound(this.sections, (one) => one.firstRow <= row) - 1];
    if (target === undefined) return place;
    const wanted = target.firstPlace + (row - target.firstRow) * this.columns + column;
    const last = target.firstPlace + target.images - 1;
    // Below the last row there is nothing; in the last row of a section the last cell stands for those that are missing.
    if (wanted - column > last) return target.images === 0 ? place : last;
    return Math.min(wanted, last);
  }

  /** Rows of cells that a height has room for, at least one. */
  rowsIn(height: number): number {
    return Math.max(1, Math.floor(height / this.rowPitch));
  }

  private firstOfRowAt(height: number, behind = false): number {
    const section = this.sections[Math.max(0, this.sectionAt(height))];
    if (section === undefined) return 0;
    const into = (height - section.top - section.header) / this.rowPitch;
    const row = Math.max(0, behind ? Math.ceil(into) : Math.floor(into));
    return Math.min(section.firstPlace + row * this.columns, section.firstPlace + section.images);
  }
}

/** Number of leading entries for which `holds` is true. */
function upperBound<T>(entries: readonly T[], holds: (entry: T) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && holds(entry)) low = middle + 1;
    else high = middle;
  }
  return low;
}
