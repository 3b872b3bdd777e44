import { Signal } from '../../rollouts/store/signal';
import type { Listing } from './listing';

/**
 * Where the keyboard is, and which images are selected. The cursor is a place of the listing; what is selected are images,
 * the same in every listing, so that a filter never takes a selection away.
 */
export class Selection {
  /** −1 while nothing is listed. */
  readonly cursor = new Signal(-1);
  readonly images = new Signal<ReadonlySet<number>>(new Set());
  /** Place that a range starts from. */
  private anchor = -1;
  /** What was selected before the range that is being drawn. */
  private before: ReadonlySet<number> = new Set();

  constructor(private readonly listing: Signal<Listing>) {}

  /** The image at the cursor; −1 for none. */
  get image(): number {
    return this.listing.value.imageAt(this.cursor.value);
  }

  /** What an action is for: what is selected, or the image at the cursor. */
  get targets(): readonly number[] {
    if (this.images.value.size > 0) return [...this.images.value];
    return this.image < 0 ? [] : [this.image];
  }

  has(image: number): boolean {
    return this.images.value.has(image);
  }

  /** The cursor goes to a place; a range that is drawn later starts there. */
  move(place: number): void {
    this.anchor = place;
    this.before = this.images.value;
    this.cursor.set(place);
  }

  /** The cursor goes to a place, and what lies between it and where the range started is selected. */
  extend(place: number): void {
    const listing = this.listing.value;
    if (this.anchor < 0) this.anchor = Math.max(0, this.cursor.value);
    const chosen = new Set(this.before);
    const [from, to] = this.anchor < place ? [this.anchor, place] : [place, this.anchor];
    for (let at = from; at <= to; at++) chosen.add(listing.imageAt(at));
    chosen.delete(-1);
    this.images.set(chosen);
    this.cursor.set(place);
  }

  /** Selects an image or takes it out. */
  toggle(place: number): void {
    const image = this.listing.value.imageAt(place);
    if (image < 0) return;
    const chosen = new Set(this.images.value);
    if (!chosen.delete(image)) chosen.add(image);
    this.images.set(chosen);
    this.move(place);
  }

  /** Everything that is listed. */
  all(): void {
    const listing = this.listing.value;
    const chosen = new Set<number>();
    for (let place = 0; place < listing.count; place++) chosen.add(listing.imageAt(place));
    this.images.set(chosen);
    this.before = chosen;
  }

  /** False when nothing was selected. */
  clear(): boolean {
    if (this.images.value.size === 0) return false;
    this.images.set(new Set());
    this.before = this.images.value;
    return true;
  }

  /** Another listing is on show: the cursor stays on its image where that is listed, else it goes to the first. */
  follow(before: Listing, now: Listing): void {
    const image = before.imageAt(this.cursor.value);
    const place = image < 0 ? -1 : now.placeOf(image);
    this.move(place >= 0 ? place : now.count > 0 ? 0 : -1);
  }
}
