import type { Box, Size } from '../../../src/core/geometry/box';
import type { PointerTool } from '../pointerInput';
import { boxOnScreen, ordered, type Point, toImage, type View } from '../view';
import { changeBox, sameBox } from './changeBox';
import { cursorOf, type Handle, handleAt } from './handles';

/** A box under way, let go at a new place, or given up. Original pixels, corners ordered, inside the image. */
export interface BoxEdit {
  readonly id: string;
  readonly box: Box;
  readonly phase: 'move' | 'commit' | 'cancel';
}

/** What the tool needs of the canvas. */
export interface EditSurface {
  readonly view: () => View;
  readonly image: () => Size | null;
  /** Null for a region that is not drawn. */
  readonly boxOf: (id: string) => Box | null;
  readonly repaint: () => void;
}

/** The box in hand, for the painter. `from`: where it was, once it moved. */
export interface HeldBox {
  readonly id: string;
  readonly box: Box;
  readonly from: Box | null;
}

interface Drag {
  readonly handle: Handle;
  /** Original pixels. */
  readonly start: Point;
  readonly box: Box;
}

/** Milliseconds after the last key until a box that keys moved counts as let go. */
const REST_MS = 800;

/**
 * Moves and resizes one box of the canvas, by drag or by steps. The canvas shows the box where it is in hand; what becomes
 * of it is the listener's business: after `commit` it sets the regions anew, or the box is back where it was.
 */
export class BoxTool implements PointerTool {
  #id: string | null = null;
  #live: Box | null = null;
  #drag: Drag | null = null;
  #handle: Handle | null = null;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #told: Box | null = null;
  readonly #listeners: ((edit: BoxEdit) => void)[] = [];

  constructor(private readonly surface: EditSurface) {}

  /** The region that can be changed; null for none. What was in hand of another one counts as let go. */
  setEditable(id: string | null): void {
    if (id === this.#id) return;
    if (this.#drag === null) this.commit();
    else this.cancel();
    this.#id = id;
    this.#handle = null;
    this.surface.repaint();
  }

  /** `move` comes at most once a frame. */
  onEdit(listener: (edit: BoxEdit) => void): void {
    this.#listeners.push(listener);
  }

  /** The box is not where it was. */
  get underWay(): boolean {
    return this.#live !== null;
  }

  get held(): HeldBox | null {
    const box = this.#box;
    if (this.#id === null || box === null) return null;
    return { id: this.#id, box: this.#live ?? box, from: this.#live === null ? null : box };
  }

  /** By steps in original pixels: all of it, or its right and lower edges. False when there is nothing to change. */
  nudge(dx: number, dy: number, what: 'move' | 'resize'): boolean {
    if (this.#box === null || this.#drag !== null) return false;
    const handle = what === 'move' ? 'move' : dx !== 0 ? 'e' : 's';
    this.#change(this.#live ?? this.#box, handle, dx, dy);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.commit(), REST_MS);
    return true;
  }

  /** Lets go; false when nothing was under way. */
  commit(): boolean {
    const [live, box] = [this.#live, this.#box];
    const changed = live !== null && (box === null || !sameBox(live, box));
    return this.#end(changed ? 'commit' : 'cancel');
  }

  /** Puts the box back; false when nothing was under way. */
  cancel(): boolean {
    return this.#end('cancel');
  }

  /** The pointer, CSS pixels from the element's top left. */
  point(at: Point | null): void {
    this.#handle = at === null ? null : this.#handleAt(at);
  }

  /** The pointer was pressed; true when it holds the box. */
  grab(at: Point): boolean {
    const [box, handle] = [this.#live ?? this.#box, this.#handleAt(at)];
    if (box === null || handle === null) return false;
    clearTimeout(this.#rest);
    this.#drag = { handle, start: toImage(this.surface.view(), at), box };
    return true;
  }

  drag(at: Point): void {
    if (this.#drag === null) return;
    const { handle, start, box } = this.#drag;
    const now = toImage(this.surface.view(), at);
    this.#change(box, handle, now.x - start.x, now.y - start.y);
  }

  /** The pointer was released: `moved` tells a drag from a click. */
  drop(moved: boolean): void {
    const held = this.#drag !== null;
    this.#drag = null;
    if (held && (moved || this.#live !== null)) this.commit();
  }

  /** CSS cursor under the pointer; '' for the usual one. */
  get cursor(): string {
    const handle = this.#drag?.handle ?? this.#handle;
    return handle === null ? '' : cursorOf(handle);
  }

  /** Called in each frame: tells where the box is by now. */
  tell(): void {
    const [id, box] = [this.#id, this.#live];
    if (id === null || box === null || box === this.#told) return;
    this.#told = box;
    this.#emit({ id, box, phase: 'move' });
  }

  dispose(): void {
    clearTimeout(this.#rest);
  }

  get #box(): Box | null {
    if (this.#id === null || this.surface.image() === null) return null;
    const box = this.surface.boxOf(this.#id);
    return box === null ? null : ordered(box);
  }

  #handleAt(at: Point): Handle | null {
    const box = this.#live ?? this.#box;
    return box === null ? null : handleAt(boxOnScreen(this.surface.view(), box), at);
  }

  #change(box: Box, handle: Handle, dx: number, dy: number): void {
    const image = this.surface.image();
    if (image === null) return;
    this.#live = changeBox(box, handle, dx, dy, image);
    this.surface.repaint();
  }

  #end(phase: 'commit' | 'cancel'): boolean {
    clearTimeout(this.#rest);
    const [id, box] = [this.#id, this.#live];
    this.#drag = null;
    if (id === null || box === null) return false;
    this.#live = null;
    this.#told = null;
    this.#emit({ id, box: phase === 'cancel' ? (this.#box ?? box) : box, phase });
    this.surface.repaint();
    return true;
  }

  #emit(edit: BoxEdit): void {
    for (const listener of this.#listeners) listener(edit);
  }
}
