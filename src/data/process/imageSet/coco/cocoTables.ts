import type { Skeleton } from '../../../../core/dataset/shape';
import type { JsonObject } from '../../../../formats/columns';
import { categoryKeypoints } from '../../../../formats/imageSet/coco/cocoAnnotation';
import { keyInFile } from '../../../../formats/imageSet/coco/imageKey';
import { lastParts } from '../../images/nearby';
import { annotationFlag } from '../annotationTable';
import { roomFor } from '../roomFor';
import type { SetTables } from '../setTables';
import type { CocoProblems } from './cocoProblems';
import { type CocoStretch, cocoFlag } from './cocoStretch';
import { IdIndex } from './idIndex';

/** Pixels that a box may reach over its image without a word: annotators round. */
const tolerance = 1;

/** Annotations whose images were not read yet. */
interface Pending {
  readonly firstRow: number;
  readonly firstElement: number;
  readonly stretch: CocoStretch;
}

/** Puts the elements of one COCO document into a set's tables, and joins them by their ids. */
export class CocoTables {
  private readonly imageIds = new IdIndex();
  private readonly annotationIds = new IdIndex();
  /** Category ids in the order in which they are met, with the set's label for each; −1 until its name is read. */
  private readonly categoryIds = new IdIndex();
  private readonly categories: { readonly id: number | string; label: number }[] = [];
  /** Of each annotation of the document, an index into them; −1 for none. */
  private codes = new Int32Array(1024);
  private readonly firstRow: number;
  private readonly firstImage: number;
  private readonly keypoints = new Map<string, Skeleton>();
  private readonly pending: Pending[] = [];
  /** Every image is in the tables. */
  private complete = false;
  private imageElements = 0;
  private annotationElements = 0;

  constructor(
    private readonly tables: SetTables,
    private readonly problems: CocoProblems,
    private readonly file: string,
    private readonly split: string | null,
    /** A list of results has no images of its own: those it names are made up of their ids. */
    private readonly isResults: boolean,
  ) {
    this.firstRow = tables.annotations.length;
    this.firstImage = tables.images.length;
  }

  images(stretch: CocoStretch): void {
    const first = this.imageElements;
    for (let at = 0; at < stretch.count; at++) this.image(stretch, at, first + at);
    this.imageElements += stretch.count;
    this.troubles(stretch, 'images', first);
  }

  imagesDone(): void {
    this.complete = true;
    for (const one of this.pending.splice(0)) this.join(one);
    this.tables.version++;
  }

  annotations(stretch: CocoStretch): void {
    const { annotations } = this.tables;
    const pending = { firstRow: annotations.length, firstElement: this.annotationElements, stretch };
    this.fill(stretch);
    if (this.complete || this.isResults) this.join(pending);
    else this.pending.push(pending);
    this.annotationElements += stretch.count;
    this.troubles(stretch, 'annotations', pending.firstElement);
  }

  /** One category, parsed. */
  category(element: JsonObject, index: number): void {
    const { id, name } = element;
    const label = typeof name === 'string' ? name : String(id);
    const keypoints = categoryKeypoints(element);
    if (keypoints !== null) {
      this.keypoints.set(label, keypoints);
      this.tables.skeletons.set(label, keypoints);
    }
    if (typeof id !== 'number' && typeof id !== 'string') {
      this.problems.add('The category has no id.', { element: index, field: 'categories.id' });
      return;
    }
    const category = this.categories[this.categoryCode(typeof id === 'string' ? `"${id}` : id)];
    if (category === undefined) return;
    const place = { element: index, field: 'categories.id', severity: 'warning' } as const;
    if (category.label >= 0) this.problems.add(`The category ${id} is stated a second time.`, place);
    else category.label = this.tables.labels.code(label);
    // Of two categories of one name, which are one label here, the first.
    if (typeof id === 'number' && !this.tables.categoryIds.has(label)) this.tables.categoryIds.set(label, id);
  }

  keypointsOf(label: string | null): Skeleton | null {
    return label === null ? null : (this.keypoints.get(label) ?? null);
  }

