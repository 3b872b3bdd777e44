const wholeNumber = /^(?:0|[1-9]\d{0,14})$/;

/**
 * Ids of images in a COCO document: their keys in the set where all of them are whole numbers, so that results on the set still
 * find them; else counted from 1.
 */
export function cocoImageIds(keys: readonly string[]): readonly number[] {
  return keys.every((key) => wholeNumber.test(key)) ? keys.map(Number) : keys.map((_, i) => i + 1);
}

/** Ids of categories: those that the set's file states, and for other labels the numbers behind. */
export class CocoCategoryIds {
  private readonly ids = new Map<string, number>();
  private last = 0;

  /** @param stated ids by label; ignored where they are not all whole and different. */
  constructor(labels: readonly string[], stated: ReadonlyMap<string, number>) {
    const known = labels.flatMap((label) => stated.get(label) ?? []);
    const usable = new Set(known).size === known.length && known.every((id) => Number.isSafeInteger(id) && id >= 0);
    this.last = usable ? Math.max(0, ...known) : 0;
    for (const label of labels) {
      const id = usable ? stated.get(label) : undefined;
      if (id === undefined) this.of(label);
      else this.ids.set(label, id);
    }
  }

  of(label: string): number {
    const id = this.ids.get(label) ?? ++this.last;
    this.ids.set(label, id);
    return id;
  }

  /** Label and id, in the order of the set and then of their appearance. */
  get all(): Iterable<readonly [string, number]> {
    return this.ids;
  }
}
