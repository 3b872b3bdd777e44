import type { Size } from '../../src/core/geometry/box';
import type { BadgePlaces } from './badges';
import { LayerStage, type PaintLayer } from './layerStage';
import { MaskLayer } from './maskLayer';
import { type OverlayEdit, paintOverlay } from './overlayLayer';
import type { PaintFrame, ScenePainter } from './paintFrame';
import { type PictureScene, paintPicture } from './pictureLayer';
import { RegionLayer } from './regionLayer';
import type { RegionTable } from './regionTable';
import { type CanvasTheme, readTheme, watchTheme } from './theme';
import type { CanvasTool } from './tools/canvasTool';
import type { View } from './view';

/** Everything there is to paint, asked for at the start of each frame. Rows are those of the table. */
export interface CanvasScene extends PictureScene {
  readonly view: View;
  readonly screen: Size;
  readonly moving: boolean;
  readonly table: RegionTable;
  readonly hover: number | null;
  readonly selection: number | null;
  readonly edit: OverlayEdit | null;
  /** Null without an image. */
  readonly scenery: ScenePainter | null;
  readonly tool: CanvasTool | null;
}

/** Three layers: the picture, all regions, and what hover and selection raise above them. Knows when to paint nothing. */
export class CanvasPainter {
  readonly #host: HTMLElement;
  readonly #scene: () => CanvasScene;
  readonly #stage: LayerStage;
  readonly #picture: PaintLayer;
  readonly #regions: PaintLayer;
  readonly #overlay: PaintLayer;
  readonly #regionLayer = new RegionLayer();
  readonly #maskLayer = new MaskLayer();
  readonly #stopTheme: () => void;
  #theme: CanvasTheme | null = null;
  #ratio = 1;
  #badges: BadgePlaces = new Map();

  /** `onTheme`: colours changed, so everything wants painting anew. */
  constructor(host: HTMLElement, scene: () => CanvasScene, onTheme: () => void) {
    this.#host = host;
    this.#scene = scene;
    this.#stage = new LayerStage(host);
    this.#picture = this.#stage.addLayer((context) => paintPicture(context, this.#frame(), scene(), this.#maskLayer));
    this.#regions = this.#stage.addLayer((context) => {
      const { table, edit, scenery } = scene();
      scenery?.(context, this.#frame());
      const lifted = edit?.from ? edit.row : null;
      this.#badges = this.#regionLayer.paint(context, this.#frame(), table, lifted);
    });
    this.#overlay = this.#stage.addLayer((context) => {
      paintOverlay(context, this.#frame(), { ...scene(), badges: this.#badges });
      if (scene().size !== null) scene().tool?.paint(context, this.#frame());
    });
    this.#stopTheme = watchTheme(() => {
      this.#theme = null;
      onTheme();
    });
  }

  /** Device pixels per CSS pixel. */
  get ratio(): number {
    return this.#ratio;
  }
  /** Where the last frame put the numbers. */
  get badges(): BadgePlaces {
    return this.#badges;
  }

  /** Leaves the layers empty until the next paint. */
  resize(screen: Size, ratio: number): void {
    this.#ratio = ratio;
    this.#stage.resize(screen, ratio);
  }

  /** Paints the layers asked for and the overlay, which is nearly free. */
  paint(what: { readonly picture: boolean; readonly regions: boolean }): void {
    const { screen } = this.#scene();
    if (screen.width === 0 || screen.height === 0) return;
    if (what.picture) this.#picture.draw();
    if (what.regions) this.#regions.draw();
    this.#overlay.draw();
  }

  dispose(): void {
    this.#stopTheme();
    this.#stage.dispose();
  }

  #frame(): PaintFrame {
    this.#theme ??= readTheme(this.#host);
    const { view, screen, moving } = this.#scene();
    return { view, screen, ratio: this.#ratio, theme: this.#theme, moving };
  }
}
