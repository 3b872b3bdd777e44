import type { Size } from '../../../core/geometry/box';
import type { ByteSource } from '../../../core/ports';
import type { JsonValue } from '../../../core/text/jsonValue';
import { tolerantJsonOrNone } from '../../../core/text/tolerantJson';
import { isObject, type JsonObject } from '../../columns';
import { JsonArrays, type JsonElement } from '../json/jsonArrays';
import type { RecordNotes } from '../recordNotes';
import { type Edit, editList, type Separators } from './edits';
import { flatText, pythonStyle } from './jsonText';

/** What a writer looks for in a document. */
export interface CocoWants {
  /** Of an image by its id. */
  keyOf(id: string): string;
  wantsImage(key: string): boolean;
  /** What becomes of an annotation of an image: null where it goes, undefined where it stays. */
  after(id: string, imageKey: string): object | null | undefined;
  readonly keep: ((key: string) => boolean) | null;
}

/** Where the elements of one list stand, and which of them go. */
class ElementList {
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly dropped: boolean[] = [];
  private separators: Separators = { before: '', between: ', ', after: '' };

  add(offset: number, length: number, isDropped: boolean): void {
    this.starts.push(offset);
    this.ends.push(offset + length);
    this.dropped.push(isDropped);
  }

  /** White space and commas as they stand around the first elements. */
  async look(source: ByteSource, bounds: { open: number; close: number | null } | undefined): Promise<void> {
    const [first, end, second] = [this.starts[0], this.ends[0], this.starts[1]];
    if (bounds === undefined || first === undefined || end === undefined) return;
    const text = async (from: number, to: number) => new TextDecoder().decode(await source.read(from, to - from));
    const before = await text(bounds.open + 1, first);
    const between = second === undefined ? (before === '' ? ', ' : `,${before}`) : await text(end, second);
    const last = this.ends.at(-1) ?? end;
    this.separators = { before, between, after: bounds.close === null ? '' : await text(last, bounds.close) };
  }

  edits(bounds: { open: number; close: number | null } | undefined, added: readonly string[]): Edit[] {
    if (bounds === undefined || bounds.close === null) return [];
    const listing = { from: bounds.open + 1, to: bounds.close, starts: this.starts, ends: this.ends };
    return editList(listing, (at) => this.dropped[at] === true, added, this.separators);
  }

  get comma(): string {
    return this.separators.between.includes('\n') ? pythonStyle.comma : this.separators.between;
  }
}

/** A COCO document, or a list of results, with what a writer needs of it: read once, element by element. */
export class CocoDocument {
  /** By key; only wanted ones. */
  readonly images = new Map<string, { readonly id: JsonValue; readonly size: Size | null }>();
  readonly wanted: {
    readonly id: string;
    readonly imageKey: string;
    readonly offset: number;
    readonly bytes: Uint8Array;
  }[] = [];
  /** Ids of all images. */
  readonly imageIds: string[] = [];
  isResults = false;
  private readonly lists = { images: new ElementList(), annotations: new ElementList(), categories: new ElementList() };
  private readonly categories = new Map<JsonValue, string>();
  private readonly newCategories: string[] = [];
  private lastId = 0;

  private constructor(
    private readonly arrays: JsonArrays,
    private readonly wants: CocoWants,
  ) {}

  static async read(source: ByteSource, wants: CocoWants): Promise<CocoDocument> {
    const arrays = new JsonArrays(source, ['images', 'annotations', 'categories']);
    const document = new CocoDocument(arrays, wants);
    for await (const element of arrays.elements()) document.take(element);
    for (const [name, list] of Object.entries(document.lists)) await list.look(source, document.bounds(name));
    return document;
  }

  get comma(): string {
    return this.lists.annotations.comma;
  }

  labelOf(category: JsonValue | undefined): string | null {
    if (category === undefined || category === null) return null;
    return this.categories.get(category) ?? String(category);
  }

  /** The id of a category by its name, which is made where there is none; null for no label. */
  categoryOf(label: string | null, notes: RecordNotes): JsonValue | null {
    if (label === null) return null;
    for (const [id, name] of this.categories) if (name === label) return id;
    if (this.isResults) {
      const id = Number(label);
      return Number.isInteger(id) ? id : notes.error('category_id', `A list of results has no category "${label}"`);
    }
    const id = 1 + [...this.categories.keys()].reduce<number>((most, one) => Math.max(most, Number(one) || 0), 0);
    this.categories.set(id, label);
    this.newCategories.push(flatText({ id, name: label }, this.lists.categories.comma, pythonStyle.colon));
    return id;
  }

  sizeOf(imageId: JsonValue): Size | null {
    return this.images.get(this.wants.keyOf(String(imageId)))?.size ?? null;
  }

  nextId(): number {
    return ++this.lastId;
  }

  /** What takes elements out of the document and puts new ones at the end of its lists. */
  listEdits(added: readonly string[]): readonly Edit[] {
    const { images, annotations, categories } = this.lists;
    return [
      ...images.edits(this.bounds('images'), []),
      ...annotations.edits(this.bounds('annotations'), added),
      ...categories.edits(this.bounds('categories'), this.newCategories),
    ];
  }

  private bounds(name: string) {
    return this.arrays.bounds.get(this.isResults && name === 'annotations' ? null : name);
  }

  private take({ key, index, offset, bytes }: JsonElement): void {
    const { keyOf, wantsImage, after, keep } = this.wants;
    const value = tolerantJsonOrNone(new TextDecoder().decode(bytes));
    const element: JsonObject = isObject(value) ? value : {};
    if (key === 'images') {
      const id = String(element.id);
      const name = keyOf(id);
      this.imageIds.push(id);
      if (wantsImage(name)) this.images.set(name, { id: element.id ?? null, size: sizeIn(element) });
      this.lists.images.add(offset, bytes.length, keep !== null && !keep(name));
    } else if (key === 'categories') {
      if (element.id !== undefined && typeof element.name === 'string') this.categories.set(element.id, element.name);
      this.lists.categories.add(offset, bytes.length, false);
    } else {
      if (key === null) this.isResults = true;
      const id = typeof element.id === 'number' || typeof element.id === 'string' ? String(element.id) : `#${index}`;
      if (typeof element.id === 'number') this.lastId = Math.max(this.lastId, element.id);
      const imageKey = keyOf(String(element.image_id));
      const isDropped = keep !== null && !keep(imageKey);
      const left = after(id, imageKey);
      this.lists.annotations.add(offset, bytes.length, isDropped || left === null);
      if (left !== undefined && !isDropped) this.wanted.push({ id, imageKey, offset, bytes: bytes.slice() });
    }
  }
}

function sizeIn({ width, height }: JsonObject): Size | null {
  return typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0 ? { width, height } : null;
}
