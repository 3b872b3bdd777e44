import type { Box, Size } from '../../src/core/geometry/box';
import { KonvaImageCanvas } from './konvaImageCanvas';
import type { ScenePainter } from './paintFrame';
import type { SelectListener } from './regionPick';
import type { BoxTool } from './tools/boxEdit';
import type { CanvasTool, ToolSurface } from './tools/canvasTool';

/** A box to draw, in pixels of the original image. Corners may be swapped, fractional or outside the image. */
export interface CanvasRegion {
  /** Unique among the regions set together. */
  readonly id: string;
  readonly box: Box;
  /** Text of the badge at the corner; '' for none. */
  readonly number: string;
  /** Text of the hover label, such as the label a model gave the box; '' shows the number alone. */
  readonly title: string;
  /** 0 the selected rollout, 1–8 its siblings, 9 ground truth, 10 boxes the task gives. */
  readonly palette: number;
  readonly stroke: 'solid' | 'dashed' | 'dotted';
  readonly emphasis: 'strong' | 'normal' | 'dim';
  /** A point at the box's centre instead of an outline: a filled disc with +, a hollow one with −, or a dot. */
  readonly point?: 'plus' | 'minus' | 'plain';
}

/** Decoded pixels and the part of the original image they show, in original pixels. */
export interface CanvasPicture {
  readonly source: HTMLImageElement | ImageBitmap;
  readonly box: Box;
}

/** A mask over the picture. */
export interface CanvasMask {
  /** Closed loops of corners x, y in turn, original pixels; by the even-odd rule they enclose the mask. */
  readonly loops: readonly Float32Array[];
  readonly palette: number;
  /** Tint what is inside. */
  readonly filled: boolean;
  readonly stroke: 'solid' | 'dashed';
  /** Of the tint, 0–1; 0.32 when absent. */
  readonly opacity?: number;
  /** Chosen among the others: its border is bolder. */
  readonly raised?: boolean;
}

/** What the canvas shows at the moment. */
export interface CanvasViewport {
  /** Screen CSS pixels per original pixel. */
  readonly scale: number;
  /** The part of the plane on screen, in original pixels; reaches beyond the image where empty space shows. */
  readonly visible: Box;
  /** Size of the element in CSS pixels; 0 until it is laid out. */
  readonly width: number;
  readonly height: number;
}

/**
 * An image with numbered regions over it that zooms and pans. Nothing here waits for the host. Changes are painted in
 * the next animation frame, several changes in one. Setters never call the listeners of hover and selection; the user's
 * pointer does. Keys are the caller's business: the element takes focus and only knows Space (hold and drag to pan).
 */
export interface ImageCanvas {
  readonly element: HTMLElement;
  /**
   * Shows an image of `size` original pixels. The view is kept when `key` equals the last one, or, without keys, when
   * `size` is the same object; else the image is fitted and the detail dropped. `picture` null with a size paints the
   * empty frame of an image still on its way; size null is the state without an image.
   */
  setImage(size: Size | null, picture: CanvasPicture | null, key?: string): void;
  /** Tiles of a large image, painted over the preview in this order. */
  setTiles(tiles: readonly CanvasPicture[]): void;
  /** A part in full resolution, painted over preview and tiles. */
  setDetail(picture: CanvasPicture | null): void;
  setRegions(regions: readonly CanvasRegion[]): void;
  setHover(id: string | null): void;
  setSelection(id: string | null): void;
  /** What an editor paints by itself over picture and masks, under the regions. */
  setScenery(paint: ScenePainter | null): void;
  /** Paints the scenery anew: what it shows has changed. */
  repaintScenery(): void;
  /** Masks under the regions, over the picture. */
  setMasks(masks: readonly CanvasMask[]): void;
  /** One more above them, which changes often. */
  setMaskInHand(mask: CanvasMask | null): void;
  /** The whole image with a small margin; stays fitted while the element is resized, until the user zooms or pans. */
  fit(pace?: 'quickly' | 'slowly'): void;
  /** One screen CSS pixel per original pixel, about the centre of the view. */
  actualSize(): void;
  /** `at` in CSS pixels from the element's top left, its centre when absent. */
  zoomBy(factor: number, at?: { x: number; y: number }): void;
  /** Moves the picture by CSS pixels: positive `dx` shows what lies further left. */
  panBy(dx: number, dy: number): void;
  /** Shows `box` as large as fits, with `margin` times its longer side around it (0.25 when absent); `slowly` to be followed. */
  zoomToBox(box: Box, margin?: number, pace?: 'quickly' | 'slowly'): void;
  readonly viewport: CanvasViewport;
  /** Moves and resizes the region that it was given, in place of panning where the pointer is on that one. */
  readonly boxes: BoxTool;
  /** Gives the pointer to a tool: regions are neither hovered nor selected meanwhile. Null takes it back. */
  setTool(tool: CanvasTool | null): void;
  /** For tools that are made for this canvas. */
  readonly surface: ToolSurface;
  /** The pointer moved onto another region, or off all of them. */
  onHover(listener: (id: string | null) => void): void;
  /** The user clicked a region, or empty space (null), and where. */
  onSelect(listener: SelectListener): void;
  /** At most once a frame, after the view moved or the element was resized. */
  onViewport(listener: (viewport: CanvasViewport) => void): void;
  /** For tests, read only: regions with their rectangles on screen, viewport, hover and selection. */
  snapshot(): unknown;
  dispose(): void;
}

/** `label` names the element for screen readers; with `reducedMotion` the view jumps instead of gliding. */
export function createImageCanvas(options: { label: string; reducedMotion: boolean }): ImageCanvas {
  return new KonvaImageCanvas(options);
}