  /** The document has ended: what was not found by now is not there. */
  finish(): void {
    if (!this.complete) this.imagesDone();
    for (const category of this.categories) {
      if (category.label >= 0) continue;
      const name = shownId(category.id);
      if (!this.isResults)
        this.problems.add(`There is no category ${name}: it is shown by its id.`, { field: 'categories' });
      category.label = this.tables.labels.code(name);
    }
    const { annotations } = this.tables;
    for (let row = this.firstRow; row < annotations.length; row++)
      annotations.labels[row] = this.categories[this.codes[row - this.firstRow] ?? -1]?.label ?? -1;
    this.codes = new Int32Array(0);
    this.tables.version++;
  }

  private image(stretch: CocoStretch, at: number, element: number): void {
    const { images } = this.tables;
    const offset = stretch.offsets[at] ?? 0;
    const place = (field: string) => ({ offset, element, field: `images.${field}` });
    const id = idAt(stretch.ids, stretch, at, cocoFlag.textId);
    const name = id === null ? `#${element}` : shownId(id);
    if (id === null) this.problems.add('The image has no id: no annotation can name it.', place('id'));
    const known = id === null ? -1 : this.imageIds.add(id, images.length);
    if (known >= 0)
      this.problems.add(`The image ${name} is stated a second time.`, { ...place('id'), severity: 'warning' });
    const written = stretch.files[at] ?? '';
    if (written === '') this.problems.add('The image has neither "file_name" nor "coco_url".', place('file_name'));
    const [width, height] = [stretch.widths[at] ?? Number.NaN, stretch.heights[at] ?? Number.NaN];
    const size = isSide(width) && isSide(height) ? { width, height } : null;
    if (size === null && !(Number.isNaN(width) && Number.isNaN(height)))
      this.problems.add(`The image's size is ${width} × ${height}.`, { ...place('width'), severity: 'warning' });
    const file = /^https?:\/\//i.test(written) ? lastParts(written, 2) : written === '' ? name : written;
    const index = images.add({
      key: this.keyOf(known >= 0 ? `${name}#${element}` : name),
      file,
      size,
      split: this.split,
      bytes: { kind: 'file', candidates: [file] },
      place: { file: this.file, line: null, stretch: { offset, length: stretch.lengths[at] ?? 0 } },
    });
    const [video, frame] = [stretch.videos[at] ?? Number.NaN, stretch.frames[at] ?? Number.NaN];
    if (!Number.isNaN(video))
      images.statedFrames.set(index, { video: `video ${video}`, frame: Number.isNaN(frame) ? null : frame });
  }

  /** Notes are kept by key: no two images of the set share one. */
  private keyOf(own: string): string {
    const before = this.firstImage === 0 ? null : this.tables.images.indexOf(own);
    return before !== null && before < this.firstImage ? keyInFile(own, this.file) : own;
  }

  /** Everything of a stretch but the join. */
  private fill(stretch: CocoStretch): void {
    const { annotations } = this.tables;
    const { count, boxes } = stretch;
    const row = annotations.length;
    annotations.grow(row + count);
    this.codes = roomFor(this.codes, row + count - this.firstRow);
    annotations.areas.set(stretch.areas, row);
    annotations.scores.set(stretch.scores, row);
    annotations.offsets.set(stretch.offsets, row);
    annotations.lengths.set(stretch.lengths, row);
    for (let at = 0; at < count; at++) {
      const to = row + at;
      const flags = stretch.flags[at] ?? 0;
      const [x, y] = [boxes[at * 4] ?? 0, boxes[at * 4 + 1] ?? 0];
      annotations.x1[to] = x;
      annotations.y1[to] = y;
      annotations.x2[to] = x + (boxes[at * 4 + 2] ?? 0);
      annotations.y2[to] = y + (boxes[at * 4 + 3] ?? 0);
      annotations.flags[to] =
        ((flags & cocoFlag.crowd) !== 0 ? annotationFlag.crowd : 0) |
        ((flags & cocoFlag.ignore) !== 0 ? annotationFlag.ignore : 0);
      annotations.images[to] = -1;
      const category = idAt(stretch.categories, stretch, at, cocoFlag.textCategory);
      const code = category === null ? -1 : this.categoryCode(category);
      this.codes[to - this.firstRow] = code;
      annotations.labels[to] = this.categories[code]?.label ?? -1;
    }
    annotations.length = row + count;
  }

