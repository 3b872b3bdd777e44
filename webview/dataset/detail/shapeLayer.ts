import type { EffectiveAnnotation } from '../../../src/core/dataset/edit/imageNotes';
import type { Point, Shape } from '../../../src/core/dataset/shape';
import { labelInk } from '../../canvas/labelInks';
import type { PaintFrame } from '../../canvas/paintFrame';
import type { Point as ScreenPoint } from '../../canvas/view';
import { type DrawnShape, drawn } from './drawn';
import { paintCorners, paintLabel, paintShape } from './shapePaint';

const usualFill = 0.16;
const raisedFill = 0.3;
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
}

/** What the layer is told of the view around it. */
export interface ShapeScene {
  /** Place of a label among the set's; null for none. */
  readonly placeOf: (label: string | null) => number | null;
  readonly selected: ReadonlySet<string>;
  readonly hover: string | null;
  /** In hand, and so painted by the live layer alone. */
  readonly held: string | null;
  readonly labels: boolean;
  /** 0–1: of fills and unselected outlines together. */
  readonly opacity: number;
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
      return shape === null ? [] : [{ annotation, shape }];
    });
    this.bySize = this.rows.toSorted((a, b) => a.shape.area - b.shape.area);
    this.byId = new Map(this.rows.map((row) => [row.annotation.id, row]));
  }

  /** The smallest annotation at a point, `near` pixels around its outline included; null for none. */
  hit({ x, y }: Point, near: number): string | null {
    for (const { annotation, shape } of this.bySize) {
      const { bounds } = shape;
      if (x < bounds.x1 - near || y < bounds.y1 - near || x > bounds.x2 + near || y > bounds.y2 + near) continue;
      if (this.touches(shape, x, y, near)) return annotation.id;
    }
    return null;
  }

  /** All of them, but what is in hand. */
  paint(context: CanvasRenderingContext2D, frame: PaintFrame): void {
    const { placeOf, held, opacity, labels } = this.scene();
    const visible = this.rows.filter(({ annotation, shape }) => annotation.id !== held && onScreen(frame, shape));
    context.save();
    context.globalAlpha = opacity;
    for (const { annotation, shape } of visible) {
      const ink = labelInk(frame.theme, placeOf(annotation.label));
      const { crowd, ignore } = annotation;
      paintShape(context, frame, shape, {
        ink,
        fill: usualFill,
        width: usualWidth,
        dashed: crowd || ignore,
      });
    }
    context.restore();
    const named = visible.filter(({ annotation, shape }) => annotation.label !== null && large(frame, shape));
    if (!labels || frame.moving || named.length > mostLabels) return;
    for (const { annotation, shape } of named)
      paintLabel(
        context,
        frame,
        shape.bounds,
        annotation.label ?? '',
        labelInk(frame.theme, placeOf(annotation.label)),
      );
  }

  /** What is selected, under the pointer or in hand, above all others. */
  paintLive(
    context: CanvasRenderingContext2D,
    frame: PaintFrame,
    hand: { readonly id: string; readonly shape: Shape } | null,
    handles: (shape: Shape) => { readonly corners: readonly Point[]; readonly frame: readonly ScreenPoint[] },
    corner: number | null,
  ): void {
    const { placeOf, selected, hover } = this.scene();
    const raised = new Set([...selected, ...(hover === null ? [] : [hover])]);
    for (const id of raised) {
      const row = this.byId.get(id);
      if (row === undefined) continue;
      const { annotation } = row;
      const shape = hand?.id === id ? drawn({ shape: hand.shape }) : row.shape;
      if (shape === null) continue;
      const ink = labelInk(frame.theme, placeOf(annotation.label));
      const dashed = annotation.crowd || annotation.ignore;
      paintShape(context, frame, shape, { ink, fill: raisedFill, width: selected.has(id) ? raisedWidth : 2, dashed });
      if (selected.size === 1 && selected.has(id)) {
        const places = handles(hand?.id === id ? hand.shape : annotation.shape);
        const onPlane = places.frame.map((at) => ({
          x: (at.x - frame.view.x) / frame.view.scale,
          y: (at.y - frame.view.y) / frame.view.scale,
        }));
        paintCorners(context, frame, [...places.corners, ...onPlane], ink, corner);
      }
      paintLabel(context, frame, shape.bounds, annotation.label ?? 'no label', ink);
    }
  }

  private touches({ path, closed, marks }: DrawnShape, x: number, y: number, near: number): boolean {
    if (marks.some((mark) => Math.hypot(mark.x - x, mark.y - y) <= near * 2)) return true;
    const { probe } = this;
    if (probe === null) return false;
    if (closed && probe.isPointInPath(path, x, y, 'evenodd')) return true;
    probe.lineWidth = near * 2;
    return probe.isPointInStroke(path, x, y);
  }
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
