import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageTable } from '../imageTable';

/** Names longer than this are no file's. */
const longest = 4096;
/** Images of one name from which on their folders are looked up, too. */
const many = 32;
/** Images whose names are compared part by part. */
const mostCompared = 256;
/** Names indexed at a stretch. */
const slice = 1000;

type IndexedImages = Pick<ImageTable, 'length' | 'files' | 'bytesOf'>;

/** Images whose names end as another name does. */
export interface NearestNames {
  /** Those that share the most parts; empty when none has so much as the last one. */
  readonly indices: readonly number[];
  readonly shared: number;
}

/** Images of a set by the last parts of their names. */
export class NameIndex {
  /** By the last part, the last two and the last three; the longer ones only of names that many images have. */
  private readonly byTail = [1, 2, 3].map(() => new Map<string, number[]>());

  private constructor(private readonly images: IndexedImages) {}

  /** Other requests get their turn meanwhile. */
  static async of(images: IndexedImages): Promise<NameIndex> {
    const made = new NameIndex(images);
    for (let index = 0; index < images.length; index++) {
      if (index % slice === 0) await nextTurn();
      made.add(index, 1);
    }
    for (const indices of made.byTail[0]?.values() ?? [])
      if (indices.length > many)
        for (const [at, index] of indices.entries()) {
          if (at % slice === 0) await nextTurn();
          for (const count of [2, 3]) made.add(index, count);
        }
    return made;
  }

  nearest(name: string): NearestNames {
    const parts = nameParts(name);
    for (const count of [3, 2, 1]) {
      const indices = parts.length < count ? undefined : this.byTail[count - 1]?.get(tailOf(parts, count));
      if (indices !== undefined)
        return indices.length > mostCompared ? { indices, shared: count } : this.best(indices, parts);
    }
    return { indices: [], shared: 0 };
  }

  private best(indices: readonly number[], parts: readonly string[]): NearestNames {
    let [shared, best]: [number, number[]] = [0, []];
    for (const index of indices) {
      const own = Math.max(...this.namesOf(index).map((one) => sharedParts(one, parts)));
      if (own > shared) [shared, best] = [own, []];
      if (own === shared) best.push(index);
    }
    return { indices: best, shared };
  }

  private add(index: number, count: number): void {
    const tails = this.namesOf(index).flatMap((parts) => (parts.length < count ? [] : [tailOf(parts, count)]));
    for (const tail of new Set(tails)) {
      const known = this.byTail[count - 1]?.get(tail);
      if (known === undefined) this.byTail[count - 1]?.set(tail, [index]);
      else known.push(index);
    }
  }

  private namesOf(index: number): readonly (readonly string[])[] {
    const bytes = this.images.bytesOf(index);
    const candidates = bytes.kind === 'file' ? bytes.candidates : [];
    return [...new Set([this.images.files[index] ?? '', ...candidates])].map(nameParts);
  }
}

/** Folders and name of a path or an address, in either system's notation, without what follows `?` or `#` of an address. */
function nameParts(name: string): readonly string[] {
  if (name.length > longest) return [];
  const address = /^[a-z][a-z0-9+.-]{1,30}:\/\/([^?#]*)/i.exec(name)?.[1];
  return (address ?? name).split(/[\\/]+/).filter((part) => part !== '' && part !== '.' && part !== '..');
}

function tailOf(parts: readonly string[], count: number): string {
  return parts.slice(-count).join('/');
}

/** Equal parts at the ends of both. */
function sharedParts(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}
