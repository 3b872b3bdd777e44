import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isWithin, kindOf, lastParts, withParents } from './nearby';

export interface FileSearch {
  /** Null when no such file is here. */
  readonly path: string | null;
  /** Said after "named by …"; '' when the file stands exactly where it was said to. */
  readonly note: string;
  /** Places looked at, when it was not found. */
  readonly tried: readonly string[];
}

const parents = 3;
/** Folders beside a trace in which its images are commonly kept (`.cache` and `example_data`: the ACTIVE-O3 demo). */
const besides = ['', '.cache', 'example_data', 'images'] as const;
const maxRemembered = 10_000;

/**
 * Finds image files by the name a log or a dataset gives. A relative name is looked for in `roots`, then in `base` and its
 * parents; it may not lead out of all of these. An absolute one that is not here is looked for by its last parts.
 */
export class ImageFiles {
  private readonly known = new Map<string, Promise<FileSearch>>();

  /** `roots`: absolute folders from the user and the configuration, before all others. `home`: the trace's folder. */
  constructor(
    private readonly roots: readonly string[],
    private readonly home: string,
  ) {}

  /** A path as the user knows it: from the trace's folder when it lies near, else whole. */
  shown(path: string): string {
    const short = relative(this.home, path);
    return isAbsolute(short) || short.split(sep).filter((part) => part === '..').length > parents ? path : short;
  }

  find(name: string, base: string): Promise<FileSearch> {
    const key = `${base}\0${name}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.known.size >= maxRemembered) this.known.clear();
    const search = this.search(name, base);
    this.known.set(key, search);
    return search;
  }

  private async search(name: string, base: string): Promise<FileSearch> {
    if (name.includes('\0') || name.length > 4096) return { path: null, note: '', tried: ['a name no file can have'] };
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(name))
      return { path: null, note: '', tried: [`${name} (nothing is downloaded)`] };
    const tried: string[] = [];
    const folders = [
      ...this.roots,
      ...withParents(base, parents).flatMap((folder) => besides.map((beside) => join(folder, beside))),
    ];
    if (isAbsolute(name)) {
      if ((await kindOf(name)) === 'file') return { path: name, note: '', tried };
      tried.push(name);
    }
    for (const tail of isAbsolute(name) ? [3, 2, 1].map((count) => lastParts(name, count)) : [name]) {
      for (const folder of folders) {
        const path = resolve(folder, tail);
        if (!folders.some((root) => isWithin(path, root))) continue;
        if ((await kindOf(path)) === 'file') {
          const note = isAbsolute(name) ? `${name} is not here; found ${path} by its name` : '';
          return { path, note, tried: [] };
        }
        if (!tried.includes(path)) tried.push(path);
      }
    }
    if (tried.length === 0) tried.push(`${name} (leads out of the folders that may hold images)`);
    return { path: null, note: '', tried };
  }
}
