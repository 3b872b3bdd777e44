import type { Size } from '../../core/geometry/box';
import { pixelsOfRuns } from '../../core/mask/cocoMask';
import { fillPolygon, type Polygon } from '../../core/mask/polygon';
import { runsOf } from '../../core/mask/rle';
import { UserError } from '../../core/text/userError';

/** One object of a COCO file that has a mask. */
export interface CocoObject {
  /** As written: relative to the folder of images. */
  readonly fileName: string;
  readonly size: Size;
  /** The category's name, or its number where it has none. */
  readonly label: string;
  /** Row-major at the image's size, 1 in the object. Throws `UserError` for runs that do not fit. */
  mask(): Uint8Array;
}

/**
 * Objects with masks of a COCO instances file: polygons (a pixel belongs to one whose inside holds its middle, several make one
 * object), or runs, compressed or not. Crowds are left out: they are many objects. Null for a document that is no COCO file;
 * throws `UserError` for an annotation that is broken.
 */
export function readCoco(document: unknown): readonly CocoObject[] | null {
  if (!isRecord(document) || !Array.isArray(document.images) || !Array.isArray(document.annotations)) return null;
  const images = new Map(
    (document.images as readonly unknown[]).map((image, at) => {
      const { id, file_name: fileName, width, height } = isRecord(image) ? image : {};
      if (typeof fileName !== 'string' || !isSide(width) || !isSide(height))
        throw new UserError(`images[${at}] has no file_name, width and height`);
      return [id, { fileName, size: { width, height } }] as const;
    }),
  );
  const categories = new Map(
    (Array.isArray(document.categories) ? (document.categories as readonly unknown[]) : []).map((category) => {
      const { id, name } = isRecord(category) ? category : {};
      return [id, name] as const;
    }),
  );
  return (document.annotations as readonly unknown[]).flatMap((annotation, at) => {
    if (!isRecord(annotation)) throw new UserError(`annotations[${at}] is no object`);
    const { image_id: imageId, category_id: category, iscrowd, segmentation } = annotation;
    const image = images.get(imageId);
    if (image === undefined) throw new UserError(`annotations[${at}] belongs to no image`);
    if (iscrowd === 1 || segmentation === undefined) return [];
    const name = categories.get(category);
    const label = typeof name === 'string' ? name : String(category);
    return [{ ...image, label, mask: () => maskOf(segmentation, image.size, `annotations[${at}].segmentation`) }];
  });
}

function maskOf(segmentation: unknown, size: Size, where: string): Uint8Array {
  if (isRecord(segmentation)) return maskOfRuns(segmentation, size, where);
  if (!Array.isArray(segmentation)) throw new UserError(`${where} is neither polygons nor runs`);
  const mask = new Uint8Array(size.width * size.height);
  for (const numbers of segmentation as readonly unknown[]) {
    // Each on its own: where polygons of one object overlap, they do not take each other away.
    fillPolygon(mask, size, polygonOf(numbers, where));
  }
  return mask;
}

function polygonOf(numbers: unknown, where: string): Polygon {
  const isFlat =
    Array.isArray(numbers) && numbers.every((value) => typeof value === 'number' && Number.isFinite(value));
  if (!isFlat || numbers.length % 2 === 1) throw new UserError(`${where} holds what is no polygon`);
  const flat = numbers as readonly number[];
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[i * 2] ?? 0, flat[i * 2 + 1] ?? 0] as const);
}

function maskOfRuns({ size: given, counts }: Readonly<Record<string, unknown>>, size: Size, where: string): Uint8Array {
  const [height, width] = Array.isArray(given) ? (given as readonly unknown[]) : [];
  if (height !== size.height || width !== size.width) throw new UserError(`${where} is not of its image's size`);
  if (typeof counts === 'string')
    return pixelsOfRuns(runsOf(counts, [size.height, size.width]), size.width, size.height);
  if (!Array.isArray(counts)) throw new UserError(`${where} has no counts`);
  const total = (counts as readonly unknown[]).reduce<number>(
    (sum, run) => (typeof run === 'number' && Number.isInteger(run) && run >= 0 ? sum + run : Number.NaN),
    0,
  );
  if (total !== size.width * size.height) throw new UserError(`${where}: its runs do not cover the image`);
  return pixelsOfRuns(Uint32Array.from(counts as readonly number[]), size.width, size.height);
}

/** Beyond this no picture goes; a mask of it would not fit into memory. */
const mostSide = 1 << 15;
function isSide(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= mostSide;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
