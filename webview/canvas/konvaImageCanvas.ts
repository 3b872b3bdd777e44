import type { Box, Size } from '../../src/core/geometry/box';
import { Camera, type Pace } from './camera';
import { CanvasPainter, type CanvasScene } from './canvasPainter';
import { createFocusableElement } from './focusableElement';
import type { CanvasMask, CanvasPicture, CanvasRegion, CanvasViewport, ImageCanvas } from './imageCanvas';
import type { ScenePainter } from './paintFrame';
import type { PictureScene } from './pictureLayer';
import { listenToPointer } from './pointerInput';
import { pointerTarget } from './pointerTarget';
import { RegionPick, type SelectListener } from './regionPick';
import { boxOfId, noRegions } from './regionTable';
import { describeCanvas } from './snapshot';
import { BoxTool } from './tools/boxEdit';
import type { CanvasTool, ToolSurface } from './tools/canvasTool';
import { type Point, sameSize, usableSize } from './view';

/** Milliseconds until a still view is painted in full quality. */
const REST_MS = 120;
const DEFAULT_MARGIN = 0.25;

/** State, input and the frame loop of the canvas; what a frame looks like is the painter's. */
export class KonvaImageCanvas implements ImageCanvas {
  readonly element: HTMLElement;
  readonly boxes: BoxTool;
  readonly surface: ToolSurface;
  readonly #camera: Camera;
  readonly #painter: CanvasPainter;
  readonly #end = new AbortController();
  readonly #resizes: ResizeObserver;

  #key: string | undefined;
  #shown: PictureScene = { size: null, preview: null, tiles: [], detail: null, masks: [], maskInHand: null };
  #scenery: ScenePainter | null = null;
  #tool: CanvasTool | null = null;
  readonly #regions = new RegionPick();
  #pointer: Point | null = null;

  #frame = 0;
  #dirty = { view: false, picture: false, regions: false };
  #moving = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  readonly #viewportListeners: ((viewport: CanvasViewport) => void)[] = [];

