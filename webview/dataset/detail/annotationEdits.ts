import type { DrawnMask } from '../../../src/core/click/maskAnnotation';
import { type Figure, fittedFigure } from '../../../src/core/dataset/edit/figure';
import {
  newAnnotation,
  refigured,
  reshaped,
  type WantedAnnotation,
  withoutId,
} from '../../../src/core/dataset/edit/imageEdits';
import { type EffectiveAnnotation, newId } from '../../../src/core/dataset/edit/imageNotes';
import { mergedMask, splitMask } from '../../../src/core/dataset/edit/maskEdits';
import { verticesOf, withCornerAfter, withoutCorner } from '../../../src/core/dataset/edit/shapeGeometry';
import type { Shape } from '../../../src/core/dataset/shape';
import type { Box } from '../../../src/core/geometry/box';
import type { DetailState } from './detailState';
import { drawn } from './drawn';
import { accepted, acceptedEdits, isProposed } from './proposals';

/** Pixels by which a copy lies beside what it copies. */
const copyShift = 12;

/** What the detail view does to annotations: each is one step of undo. */
export class AnnotationEdits {
  constructor(private readonly state: DetailState) {}

  /** A shape that was drawn by hand; it is selected. */
  add(shape: Shape): void {
    const id = newId(crypto.randomUUID());
    this.edit(`Draw ${wordOf(shape)}`, [{ id, annotation: newAnnotation(this.state.label, shape) }]);
    this.state.select(id);
  }

  /** A mask that was made with clicks: a new one, or one that was taken up again. */
  acceptMask({ label, mask, score, model, box, clicks }: DrawnMask, id: string | null): void {
    const before = id === null ? undefined : this.state.annotations.find((one) => one.id === id);
    const shape: Shape = { kind: 'mask', mask };
    const origin = { model, score, box, clicks };
    const annotation =
      before === undefined
        ? newAnnotation(label ?? this.state.label, shape, origin)
        : { ...reshaped(withoutId(before), shape), label: label ?? before.label, origin };
    const target = before?.id ?? newId(crypto.randomUUID());
    this.state.label = annotation.label;
    this.edit(before === undefined ? 'Segment' : 'Mend the mask', [{ id: target, annotation }]);
    this.state.select(target);
  }

  reshape(id: string, figure: Figure, what: string): void {
    const annotation = this.state.annotations.find((one) => one.id === id);
    if (annotation === undefined) return;
    this.edit(`${what} ${nameOf(annotation)}`, [{ id, annotation: refigured(withoutId(annotation), figure) }]);
  }

  relabel(label: string): void {
    const { chosen } = this.state;
    this.state.label = label;
    if (chosen.length === 0) return;
    const wanted = chosen.map((one) => ({ id: one.id, annotation: { ...withoutId(one), label } }));
    this.edit(`Label ${wordsOf(chosen)} ${label}`, wanted);
  }

  /** Proposals become annotations: those that are selected, or all of them. False when there are none. */
  accept(which: 'selected' | 'all'): boolean {
    const { chosen, proposals, label } = this.state;
    const meant = which === 'all' ? proposals.value : chosen.filter(({ id }) => isProposed(id));
    if (meant.length === 0) return false;
    this.edit(`Accept ${meant.length === 1 ? 'a proposal' : `${meant.length} proposals`}`, accepted(meant, label));
    return true;
  }

  remove(): boolean {
    const { chosen } = this.state;
    if (chosen.length === 0) return false;
    this.edit(
      `Delete ${wordsOf(chosen)}`,
      chosen.map(({ id }) => ({ id, annotation: null })),
    );
    return true;
  }

  duplicate(): boolean {
    const { chosen } = this.state;
    if (chosen.length === 0) return false;
    const copies = chosen.map((one): WantedAnnotation => {
      const bounds = drawn(one)?.bounds;
      const figure = bounds === undefined ? one : fittedFigure(one, bounds, beside(bounds));
      return { id: newId(crypto.randomUUID()), annotation: refigured(withoutId(one), figure) };
    });
    this.edit(`Duplicate ${wordsOf(chosen)}`, copies);
    this.state.selected.set(new Set(copies.map(({ id }) => id)));
    return true;
  }

