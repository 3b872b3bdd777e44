import { type Figure, poseOf } from '../../../src/core/dataset/edit/figure';
import type { EffectiveAnnotation } from '../../../src/core/dataset/edit/imageNotes';
import type { Keypoint, Point, Skeleton } from '../../../src/core/dataset/shape';
import { labelInk } from '../../canvas/labelInks';
import type { PaintFrame } from '../../canvas/paintFrame';
import { type DrawnShape, drawn, drawnPose } from './drawn';
import type { GripPlaces } from './grips';
import { isProposed } from './proposals';
import { paintCorners, paintKnob, paintLabel, paintName, paintShape } from './shapePaint';

/** By which what is selected or under the pointer is fuller than the others. */
const raisedBy = 0.14;
/** CSS pixels. */
const usualWidth = 1.5;
const raisedWidth = 3;
/** Labels on screen up to which all are painted. */
const mostLabels = 60;
/** CSS pixels of a shape's longer side from which its label is worth its room. */
const labelFrom = 28;

interface Row {
  readonly annotation: EffectiveAnnotation;
  readonly shape: DrawnShape;
  /** Keypoints beside the shape; null for none. */
  readonly pose: DrawnShape | null;
}

/** What the layer is told of the view around it. */
export interface ShapeScene {
  /** Place of an annotation's colour; null for none of its own. */
  readonly placeOf: (annotation: EffectiveAnnotation) => number | null;
  /** What a category says of its keypoints; null for nothing. */
  readonly skeletonOf: (label: string | null) => Skeleton | null;
  readonly selected: ReadonlySet<string>;
  readonly hover: string | null;
  /** In hand, and so painted by the live layer alone. */
  readonly held: string | null;
  readonly labels: boolean;
  /** 0–1: of fills and unselected outlines together. */
  readonly opacity: number;
  /** 0–1: of what is inside shapes. */
  readonly fill: number;
}

/** Where and how the one that is selected alone is held. */
export interface HandScene {
  readonly hand: { readonly id: string; readonly figure: Figure } | null;
  readonly places: (figure: Figure) => GripPlaces;
  /** The handle that keys act on. */
  readonly corner: number | null;
}

/** The annotations of an image as they are painted, and found under the pointer. */
export class ShapeLayer {
  private rows: readonly Row[] = [];
  /** Smallest first: of nested shapes the inner one can always be reached. */
  private bySize: readonly Row[] = [];
  private byId: ReadonlyMap<string, Row> = new Map();
  private readonly probe = document.createElement('canvas').getContext('2d');

  constructor(private readonly scene: () => ShapeScene) {}

  set(annotations: readonly EffectiveAnnotation[]): void {
    this.rows = annotations.flatMap((annotation) => {
      const shape = drawn(annotation);
      return shape === null ? [] : [{ annotation, shape, pose: this.poseOf(annotation, annotation.label) }];
    });
    this.bySize = this.rows.toSorted((a, b) => a.shape.area - b.shape.area);
    this.byId = new Map(this.rows.map((row) => [row.annotation.id, row]));
  }

  /** The smallest annotation at a point, `near` pixels around its outline included; null for none. */
  hit({ x, y }: Point, near: number): string | null {
    for (const { annotation, shape, pose } of this.bySize)
      if (this.touches(shape, x, y, near) || (pose !== null && this.touches(pose, x, y, near))) return annotation.id;
    return null;
  }

  /** All of them, but what is in hand. */
  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void {
    const { placeOf, held, opacity, labels, fill } = this.scene();
    const visible = this.rows.filter(({ annotation, shape }) => annotation.id !== held && onScreen(frame, shape));
    context.save();
    context.globalAlpha = opacity;
    for (const { annotation, shape, pose } of visible) {
      const ink = labelInk(frame.theme, placeOf(annotation));
      const look = { ink, fill: isProposed(annotation.id) ? 0 : fill, width: usualWidth, dashed: isDashed(annotation) };
      paintShape(context, frame, shape, look);
      if (pose !== null) paintShape(context, frame, pose, look);
    }
    context.restore();
    const named = visible.filter(({ annotation, shape }) => annotation.label !== null && large(frame, shape));
    if (!labels || frame.moving || named.length > mostLabels) return;
    for (const { annotation, shape } of named)
      paintLabel(context, frame, shape.bounds, annotation.label ?? '', labelInk(frame.theme, placeOf(annotation)));
  }

