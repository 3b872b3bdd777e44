import type { JsonValue } from '../../../core/text/jsonValue';
import type { DatasetTruth } from '../../../protocol/dataset';
import { objectOf } from '../images/datasetRow';
import { lastParts } from '../images/nearby';
import type { Sample } from './truthShelf';

type Row = { readonly [key: string]: JsonValue };

interface Annotation {
  readonly bbox: JsonValue;
  readonly label: string;
}

/**
 * Instances of COCO, or of LVIS, by the name of their image. Where the prompt names categories of the dataset, only theirs
 * count (the longest name first: `traffic light` is not `light`); crowds count nowhere.
 */
export class CocoTruth {
  private constructor(
    private readonly byImage: ReadonlyMap<string, readonly Annotation[]>,
    /** Longest first. */
    private readonly names: readonly string[],
  ) {}

  /** Null for a document of another kind. */
  static of(document: Row | null): CocoTruth | null {
    const { images, annotations, categories } = document ?? {};
    if (!Array.isArray(images) || !Array.isArray(annotations) || !Array.isArray(categories)) return null;
    const names = new Map(rows(categories).map(({ id, name }) => [id, typeof name === 'string' ? name : '']));
    const byId = new Map<JsonValue | undefined, Annotation[]>();
    const byImage = new Map<string, readonly Annotation[]>();
    for (const { id, file_name, coco_url } of rows(images)) {
      const file = typeof file_name === 'string' ? file_name : typeof coco_url === 'string' ? coco_url : null;
      const own: Annotation[] = [];
      byId.set(id, own);
      if (file !== null) byImage.set(lastParts(file, 1), own);
    }
    for (const { image_id, category_id, bbox, iscrowd } of rows(annotations))
      if (iscrowd !== 1 && bbox !== undefined) byId.get(image_id)?.push({ bbox, label: names.get(category_id) ?? '' });
    const known = [...new Set(names.values())].filter((name) => name !== '');
    return new CocoTruth(
      byImage,
      known.sort((a, b) => b.length - a.length),
    );
  }

  async of({ record, image }: Sample): Promise<DatasetTruth | string> {
    if (image === null) return 'Its image has no name by which the dataset could know it.';
    const all = this.byImage.get(lastParts(image, 1));
    if (all === undefined) return `The dataset has no image ${lastParts(image, 1)}.`;
    const asked = this.namedIn(record.prompt);
    const wanted = asked.size === 0 ? all : all.filter(({ label }) => asked.has(label));
    return { truth: wanted.map(({ bbox, label }) => ({ bbox, label })), original: true };
  }

  /** Categories whose names stand in the prompt as words of their own. */
  private namedIn(prompt: string): ReadonlySet<string> {
    let text = prompt.toLowerCase();
    const found = new Set<string>();
    for (const name of this.names) {
      const words = name.toLowerCase();
      const at = wordAt(text, words);
      if (at === -1) continue;
      found.add(name);
      text = `${text.slice(0, at)}\0${text.slice(at + words.length)}`;
    }
    return found;
  }
}

function wordAt(text: string, words: string): number {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text[at + words.length] ?? ' '];
    // A plural is asked about as often as the name itself.
    if (!/[\p{L}\p{N}_]/u.test(before) && (after === 's' || !/[\p{L}\p{N}_]/u.test(after))) return at;
  }
  return -1;
}

function rows(list: readonly JsonValue[]): readonly Row[] {
  return list.map((one) => objectOf(one)).filter((one) => one !== null);
}