  /** The selected masks become one, which the first of them was. */
  merge(): void {
    const masks = this.state.chosen.flatMap((one) =>
      one.shape.kind === 'mask' ? [{ one, mask: one.shape.mask }] : [],
    );
    const [first, ...others] = masks;
    if (first === undefined || others.length === 0) {
      this.state.session.say('Select two or more masks to merge (Shift and click).');
      return;
    }
    if (masks.some(({ mask }) => mask.size.join() !== first.mask.size.join())) {
      this.state.session.say('The masks are of several sizes and cannot be merged.');
      return;
    }
    const mask = mergedMask(masks.map((each) => each.mask));
    this.edit(`Merge ${masks.length} masks`, [
      { id: first.one.id, annotation: reshaped(withoutId(first.one), { kind: 'mask', mask }) },
      ...others.map(({ one }) => ({ id: one.id, annotation: null })),
    ]);
    this.state.select(first.one.id);
  }

  /** The pieces of the selected mask that do not touch become masks of their own; so do the rings of polygons. */
  split(): void {
    const { single } = this.state;
    const shapes = single === null ? [] : piecesOf(single.shape);
    if (single === null || shapes.length < 2) {
      this.state.session.say('Select one mask or polygon of several pieces to split.');
      return;
    }
    const wanted = shapes.map((shape, i) => ({
      id: i === 0 ? single.id : newId(crypto.randomUUID()),
      annotation: reshaped(withoutId(single), shape),
    }));
    this.edit(`Split ${nameOf(single)}`, wanted);
    this.state.selected.set(new Set(wanted.map(({ id }) => id)));
  }

  /** A corner in the middle of the edge behind the given one; answers its place. */
  addCorner(after: number | null): number | null {
    const { single } = this.state;
    if (single?.shape.kind !== 'polygons') return null;
    const corners = verticesOf(single.shape);
    const from = after === null || after >= corners.length ? corners.length - 1 : after;
    const [a, b] = [corners[from], corners[from + 1] ?? corners[0]];
    if (a === undefined || b === undefined) return null;
    const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    this.reshape(single.id, { ...single, shape: withCornerAfter(single.shape, from, middle) }, 'Add a corner to');
    return from + 1;
  }

  removeCorner(at: number): boolean {
    const { single } = this.state;
    if (single?.shape.kind !== 'polygons' || at >= verticesOf(single.shape).length) return false;
    const left = withoutCorner(single.shape, at);
    if (left === null) return this.remove();
    this.reshape(single.id, { ...single, shape: left }, 'Remove a corner of');
    return true;
  }

  toggleFlag(flag: 'crowd' | 'ignore'): void {
    const { chosen } = this.state;
    const on = !chosen.every((one) => one[flag]);
    const wanted = chosen.map((one) => ({ id: one.id, annotation: { ...withoutId(one), [flag]: on } }));
    if (wanted.length > 0) this.edit(`${on ? 'Mark' : 'Unmark'} ${wordsOf(chosen)} as ${flag}`, wanted);
  }

  /** One step of undo; it is told to screen readers. */
  edit(label: string, wanted: readonly WantedAnnotation[]): void {
    const { session, edits } = this.state;
    if (!session.mayEdit) return;
    const { own, ids } = acceptedEdits(wanted);
    // Of the image whose annotations these are: another one may just have been asked for.
    const { index } = this.state.image.value ?? { index: -1 };
    if (own.length > 0) void edits.edit(index, label, own);
    this.state.dropProposals(ids);
    session.speak(`${label}.`);
  }
}

function piecesOf(shape: Shape): readonly Shape[] {
  if (shape.kind === 'mask') return splitMask(shape.mask).map((mask) => ({ kind: 'mask', mask }));
  if (shape.kind === 'polygons') return shape.rings.map((ring) => ({ kind: 'polygons', rings: [ring] }));
  return [];
}

function beside({ x1, y1, x2, y2 }: Box): Box {
  return { x1: x1 + copyShift, y1: y1 + copyShift, x2: x2 + copyShift, y2: y2 + copyShift };
}

/** One annotation by its name, several by their number. */
export function wordsOf(annotations: readonly EffectiveAnnotation[]): string {
  const [first] = annotations;
  return first !== undefined && annotations.length === 1 ? nameOf(first) : `${annotations.length} annotations`;
}

function nameOf({ label, shape }: EffectiveAnnotation): string {
  return label === null ? wordOf(shape) : `“${label.slice(0, 60)}”`;
}

/** A shape's kind in words. */
export function wordOf({ kind }: Shape): string {
  const words: Readonly<Record<Shape['kind'], string>> = {
    box: 'box',
    turnedBox: 'turned box',
    quad: 'quadrilateral',
    polygons: 'polygon',
    mask: 'mask',
    maskPicture: 'mask in a picture',
    keypoints: 'keypoints',
    points: 'points',
    line: 'line',
    circle: 'circle',
    tag: 'tag',
  };
  return words[kind];
}
