import { Lru } from '../../../src/core/collections/lru';
import type { ImageRow, ImageSetQuery, ImageSetView } from '../../../src/protocol/imageSet';

/** Rows fetched together. */
export const pageRows = 100;

export interface FoundImages {
  readonly query: ImageSetQuery;
  readonly view: ImageSetView;
}

export interface ListingOptions {
  readonly fetch: (
    start: number,
    count: number,
    view: number | null,
    signal: AbortSignal,
  ) => Promise<readonly ImageRow[]>;
  /** Rows came. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Images in an order: the file's, which grows while it is read, or what a query found, which stays as it was found. A
 * place is a position in that order, and an image that belongs to two sections has two of them. Rows are fetched by pages as
 * they come to be needed; requests for pages that are no longer on screen are aborted.
 */
export class Listing {
  private readonly pages = new Lru<number, readonly ImageRow[]>(60);
  private readonly running = new Map<number, AbortController>();
  private places: Map<number, number> | null = null;
  private known = 0;
  /** Pages that are on screen. */
  private wanted = { first: 0, last: -1 };

  constructor(
    /** Null for the order of the file. */
    readonly found: FoundImages | null,
    private readonly options: ListingOptions,
  ) {}

  /** Places. */
  get count(): number {
    return this.found?.view.order.length ?? this.known;
  }

  /** In order; one without a title where nothing is grouped. */
  get sections(): ImageSetView['sections'] {
    return this.found?.view.sections ?? [{ title: '', images: this.known }];
  }

  /** Images read so far: the file's own order grows. */
  grow(images: number): void {
    if (images < this.known) this.invalidate();
    this.known = images;
  }

  /** −1 for no place. */
  imageAt(place: number): number {
    if (place < 0 || place >= this.count) return -1;
    return this.found === null ? place : (this.found.view.order[place] ?? -1);
  }

  /** The first place of an image; −1 where it is not listed. */
  placeOf(image: number): number {
    if (this.found === null) return image >= 0 && image < this.known ? image : -1;
    if (this.places === null) {
      this.places = new Map();
      const { order } = this.found.view;
      for (let place = order.length - 1; place >= 0; place--) this.places.set(order[place] ?? -1, place);
    }
    return this.places.get(image) ?? -1;
  }

  /** Null while it is on its way. */
  row(place: number): ImageRow | null {
    return this.pages.peek(Math.floor(place / pageRows))?.[place % pageRows] ?? null;
  }

  /** The places [from, to) are on screen: fetches what is missing, forgets what is no longer wanted. */
  want(from: number, to: number): void {
    const first = Math.floor(Math.max(0, from) / pageRows);
    const last = Math.floor((Math.min(to, this.count) - 1) / pageRows);
    this.wanted = { first, last };
    for (const [page, controller] of this.running) {
      if (page >= first - 1 && page <= last + 1) continue;
      controller.abort();
      this.running.delete(page);
    }
    for (let page = first; page <= last; page++) {
      const there = this.pages.get(page);
      // The last page of a file that is being read grows.
      if (there === undefined || there.length < Math.min(pageRows, this.count - page * pageRows)) void this.load(page);
    }
  }

  /** Fetches what is on screen again where it holds one of the images, for null all of it; what is there stays until the new rows came. */
  refresh(images: ReadonlySet<number> | null): void {
    for (const page of new Set([...this.pages.keys(), ...this.running.keys()])) {
      const rows = this.pages.peek(page);
      if (images !== null && rows !== undefined && !rows.some(({ index }) => images.has(index))) continue;
      this.running.get(page)?.abort();
      this.running.delete(page);
      if (page >= this.wanted.first && page <= this.wanted.last) void this.load(page);
      else this.pages.delete(page);
    }
  }

  /** Everything is fetched anew when next wanted. */
  invalidate(): void {
    for (const controller of this.running.values()) controller.abort();
    this.running.clear();
    this.pages.clear();
  }

  private async load(page: number): Promise<void> {
    if (this.running.has(page)) return;
    const controller = new AbortController();
    this.running.set(page, controller);
    const start = page * pageRows;
    const count = Math.min(pageRows, this.count - start);
    try {
      const view = this.found?.view.view ?? null;
      this.pages.set(page, await this.options.fetch(start, count, view, controller.signal));
    } catch (error) {
      if (!controller.signal.aborted) this.options.onError(error);
      return;
    } finally {
      if (this.running.get(page) === controller) this.running.delete(page);
    }
    this.options.onChange();
  }
}
