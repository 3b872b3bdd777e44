import { Lru } from '../../src/core/collections/lru';
import type { Size } from '../../src/core/geometry/box';
import {
  levelFor,
  type PyramidLevel,
  pyramidLevels,
  type TilePlace,
  tileBox,
  tilesIn,
} from '../../src/core/geometry/tilePyramid';
import type { PyramidInfo } from '../../src/protocol/media';
import type { CanvasPicture, ImageCanvas } from './imageCanvas';

/** Where the tiles of one image come from. Both reject when they are aborted, or with what went wrong. */
export interface TileSource {
  /** Null for an image that needs none; takes as long as the pyramid is being built. */
  pyramid(signal: AbortSignal): Promise<PyramidInfo | null>;
  tile(place: TilePlace, signal: AbortSignal): Promise<CanvasPicture['source']>;
}

/** Decoded tiles kept: a megabyte each. */
const kept = 192;
/** Tiles on their way at once: what a slow link should not queue before the view has moved on. */
const together = 6;
/** Screen pixels per image pixel from which pixels are told apart: then the image's own are shown, not a tile's. */
const pixelPeeping = 2;
/** Milliseconds that an image stands before its pyramid is asked for: stepping through images builds none. */
const settled = 500;

interface Shown {
  readonly image: Size;
  readonly source: TileSource;
  readonly end: AbortController;
  levels: readonly PyramidLevel[] | null;
}

/** Draws a large image by the tiles that are on screen, over the preview that stands until they come. */
export class TiledImage {
  private shown: Shown | null = null;
  private readonly tiles = new Lru<string, CanvasPicture>(kept);
  private readonly running = new Map<string, AbortController>();
  /** A place that could not be had is not asked for again until the image is shown anew. */
  private readonly failed = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `onState`: tiles took over, their pyramid is being built, or neither. `report`: told what went wrong, once an image. */
  constructor(
    private readonly canvas: ImageCanvas,
    private readonly onState: (state: 'none' | 'building' | 'tiles') => void,
    private readonly report: (error: unknown) => void,
  ) {
    canvas.onViewport(() => this.paint());
  }

  /** Whether tiles have the pixels that the view needs: no other detail need be asked for. */
  get suffice(): boolean {
    const there = this.shown !== null && this.shown.levels !== null;
    return there && this.canvas.viewport.scale * devicePixelRatio < pixelPeeping;
  }

  show(image: Size | null, source: TileSource | null): void {
    this.drop();
    if (image === null || source === null) return;
    const shown: Shown = { image, source, end: new AbortController(), levels: null };
    this.shown = shown;
    this.timer = setTimeout(() => void this.prepare(shown), settled);
  }

  drop(): void {
    clearTimeout(this.timer);
    this.shown?.end.abort();
    this.shown = null;
    for (const running of this.running.values()) running.abort();
    this.running.clear();
    this.failed.clear();
    this.tiles.clear();
    this.canvas.setTiles([]);
    this.onState('none');
  }

  private async prepare(shown: Shown): Promise<void> {
    this.onState('building');
    try {
      const info = await shown.source.pyramid(shown.end.signal);
      if (this.shown !== shown) return;
      shown.levels = info === null ? null : pyramidLevels(info.levels);
      this.onState(info === null ? 'none' : 'tiles');
      this.paint();
    } catch (error) {
      if (this.shown !== shown) return;
      this.onState('none');
      this.report(error);
    }
  }

  /** Puts the tiles at hand on the canvas, coarse ones first, and asks for those that lack. */
  private paint(): void {
    const { shown } = this;
    if (shown === null || shown.levels === null) return;
    const { image, levels } = shown;
    const { visible, scale } = this.canvas.viewport;
    const level = levelFor(levels, scale * devicePixelRatio);
    const wanted = tilesIn(image, levels, level, visible);
    const names = new Set(wanted.map(nameOf));
    for (const [name, running] of this.running) {
      if (names.has(name)) continue;
      running.abort();
      this.running.delete(name);
    }
    for (const place of wanted) {
      if (this.running.size >= together) break;
      const name = nameOf(place);
      if (this.tiles.get(name) === undefined && !this.running.has(name) && !this.failed.has(name))
        void this.load(shown, place, name);
    }
    const whole = wanted.every((place) => this.tiles.peek(nameOf(place)) !== undefined);
    // What is coarser stands in until the tile itself is there; two levels back is still better than the preview.
    const painted = whole ? [] : [level + 2, level + 1].flatMap((above) => tilesIn(image, levels, above, visible));
    this.canvas.setTiles([...painted, ...wanted].flatMap((place) => this.tiles.peek(nameOf(place)) ?? []));
  }

  private async load(shown: Shown, place: TilePlace, name: string): Promise<void> {
    const controller = new AbortController();
    this.running.set(name, controller);
    try {
      const source = await shown.source.tile(place, controller.signal);
      const box = shown.levels === null ? null : tileBox(shown.image, shown.levels, place);
      if (this.shown === shown && box !== null) this.tiles.set(name, { source, box });
    } catch (error) {
      if (this.shown !== shown || controller.signal.aborted) return;
      if (this.failed.size === 0) this.report(error);
      this.failed.add(name);
    } finally {
      if (this.running.get(name) === controller) this.running.delete(name);
      if (this.shown === shown) this.paint();
    }
  }
}

function nameOf({ level, column, row }: TilePlace): string {
  return `${level}/${column}/${row}`;
}