  private join({ firstRow, firstElement, stretch }: Pending): void {
    const { annotations, images } = this.tables;
    for (let at = 0; at < stretch.count; at++) {
      const row = firstRow + at;
      const image = idAt(stretch.images, stretch, at, cocoFlag.textImage);
      let index = image === null ? -1 : this.imageIds.find(image);
      if (index < 0 && this.isResults && image !== null) index = this.madeUp(image);
      annotations.images[row] = index;
      const place = (field: string) => ({
        offset: stretch.offsets[at] ?? 0,
        element: firstElement + at,
        field: this.isResults ? field : `annotations.${field}`,
      });
      const id = idAt(stretch.ids, stretch, at, cocoFlag.textId);
      if (id !== null && this.annotationIds.add(id, row) >= 0)
        this.problems.add(`The annotation ${shownId(id)} is stated a second time.`, {
          ...place('id'),
          severity: 'warning',
        });
      if (index < 0) {
        const message = image === null ? 'The annotation names no image.' : `There is no image ${shownId(image)}.`;
        this.problems.add(message, place('image_id'));
        continue;
      }
      const trouble = boxTrouble(stretch.boxes, at * 4, images.widths[index] ?? 0, images.heights[index] ?? 0);
      if (trouble !== null) this.problems.add(trouble, { ...place('bbox'), severity: 'warning' });
    }
  }

  /** COCO names its files by their ids in twelve digits. */
  private madeUp(id: number | string): number {
    const { images } = this.tables;
    const key = shownId(id);
    const padded = `${key.padStart(12, '0')}.jpg`;
    const candidates = [padded, `COCO_val2014_${padded}`, `${key}.jpg`, `${key}.png`, key];
    const bytes = { kind: 'file', candidates } as const;
    const index = images.add({
      key,
      file: key,
      size: null,
      split: this.split,
      bytes,
      place: { file: this.file, line: null },
    });
    this.imageIds.add(id, index);
    return index;
  }

  /** Index of a category among those that were met. */
  private categoryCode(id: number | string): number {
    const known = this.categoryIds.add(id, this.categories.length);
    return known >= 0 ? known : this.categories.push({ id, label: -1 }) - 1;
  }

  private troubles(stretch: CocoStretch, list: 'images' | 'annotations', first: number): void {
    for (const { element, offset, field, message } of stretch.troubles) {
      const named = this.isResults || field === null ? field : `${list}.${field}`;
      this.problems.add(message, { offset, element: first + element, field: named });
    }
    this.problems.count(stretch.troubleCount - stretch.troubles.length);
  }
}

/** Texts begin with a quotation mark: a text of digits is not the number. Null where there is none. */
function idAt(ids: Float64Array, { flags, texts }: CocoStretch, at: number, textBit: number): number | string | null {
  const id = ids[at] ?? Number.NaN;
  if (Number.isNaN(id)) return null;
  return ((flags[at] ?? 0) & textBit) === 0 ? id : (texts[id] ?? null);
}

function shownId(id: number | string): string {
  return typeof id === 'string' ? id.replace(/^"/, '') : String(id);
}

function isSide(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 2 ** 31;
}

/** What is wrong with a box x, y, width, height; null for a good one, and where there is none. */
function boxTrouble(boxes: Float64Array, at: number, width: number, height: number): string | null {
  const [x, y, w, h] = [boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0];
  if (w < 0 || h < 0) return 'The box has a negative side.';
  if (w === 0 || h === 0) return 'The box has no area.';
  const sized = width > 0 && height > 0;
  const outside = x < -tolerance || y < -tolerance || x + w > width + tolerance || y + h > height + tolerance;
  return sized && outside ? `The box reaches over the image of ${width} × ${height} pixels.` : null;
}