  /** What is selected, under the pointer or in hand, above all others. */
  paintLive(context: CanvasRenderingContext2D, frame: PaintFrame, scene: HandScene): void {
    const { placeOf, selected, hover, fill } = this.scene();
    const { hand } = scene;
    const raised = new Set([...selected, ...(hover === null ? [] : [hover])]);
    for (const id of raised) {
      const row = this.byId.get(id);
      if (row === undefined) continue;
      const { annotation } = row;
      const figure = hand?.id === id ? hand.figure : annotation;
      const shape = drawn(figure);
      if (shape === null) continue;
      const ink = labelInk(frame.theme, placeOf(annotation));
      const width = selected.has(id) ? raisedWidth : 2;
      const look = { ink, fill: fullerFill(fill), width, dashed: isDashed(annotation) };
      paintShape(context, frame, shape, look);
      const pose = this.poseOf(figure, annotation.label);
      if (pose !== null) paintShape(context, frame, pose, look);
      if (selected.size === 1 && selected.has(id)) this.paintHandles(context, frame, figure, annotation, scene);
      paintLabel(context, frame, shape.bounds, annotation.label ?? (isProposed(id) ? 'proposed' : 'no label'), ink);
    }
  }

  private paintHandles(
    context: CanvasRenderingContext2D,
    frame: PaintFrame,
    figure: Figure,
    annotation: EffectiveAnnotation,
    { places, corner }: HandScene,
  ): void {
    const { placeOf, skeletonOf, labels } = this.scene();
    const ink = labelInk(frame.theme, placeOf(annotation));
    const { corners, frame: edges, knob } = places(figure);
    const onPlane = edges.map((at) => ({
      x: (at.x - frame.view.x) / frame.view.scale,
      y: (at.y - frame.view.y) / frame.view.scale,
    }));
    if (knob !== null) paintKnob(context, frame, knob, ink);
    const active = corners.findIndex(({ at }) => at === corner);
    paintCorners(context, frame, [...corners, ...onPlane], ink, active < 0 ? null : active);
    const names = namesOf(figure, skeletonOf(annotation.label));
    if (!labels || frame.moving) return;
    for (const [at, point] of (poseOf(figure) ?? []).entries())
      if (point.visibility > 0) paintName(context, frame, point, nameOf(names[at] ?? '', point), ink);
  }

  /** Keypoints beside the shape: a shape of keypoints is drawn by itself. */
  private poseOf({ shape, keypoints }: Figure, label: string | null): DrawnShape | null {
    if (keypoints === undefined || shape.kind === 'keypoints') return null;
    return drawnPose(keypoints, this.scene().skeletonOf(label));
  }

  private touches({ path, closed, rule, marks, bounds }: DrawnShape, x: number, y: number, near: number): boolean {
    if (x < bounds.x1 - near || y < bounds.y1 - near || x > bounds.x2 + near || y > bounds.y2 + near) return false;
    if (marks.some((mark) => Math.hypot(mark.x - x, mark.y - y) <= near * 2)) return true;
    const { probe } = this;
    if (probe === null) return false;
    if (closed && probe.isPointInPath(path, x, y, rule)) return true;
    probe.lineWidth = near * 2;
    return probe.isPointInStroke(path, x, y);
  }
}

function isDashed({ id, crowd, ignore }: EffectiveAnnotation): boolean {
  return crowd || ignore || isProposed(id);
}

function fullerFill(fill: number): number {
  return fill === 0 ? 0 : Math.min(1, fill + raisedBy);
}

function namesOf({ shape }: Figure, skeleton: Skeleton | null): readonly string[] {
  return shape.kind === 'keypoints' && shape.names.length > 0 ? shape.names : (skeleton?.names ?? []);
}

function nameOf(name: string, { visibility }: Keypoint): string {
  return visibility === 1 ? `${name} (hidden)`.trim() : name;
}

function onScreen({ view, screen }: PaintFrame, { bounds }: DrawnShape): boolean {
  const [left, right] = [bounds.x1 * view.scale + view.x, bounds.x2 * view.scale + view.x];
  const [top, bottom] = [bounds.y1 * view.scale + view.y, bounds.y2 * view.scale + view.y];
  // Marks and lines reach a little beyond.
  return right > -8 && bottom > -8 && left < screen.width + 8 && top < screen.height + 8;
}

function large({ view }: PaintFrame, { bounds }: DrawnShape): boolean {
  return Math.max(bounds.x2 - bounds.x1, bounds.y2 - bounds.y1) * view.scale >= labelFrom;
}
