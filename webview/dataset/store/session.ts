import { Lru } from '../../../src/core/collections/lru';
import type { DatasetImage } from '../../../src/core/dataset/datasetImage';
import type { DatasetWelcome } from '../../../src/protocol/datasetEditor';
import type { ImageSetInfo, ImageSetProgress } from '../../../src/protocol/imageSet';
import { errorText, isCancelled } from '../../rollouts/store/host';
import { Signal } from '../../rollouts/store/signal';
import type { DatasetHost } from './host';
import { type FoundImages, Listing } from './listing';
import { Selection } from './selection';
import { Thumbs } from './thumbs';
import type { ViewState } from './viewState';

/** `grid`: many images, as thumbnails or as rows of a table. `detail`: one image on the canvas. */
export type Mode = 'grid' | 'detail';

/** Everything the panes of the dataset editor share: data on loan from the host, and what the user chose. */
export class DatasetSession {
  readonly progress: Signal<ImageSetProgress>;
  /** Labels, splits and problems; null until they came. */
  readonly info = new Signal<ImageSetInfo | null>(null);
  /** What the grid shows. */
  readonly listing: Signal<Listing>;
  /** Counts up when rows came. */
  readonly rows = new Signal(0);
  readonly selection: Selection;
  readonly mode = new Signal<Mode>('grid');
  /** Image on show in the detail view; −1 for none. It stays when a filter takes it out of the grid. */
  readonly image = new Signal(-1);
  readonly thumbs: Thumbs;
  /** Boxes are drawn over thumbnails. */
  readonly boxes: Signal<boolean>;
  /** Rows of a table in the place of thumbnails. */
  readonly asList: Signal<boolean>;
  /** Side of a thumbnail, CSS pixels. */
  readonly side: Signal<number>;
  /** Images that a threshold which is tried out would leave out; null without one. */
  readonly dropped = new Signal<((image: number) => boolean) | null>(null);
  readonly failure = new Signal<{ readonly message: string; readonly fatal: boolean } | null>(null);
  /** The host does not answer: nothing that is edited would be kept. */
  readonly lost = new Signal(false);
  /** The user asked to take the host's word anew. */
  readonly reload = new Signal(0);
  /** Counts up when the set was opened anew: what was asked before is out of date. */
  readonly stale = new Signal(0);
  /** Counts up when annotations were edited, after rows and statistics have them so. */
  readonly edits = new Signal(0);
  /** Last words for the status line, read out politely; `shown` where nothing else on screen says so. */
  readonly message = new Signal({ text: '', shown: false });
  private readonly file: Listing;
  private readonly details = new Lru<number, Promise<DatasetImage>>(32);
  private loadingInfo = false;
  /** Something changed since it was asked for. */
  private infoOutdated = false;

  constructor(
    readonly host: DatasetHost,
    readonly welcome: DatasetWelcome,
    view: ViewState,
  ) {
    this.progress = new Signal(welcome.progress);
    this.boxes = new Signal(view.boxes);
    this.asList = new Signal(view.asList);
    this.side = new Signal(view.side);
    this.file = this.newListing(null);
    this.file.grow(welcome.progress.images);
    this.listing = new Signal(this.file);
    this.selection = new Selection(this.listing);
    this.thumbs = new Thumbs({
      upright: welcome.frame === 'oriented',
      fetch: (index, maxSide, signal) => host.call('image/preview', { index, maxSide }, { signal, deadline: 60_000 }),
      onChange: () => this.rows.set(this.rows.value + 1),
    });
    this.grow(welcome.progress);
  }

  /** Takes news of the scan. */
  grow(progress: ImageSetProgress): void {
    const wasDone = this.progress.value.done;
    this.file.grow(progress.images);
    this.progress.set(progress);
    // Pages that came while the set was read may lack annotations that were read, or edited, later.
    if (progress.done && !wasDone) this.refresh(null);
    if (this.selection.cursor.value < 0 && this.listing.value.count > 0) this.selection.move(0);
    if (progress.done) void this.loadInfo();
  }

  /** Shows what a query found; null for the order of the file. */
  show(found: FoundImages | null): void {
    const before = this.listing.value;
    const now = found === null ? this.file : this.newListing(found);
    if (found === null) now.grow(this.progress.value.images);
    this.listing.set(now);
    this.selection.follow(before, now);
  }

  /** Shows an image alone, and puts the cursor on it where it is listed. */
  open(image: number): void {
    if (image < 0) return;
    const place = this.listing.value.placeOf(image);
    if (place >= 0 && this.selection.image !== image) this.selection.move(place);
    this.image.set(image);
    this.mode.set('detail');
  }

  /** Back to all images. */
  close(): void {
    this.mode.set('grid');
  }

  /** The next or the previous image of the listing; false at its ends. */
  step(by: 1 | -1): boolean {
    const place = this.selection.cursor.value + by;
    const image = this.listing.value.imageAt(place);
    if (image < 0) return false;
    this.selection.move(place);
    if (this.mode.value === 'detail') this.image.set(image);
    return true;
  }

  /** An image with all its annotations. */
  detail(image: number): Promise<DatasetImage> {
    const known = this.details.get(image);
    if (known !== undefined) return known;
    const asked = this.host.call('set/image', { index: image });
    this.details.set(image, asked);
    asked.catch(() => this.details.delete(image));
    return asked;
  }

  /** The set was opened anew: images may lie elsewhere, and views are gone. */
  renew(): void {
    this.details.clear();
    this.thumbs.clear();
    this.file.invalidate();
    this.info.set(null);
    this.stale.set(this.stale.value + 1);
    if (this.progress.value.done) void this.loadInfo();
  }

  /** People edited annotations of these images; null: of any. */
  edited(images: readonly number[] | null): void {
    this.refresh(images === null ? null : new Set(images));
    this.infoOutdated = this.loadingInfo;
    void this.loadInfo();
    this.edits.set(this.edits.value + 1);
  }

  /** Rows of these images changed; null: of any. */
  refresh(images: ReadonlySet<number> | null): void {
    this.listing.value.refresh(images);
    if (this.listing.value !== this.file) this.file.refresh(images);
  }

  /** Labels and problems as they are now. */
  async loadInfo(): Promise<void> {
    if (this.loadingInfo) return;
    this.loadingInfo = true;
    try {
      this.info.set(await this.host.call('set/info', {}, { deadline: Number.POSITIVE_INFINITY }));
    } catch (error) {
      this.report(error);
    } finally {
      this.loadingInfo = false;
    }
    if (!this.infoOutdated) return;
    this.infoOutdated = false;
    await this.loadInfo();
  }

  /** A threshold that is tried out would leave the image out. */
  isDropped(image: number): boolean {
    return this.dropped.value?.(image) ?? false;
  }

  /** Whether edits would be kept; says so where they would not. */
  get mayEdit(): boolean {
    if (this.lost.value) this.say('Nothing is edited while the extension’s host does not answer.');
    return !this.lost.value;
  }

  /** Says something on screen and to screen readers. */
  say(text: string): void {
    this.message.set({ text, shown: true });
  }

  /** For screen readers alone: the screen shows it already. */
  speak(text: string): void {
    this.message.set({ text, shown: false });
  }

  report(error: unknown): void {
    if (!isCancelled(error)) this.say(errorText(error));
  }

  private newListing(found: FoundImages | null): Listing {
    return new Listing(found, {
      fetch: (start, count, view, signal) => this.host.call('set/rows', { start, count, view }, { signal }),
      onChange: () => this.rows.set(this.rows.value + 1),
      onError: (error) => this.report(error),
    });
  }
}
