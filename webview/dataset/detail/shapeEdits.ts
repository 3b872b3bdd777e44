import { type Figure, poseOf, withPose } from '../../../src/core/dataset/edit/figure';
import { newAnnotation, refigured, reshaped, withoutId } from '../../../src/core/dataset/edit/imageEdits';
import { type EffectiveAnnotation, newId } from '../../../src/core/dataset/edit/imageNotes';
import { maskOfShape, polygonsOfMask, ringsOf, withHole, withRing } from '../../../src/core/dataset/edit/shapeMasks';
import type { Keypoint, Point, Shape, Skeleton } from '../../../src/core/dataset/shape';
import type { Size } from '../../../src/core/geometry/box';
import { type AnnotationEdits, wordsOf } from './annotationEdits';
import type { DetailState } from './detailState';
import { drawn } from './drawn';

/** COCO: one that is not labelled lies at the origin. */
const unlabelled: Keypoint = { x: 0, y: 0, visibility: 0 };

/** Rings, holes, poses, and one kind of shape made another: each is one step of undo. */
export class ShapeEdits {
  /** Where keypoints were before they were unlabelled: labelled again, they are back. */
  private readonly lastPlaces = new Map<string, Point>();

  constructor(
    private readonly state: DetailState,
    private readonly edits: AnnotationEdits,
    private readonly size: () => Size | null,
  ) {}

  /** Whether the one that is selected alone fills something: it can have rings and holes. */
  get fills(): boolean {
    const { single } = this.state;
    return single !== null && (single.shape.kind === 'mask' || ringsOf(single.shape) !== null);
  }

  addRing(ring: readonly Point[]): void {
    const { single } = this.state;
    const shape = single === null ? null : withRing(single.shape, ring);
    if (single !== null && shape !== null) this.edits.reshape(single.id, { ...single, shape }, 'Add a ring to');
  }

  cutHole(ring: readonly Point[]): void {
    const { single, session } = this.state;
    const size = this.size();
    if (single === null || size === null) return;
    const shape = withHole(single.shape, ring, size);
    if (shape === null) session.say('The hole would leave nothing.');
    else {
      this.edits.reshape(single.id, { ...single, shape }, 'Cut a hole into');
      if (single.shape.kind !== 'mask') session.say('Polygons have no holes: it is a mask now.');
    }
  }

  /** Selected masks become polygons; without a mask among them, what is filled becomes masks. */
  convert(): void {
    const { chosen, session } = this.state;
    const masks = chosen.filter(({ shape }) => shape.kind === 'mask');
    const made = masks.length > 0 ? masks.map((one) => this.asPolygons(one)) : chosen.map((one) => this.asMask(one));
    const wanted = made.filter((one) => one !== null);
    if (wanted.length === 0) {
      session.say('Select a mask to make polygons of, or a polygon or box to make a mask of.');
      return;
    }
    const from = chosen.filter(({ id }) => wanted.some((one) => one.id === id));
    this.edits.edit(`Convert ${wordsOf(from)} to ${masks.length > 0 ? 'polygons' : 'masks'}`, wanted);
    const holes = wanted.reduce((sum, one) => sum + one.holes, 0);
    if (holes > 0) session.say(`Polygons have no holes: ${holes === 1 ? 'one was' : `${holes} were`} filled.`);
  }

  /** Keypoints that were placed: of the person that is selected, where it has none, else an annotation of their own. */
  addPose(points: readonly Keypoint[], skeleton: (Skeleton & { readonly label: string }) | null): void {
    const { single, label } = this.state;
    if (single !== null && lacksPose(single)) {
      this.edits.reshape(single.id, withPose(single, points), 'Place the keypoints of');
      return;
    }
    const { names, skeleton: bones } = skeleton ?? { names: [], skeleton: [] };
    const shape: Shape = { kind: 'keypoints', points, names, skeleton: bones };
    const id = newId(crypto.randomUUID());
    this.edits.edit('Place keypoints', [{ id, annotation: newAnnotation(skeleton?.label ?? label, shape) }]);
    this.state.select(id);
  }

  /** Visible, hidden, not labelled, and visible again. False where there is no such keypoint. */
  cycleVisibility(at: number): boolean {
    const { single } = this.state;
    const point = single === null ? undefined : poseOf(single)?.[at];
    if (single === null || point === undefined) return false;
    const key = `${single.id} ${at}`;
    if (point.visibility === 1) this.lastPlaces.set(key, point);
    const next: Keypoint =
      point.visibility === 2
        ? { ...point, visibility: 1 }
        : point.visibility === 1
          ? unlabelled
          : { ...(this.lastPlaces.get(key) ?? middleOf(single)), visibility: 2 };
    return this.setKeypoint(single, at, next, ['Unlabel', 'Hide', 'Show'][next.visibility] ?? 'Show');
  }

  /** False where there is no such keypoint, and for one that is not labelled. */
  removeKeypoint(at: number): boolean {
    const { single } = this.state;
    const point = single === null ? undefined : poseOf(single)?.[at];
    if (single === null || point === undefined || point.visibility === 0) return false;
    this.lastPlaces.set(`${single.id} ${at}`, point);
    return this.setKeypoint(single, at, unlabelled, 'Unlabel');
  }

  /** What a keypoint of the selected annotation is called, and whether it is to be seen. */
  keypointWords(at: number): string {
    const { single } = this.state;
    const point = single === null ? undefined : poseOf(single)?.[at];
    if (single === null || point === undefined) return '';
    const own = single.shape.kind === 'keypoints' ? single.shape.names[at] : undefined;
    const name = own || this.state.skeletonOf(single.label)?.names[at] || `Keypoint ${at + 1}`;
    return `${name}, ${['not labelled', 'hidden', 'visible'][point.visibility]}`;
  }

  private setKeypoint(single: EffectiveAnnotation, at: number, next: Keypoint, deed: string): boolean {
    const points = (poseOf(single) ?? []).map((point, i) => (i === at ? next : point));
    this.edits.reshape(single.id, withPose(single, points), `${deed} a keypoint of`);
    this.state.session.speak(this.keypointWords(at));
    return true;
  }

  private asPolygons(one: EffectiveAnnotation) {
    const made = one.shape.kind === 'mask' ? polygonsOfMask(one.shape.mask) : null;
    return made === null ? null : { id: one.id, annotation: reshaped(withoutId(one), made.shape), holes: made.holes };
  }

  private asMask(one: EffectiveAnnotation) {
    const size = this.size();
    const mask = size === null ? null : maskOfShape(one.shape, size);
    const figure: Figure | null = mask === null ? null : { ...one, shape: { kind: 'mask', mask } };
    return figure === null ? null : { id: one.id, annotation: refigured(withoutId(one), figure), holes: 0 };
  }
}

/** COCO's people have a box before they have keypoints. */
export function lacksPose(annotation: EffectiveAnnotation): boolean {
  return !poseOf(annotation)?.some(({ visibility }) => visibility > 0);
}

function middleOf(annotation: EffectiveAnnotation): Point {
  const { x1, y1, x2, y2 } = drawn(annotation)?.bounds ?? { x1: 0, y1: 0, x2: 0, y2: 0 };
  return { x: Math.round((x1 + x2) / 2), y: Math.round((y1 + y2) / 2) };
}
