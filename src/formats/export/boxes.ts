import { type Box, orderCorners, type Size } from '../../core/geometry/box';
import type { CocoMask } from '../../core/mask/cocoMask';
import { areaOf, runsOf } from '../../core/mask/rle';
import { boxOfRuns } from '../../core/mask/runsBox';

/** A region in stored pixels of its image. */
export interface ExportBox {
  readonly box: Box;
  readonly label: string | null;
  /** Somebody moved it. */
  readonly edited: boolean;
  /** For people: the rollout it is of. */
  readonly rollout: string;
}

/** A mask that somebody drew on an image, of its size. */
export interface ExportMask {
  readonly mask: CocoMask;
  readonly label: string | null;
  readonly author: string;
  /** Name of the segmenter; null for a painted one. */
  readonly model: string | null;
}

/** Boxes without a word of their own. */
const unnamed = 'region';
/** Masks without one. */
const unnamedMask = 'object';

/** Categories by the label's own words, numbered in order of appearance. */
export class Categories {
  private readonly ids = new Map<string, number>();

  idOf(label: string | null): number {
    const name = label === null || label.trim() === '' ? unnamed : label.trim();
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    this.ids.set(name, this.ids.size);
    return this.ids.size - 1;
  }

  get names(): readonly string[] {
    return [...this.ids.keys()];
  }
}

/** The part of a box inside its image; null where nothing is left of it. */
export function clipped(box: Box, { width, height }: Size): Box | null {
  const { x1, y1, x2, y2 } = orderCorners(box);
  const inside = { x1: Math.max(0, x1), y1: Math.max(0, y1), x2: Math.min(width, x2), y2: Math.min(height, y2) };
  return inside.x2 > inside.x1 && inside.y2 > inside.y1 ? inside : null;
}

/** COCO's instances, gathered: `bbox` is [x, y, width, height] in pixels, ids count from 1. */
export class CocoFile {
  private readonly images = new Map<string, object & { readonly id: number }>();
  private readonly annotations: object[] = [];
  private readonly categories = new Categories();

  add(file: string, size: Size, { box, label, edited, rollout }: ExportBox): boolean {
    const inside = clipped(box, size);
    if (inside === null) return false;
    const image = this.image(file, size);
    const [width, height] = [inside.x2 - inside.x1, inside.y2 - inside.y1];
    this.annotations.push({
      id: this.annotations.length + 1,
      image_id: image.id,
      category_id: this.categories.idOf(label) + 1,
      bbox: [inside.x1, inside.y1, width, height],
      area: width * height,
      iscrowd: 0,
      attributes: { edited, rollout },
    });
    return true;
  }

  /** With its RLE, which keeps holes; false for one that is empty or of another image's size. */
  addMask(file: string, size: Size, { mask, label, author, model }: ExportMask): boolean {
    const [height, width] = mask.size;
    if (height !== size.height || width !== size.width) return false;
    const runs = runsOf(mask.counts, mask.size);
    const box = boxOfRuns(runs, height);
    if (box === null) return false;
    this.annotations.push({
      id: this.annotations.length + 1,
      image_id: this.image(file, size).id,
      category_id: this.categories.idOf(label ?? unnamedMask) + 1,
      bbox: [box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1],
      area: areaOf(runs),
      iscrowd: 0,
      segmentation: { size: mask.size, counts: mask.counts },
      attributes: { author, model },
    });
    return true;
  }

  private image(file: string, size: Size): { readonly id: number } {
    const image = this.images.get(file) ?? { id: this.images.size + 1, file_name: file, ...size };
    this.images.set(file, image);
    return image;
  }

  document(): object {
    const categories = this.categories.names.map((name, i) => ({ id: i + 1, name }));
    return { images: [...this.images.values()], annotations: this.annotations, categories };
  }
}

/** YOLO: one text file an image below `labels/`, `class x-centre y-centre width height` in shares of the image; classes from 0. */
export class YoloFiles {
  private readonly lines = new Map<string, string[]>();
  private readonly categories = new Categories();

  add(image: string, size: Size, { box, label }: ExportBox): boolean {
    const inside = clipped(box, size);
    if (inside === null) return false;
    const { x1, y1, x2, y2 } = inside;
    const { width, height } = size;
    const shares = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height];
    const lines = this.lines.get(image) ?? [];
    lines.push([this.categories.idOf(label), ...shares.map((share) => share.toFixed(6))].join(' '));
    this.lines.set(image, lines);
    return true;
  }

  /** Path → text, with Ultralytics' `data.yaml`. */
  files(): ReadonlyMap<string, string> {
    const labels = [...this.lines].map(([image, lines]): [string, string] => [
      `${image.replace(/^images\//, 'labels/').replace(/\.[a-z0-9]{1,8}$/i, '')}.txt`,
      `${lines.join('\n')}\n`,
    ]);
    // JSON strings are YAML, whatever stands in a label.
    const names = this.categories.names.map((name, i) => `  ${i}: ${JSON.stringify(name)}`);
    // Without `path` the root is the file's own folder; a `.` would be where the training was started.
    return new Map([...labels, ['data.yaml', ['train: images', 'val: images', 'names:', ...names, ''].join('\n')]]);
  }
}
