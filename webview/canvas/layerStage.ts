import { Konva } from 'konva/lib/Core';
import type { Size } from '../../src/core/geometry/box';

/** A layer of the stage with one shape that paints all of it, in device pixels. */
export interface PaintLayer {
  draw(): void;
}

/**
 * A konva stage that paints and nothing else: no node per region, no hit canvas, no events. The canvas finds what is
 * under the pointer by itself (`hitIndex.ts`), which costs less than painting a second, invisible copy of every layer.
 */
export class LayerStage {
  readonly #stage: Konva.Stage;
  readonly #layers: Konva.Layer[] = [];
  #ratio = 1;
  #quiet = false;

  constructor(host: HTMLElement) {
    const container = document.createElement('div');
    container.style.position = 'absolute';
    container.style.inset = '0';
    container.style.overflow = 'hidden';
    container.style.pointerEvents = 'none';
    host.append(container);
    Konva.autoDrawEnabled = false;
    Konva.hitOnDragEnabled = false;
    this.#stage = new Konva.Stage({ container, width: 0, height: 0, listening: false });
  }

  addLayer(paint: (context: CanvasRenderingContext2D) => void): PaintLayer {
    const layer = new Konva.Layer({ listening: false });
    layer.add(
      new Konva.Shape({
        listening: false,
        perfectDrawEnabled: false,
        sceneFunc: ({ _context: context }) => {
          if (this.#quiet) return;
          context.save();
          context.setTransform(1, 0, 0, 1, 0, 0);
          paint(context);
          context.restore();
        },
      }),
    );
    this.#quietly(() => this.#stage.add(layer));
    layer.getCanvas().setPixelRatio(this.#ratio);
    this.#layers.push(layer);
    return { draw: () => void layer.drawScene() };
  }

  /** CSS pixels and device pixels per CSS pixel; clears the layers. */
  resize(size: Size, ratio: number): void {
    if (ratio !== this.#ratio) {
      this.#ratio = ratio;
      for (const layer of this.#layers) layer.getCanvas().setPixelRatio(ratio);
    }
    this.#quietly(() => this.#stage.size(size));
  }

  dispose(): void {
    this.#stage.destroy();
  }

  /** Konva draws a layer when it is added and twice when it is resized, each time before there is anything to show. */
  #quietly(change: () => void): void {
    this.#quiet = true;
    change();
    this.#quiet = false;
  }
}