  constructor(options: { label: string; reducedMotion: boolean }) {
    this.#camera = new Camera(options.reducedMotion);
    this.element = createFocusableElement(options.label);
    const repaint = () => this.#invalidate({ picture: true, regions: true });
    this.#painter = new CanvasPainter(this.element, () => this.#scene(), repaint);
    this.surface = {
      view: () => this.#camera.view,
      image: () => this.#shown.size,
      repaint: () => this.#invalidate({}),
    };
    this.boxes = new BoxTool({
      ...this.surface,
      boxOf: (id) => boxOfId(this.#regions.table, id),
      repaint: () => this.#invalidate({ regions: true }),
    });
    this.#resizes = new ResizeObserver(() => this.#measure());
    this.#resizes.observe(this.element);
    this.#listen();
  }

  setImage(size: Size | null, picture: CanvasPicture | null, key?: string): void {
    const next = usableSize(size);
    const same = key === undefined ? next === this.#shown.size : key === this.#key && sameSize(next, this.#shown.size);
    this.#key = key;
    this.#shown = { ...this.#shown, size: next, preview: picture };
    if (!same) {
      this.#shown = { ...this.#shown, tiles: [], detail: null };
      this.#camera.show(next);
      this.#camera.reach(this.#regions.table.bounds);
      this.#dirty.view = true;
    }
    this.#invalidate({ picture: true, regions: !same });
  }

  setTiles(tiles: readonly CanvasPicture[]): void {
    if (tiles.length > 0 || this.#shown.tiles.length > 0) this.#show({ tiles });
  }

  setDetail(picture: CanvasPicture | null): void {
    this.#show({ detail: picture });
  }

  setRegions(regions: readonly CanvasRegion[]): void {
    this.#regions.set(regions);
    this.#camera.reach(this.#regions.table.bounds);
    this.#invalidate({ regions: true });
  }

  setHover(id: string | null): void {
    if (id === this.#regions.hover) return;
    this.#regions.hover = id;
    this.#invalidate({});
  }

  setSelection(id: string | null): void {
    if (id === this.#regions.selection) return;
    this.#regions.selection = id;
    this.#invalidate({});
  }

  setScenery(paint: ScenePainter | null): void {
    this.#scenery = paint;
    this.repaintScenery();
  }

  repaintScenery(): void {
    this.#invalidate({ regions: true });
  }

  setMasks(masks: readonly CanvasMask[]): void {
    this.#show({ masks });
  }

  setMaskInHand(mask: CanvasMask | null): void {
    if (mask !== this.#shown.maskInHand) this.#show({ maskInHand: mask });
  }

  setTool(tool: CanvasTool | null): void {
    this.#tool = tool;
    if (tool !== null) this.#hoverAt(null);
    this.element.style.cursor = tool?.cursor ?? '';
    this.#invalidate({});
  }

  fit(pace?: Pace): void {
    this.#camera.fit(pace);
    this.#move();
  }

  actualSize(): void {
    this.#camera.actualSize();
    this.#move();
  }

  zoomBy(factor: number, at?: { x: number; y: number }): void {
    this.#camera.zoomBy(factor, at ?? null, 'step');
    this.#move();
  }

  panBy(dx: number, dy: number): void {
    this.#camera.panBy(dx, dy, 'step');
    this.#move();
  }

  zoomToBox(box: Box, margin = DEFAULT_MARGIN, pace?: Pace): void {
    if (![box.x1, box.y1, box.x2, box.y2, margin].every(Number.isFinite)) return;
    this.#camera.zoomToBox(box, Math.max(0, margin), pace);
    this.#move();
  }

  get viewport(): CanvasViewport {
    return this.#camera.viewport;
  }

  onHover(listener: (id: string | null) => void): void {
    this.#regions.onHover(listener);
  }

  onSelect(listener: SelectListener): void {
    this.#regions.onSelect(listener);
  }

  onViewport(listener: (viewport: CanvasViewport) => void): void {
    this.#viewportListeners.push(listener);
  }

  snapshot(): unknown {
    return describeCanvas({
      table: this.#regions.table,
      badges: this.#painter.badges,
      view: this.#camera.view,
      viewport: this.viewport,
      size: this.#shown.size,
      preview: this.#shown.preview?.box ?? null,
      tiles: this.#shown.tiles.length,
      detail: this.#shown.detail?.box ?? null,
      masks: this.#shown.masks.length,
      maskInHand: this.#shown.maskInHand !== null,
      hover: this.#regions.hover,
      selection: this.#regions.selection,
      held: this.boxes.held,
      fitted: this.#camera.fitted,
      settled: this.#frame === 0 && !this.#moving && !this.#camera.gliding,
      devicePixelRatio: this.#painter.ratio,
    });
  }

  dispose(): void {
    this.#end.abort();
    this.#resizes.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rest);
    this.boxes.dispose();
    this.#painter.dispose();
    this.element.remove();
  }

  #listen(): void {
    const target = pointerTarget(this.#camera, {
      tool: () => this.#tool ?? this.boxes,
      point: (at) => {
        this.#pointer = at;
        this.#hoverAt(at);
      },
      click: (at) => this.#clickAt(at),
      moved: () => this.#move(),
    });
    const { signal } = this.#end;
    listenToPointer(this.element, target, signal);
    // The window may move to a screen of another pixel density without changing its size.
    window.addEventListener('resize', () => this.#measure(), { signal });
  }

  #show(changed: Partial<PictureScene>): void {
    this.#shown = { ...this.#shown, ...changed };
    this.#invalidate({ picture: true });
  }

  #hoverAt(at: Point | null): void {
    const there = this.#shown.size === null || this.#tool !== null ? null : at;
    if (this.#regions.hoverAt(there, this.#camera.view)) this.#invalidate({});
  }

  #clickAt(at: Point): void {
    this.#regions.selectAt(this.#shown.size === null ? null : at, this.#camera.view);
    this.#invalidate({});
  }

  #measure(): void {
    const ratio = window.devicePixelRatio || 1;
    // Whole device pixels, so that the bitmap is shown without being resampled.
    const width = Math.floor(this.element.clientWidth * ratio) / ratio;
    const height = Math.floor(this.element.clientHeight * ratio) / ratio;
    const { screen } = this.#camera;
    if (width === screen.width && height === screen.height && ratio === this.#painter.ratio) return;
    this.#camera.resize({ width, height });
    this.#painter.resize({ width, height }, ratio);
    this.#dirty = { view: true, picture: true, regions: true };
    // Resizing emptied the layers; painting in the observer's turn shows no blank frame.
    cancelAnimationFrame(this.#frame);
    this.#paint(performance.now());
  }

  #move(): void {
    this.#moving = true;
    this.#dirty.view = true;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#settle(), REST_MS);
    this.#invalidate({ picture: true, regions: true });
  }

  /** The view came to rest: full quality, and the region that now lies under a still pointer. */
  #settle(): void {
    if (this.#camera.gliding) {
      this.#rest = setTimeout(() => this.#settle(), REST_MS);
      return;
    }
    this.#moving = false;
    this.#invalidate({ picture: true, regions: true });
    if (this.#pointer !== null) this.#hoverAt(this.#pointer);
  }

  #invalidate(what: { picture?: boolean; regions?: boolean }): void {
    this.#dirty.picture ||= what.picture ?? false;
    this.#dirty.regions ||= what.regions ?? false;
    if (this.#frame === 0 && !this.#end.signal.aborted) this.#frame = requestAnimationFrame((now) => this.#paint(now));
  }

  #paint(now: number): void {
    this.#frame = 0;
    const { view, picture, regions } = this.#dirty;
    this.#dirty = { view: false, picture: false, regions: false };
    const goesOn = this.#camera.step(now);
    this.#painter.paint({ picture, regions });
    if (goesOn) {
      this.#dirty.view = true;
      this.#invalidate({ picture: true, regions: true });
    }
    this.boxes.tell();
    if (view) for (const listener of this.#viewportListeners) listener(this.viewport);
  }

  #scene(): CanvasScene {
    const { view, screen } = this.#camera;
    // Regions have a place only on an image.
    const table = this.#shown.size === null ? noRegions : this.#regions.table;
    const rowOf = (id: string | null) => (id === null ? null : (table.rowOf.get(id) ?? null));
    const held = this.boxes.held;
    const row = rowOf(held?.id ?? null);
    return {
      edit: held === null || row === null ? null : { row, box: held.box, from: held.from },
      view,
      screen,
      moving: this.#moving,
      ...this.#shown,
      scenery: this.#shown.size === null ? null : this.#scenery,
      tool: this.#tool,
      table,
      hover: rowOf(this.#regions.hover),
      selection: rowOf(this.#regions.selection),
    };
  }
}
