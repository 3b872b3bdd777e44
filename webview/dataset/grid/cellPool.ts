import type { Cell } from './cells';

interface Seated {
  readonly cell: Cell;
  /** Of what is shown, when the cell was painted last. */
  version: number;
}

/** Cells by place. One that has left the range that is painted is used again for a place that came into it. */
export class CellPool {
  private readonly seated = new Map<number, Seated>();
  private spare: Cell[] = [];
  private version = 0;

  /** `make` is for a cell of the present kind, in the document already. */
  constructor(private readonly make: () => Cell) {}

  /** Whether a place has a cell that was painted for it, as it is now or as it was a moment ago. */
  has(place: number): boolean {
    return (this.seated.get(place)?.version ?? -1) >= 0;
  }

  /** Whether its cell shows what there is to show. */
  isRight(place: number): boolean {
    return this.seated.get(place)?.version === this.version;
  }

  /** What is shown has changed: no cell is right any more. */
  age(): void {
    this.version++;
  }

  /** Takes the cells of all other places than [from, to). */
  keep(from: number, to: number): void {
    for (const [place, { cell }] of this.seated) {
      if (place >= from && place < to) continue;
      this.seated.delete(place);
      // Another cell may have its place before it has one again.
      cell.element.removeAttribute('id');
      this.spare.push(cell);
    }
  }

  /** The cell of a place. */
  take(place: number): Cell {
    const there = this.seated.get(place);
    if (there !== undefined) return there.cell;
    const cell = this.spare.pop() ?? this.make();
    cell.element.classList.remove('parked');
    this.seated.set(place, { cell, version: -1 });
    return cell;
  }

  /** The cell of a place shows what there is to show now. */
  settle(place: number): void {
    const there = this.seated.get(place);
    if (there !== undefined) there.version = this.version;
  }

  get places(): Iterable<number> {
    return this.seated.keys();
  }

  /** Cells that nothing needs are not seen, and not heard of either; but for `most` they go. */
  park(most: number): void {
    for (const { element } of this.spare.splice(most)) element.remove();
    for (const { element } of this.spare) element.classList.add('parked');
  }

  /** −1 for a node in no cell. */
  placeOf(node: Element | null): number {
    const element = node?.closest('.cell') ?? null;
    for (const [place, { cell }] of this.seated) if (cell.element === element) return place;
    return -1;
  }

  /** First and last place that has a cell; null for none. */
  get range(): readonly [first: number, last: number] | null {
    if (this.seated.size === 0) return null;
    const places = [...this.seated.keys()];
    return [Math.min(...places), Math.max(...places)];
  }

  clear(): void {
    for (const { cell } of this.seated.values()) cell.element.remove();
    for (const { element } of this.spare) element.remove();
    this.seated.clear();
    this.spare = [];
  }
}
