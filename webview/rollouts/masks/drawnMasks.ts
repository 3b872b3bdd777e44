import type { MaskAnnotation } from '../../../src/core/click/maskAnnotation';
import type { Size } from '../../../src/core/geometry/box';
import { smallestMaskAt } from '../../../src/core/mask/maskAt';
import type { CanvasMask } from '../../canvas/imageCanvas';
import type { Point } from '../../canvas/view';
import { shapeOf } from '../../segment/maskShapes';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';

/** Palette places of siblings: masks take them in turn. */
const inks = 8;
const usualOpacity = 0.32;

/** The masks that people drew on the selected group's image, and how they are shown. */
export class DrawnMasks {
  readonly hidden = new Signal<ReadonlySet<string>>(new Set());
  /** The only one that is drawn; null for all. */
  readonly solo = new Signal<string | null>(null);
  readonly allHidden = new Signal(false);
  /** Of the tint, 0–1. */
  readonly opacity = new Signal(usualOpacity);
  /** The one that was clicked, and that keys act on; null for none. */
  readonly chosen = new Signal<string | null>(null);
  /** One that is in hand, and drawn by whoever has it. */
  readonly inHand = new Signal<string | null>(null);
  private last: { readonly notes: object; readonly list: readonly MaskAnnotation[] } | null = null;

  constructor(private readonly session: Session) {
    session.place.on(() => {
      this.solo.set(null);
      this.chosen.set(null);
    });
  }

  /** In the order they were made, which their ids say: a mask that is edited has the time of its edit. */
  get list(): readonly MaskAnnotation[] {
    const place = this.session.place.value;
    const noted = place === null ? null : this.session.notes.group(place.group);
    const masks = noted?.notes.masks;
    if (masks === undefined) return [];
    if (this.last?.notes === masks) return this.last.list;
    const list = Object.entries(masks)
      .map(([id, { value, author, time }]) => ({ ...value, id, author, time }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    this.last = { notes: masks, list };
    return list;
  }

  find(id: string): MaskAnnotation | null {
    return this.list.find((mask) => mask.id === id) ?? null;
  }

  /** Chooses the smallest of those on show at a place of the image; null, and a place without one, chooses none. */
  chooseAt(at: Point | null): void {
    const shown = this.list.filter(({ id }) => this.isShown(id));
    const masks = shown.map(({ mask }) => mask);
    this.chosen.set(at === null ? null : (shown[smallestMaskAt(masks, at)]?.id ?? null));
  }

  /** The one before or behind the chosen one, of those on show; null when none is. */
  step(by: 1 | -1): MaskAnnotation | null {
    const shown = this.list.filter(({ id }) => this.isShown(id));
    const at = shown.findIndex(({ id }) => id === this.chosen.value);
    const to = at < 0 ? (by > 0 ? 0 : shown.length - 1) : (at + by + shown.length) % shown.length;
    const next = shown[to] ?? null;
    this.chosen.set(next?.id ?? null);
    return next;
  }

  inkOf(index: number): number {
    return 1 + (index % inks);
  }

  isShown(id: string): boolean {
    if (id === this.inHand.value || this.allHidden.value) return false;
    return this.solo.value === null ? !this.hidden.value.has(id) : this.solo.value === id;
  }

  toggleHidden(id: string): void {
    const next = new Set(this.hidden.value);
    if (!next.delete(id)) next.add(id);
    this.hidden.set(next);
  }

  /** Those on show, for an image of that size; a mask of another size is a mask of another image. */
  shapes({ width, height }: Size): readonly CanvasMask[] {
    const opacity = this.opacity.value;
    return this.list.flatMap(({ id, mask }, index) => {
      if (!this.isShown(id) || mask.size[0] !== height || mask.size[1] !== width) return [];
      const raised = id === this.chosen.value;
      const shape = shapeOf(mask, { palette: this.inkOf(index), filled: true, stroke: 'solid', opacity, raised });
      return shape === null ? [] : [shape];
    });
  }
}
