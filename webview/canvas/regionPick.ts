import { HitIndex } from './hitIndex';
import type { CanvasRegion } from './imageCanvas';
import { POINT_RADIUS } from './pointPaint';
import { noRegions, type RegionTable, tabulate } from './regionTable';
import { type Point, toImage, type View } from './view';

/** CSS pixels around a box that still count as on it: thin boxes stay easy to point at. */
const HIT_TOLERANCE = 4;

/** Told of the region that was clicked, null for none, and of the place in original pixels, null without an image. */
export type SelectListener = (id: string | null, at: Point | null) => void;

/** The canvas's regions, and which of them the pointer is on or has chosen. */
export class RegionPick {
  #table: RegionTable = noRegions;
  #hits = new HitIndex(this.#table);
  hover: string | null = null;
  selection: string | null = null;
  readonly #hoverListeners: ((id: string | null) => void)[] = [];
  readonly #selectListeners: SelectListener[] = [];

  get table(): RegionTable {
    return this.#table;
  }

  set(regions: readonly CanvasRegion[]): void {
    this.#table = tabulate(regions);
    this.#hits = new HitIndex(this.#table);
  }

  onHover(listener: (id: string | null) => void): void {
    this.#hoverListeners.push(listener);
  }

  onSelect(listener: SelectListener): void {
    this.#selectListeners.push(listener);
  }

  /** The pointer is at a place on screen, or nowhere; true when that is another region than before. */
  hoverAt(at: Point | null, view: View): boolean {
    const id = at === null ? null : this.#idAt(at, view);
    if (id === this.hover) return false;
    this.hover = id;
    for (const listener of this.#hoverListeners) listener(id);
    return true;
  }

  selectAt(at: Point | null, view: View): void {
    this.selection = at === null ? null : this.#idAt(at, view);
    const there = at === null ? null : toImage(view, at);
    for (const listener of this.#selectListeners) listener(this.selection, there);
  }

  #idAt(at: Point, view: View): string | null {
    const row = this.#hits.at(toImage(view, at), HIT_TOLERANCE / view.scale, POINT_RADIUS / view.scale);
    return row === null ? null : (this.#table.regions[row]?.id ?? null);
  }
}
