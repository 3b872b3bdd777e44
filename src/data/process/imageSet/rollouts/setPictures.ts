import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageRef } from '../../../../protocol/data';
import { KeptWork } from '../../files/keptWork';
import type { ImageContents, PictureSource } from '../../samples/imageContents';
import type { ImageSet } from '../imageSet';
import { NameIndex, type NearestNames } from './nameIndex';

/** Images inside other files that are read for their content; of more, only those whose size is known without. */
const mostRead = 20_000;
/** Images of one name that are looked at for the file that a trace used. */
const mostAlike = 256;
const atOnce = 8;

/** Told how many images of how many were measured. */
export type Measuring = (done: number, total: number) => void;

/** Images by their encoded bytes, as far as these are known without reading them. */
interface Sizes {
  readonly bySize: ReadonlyMap<number, readonly number[]>;
  /** By content, of images that had to be read. */
  readonly inside: ReadonlyMap<string, readonly number[]>;
  readonly uncompared: number;
}

/** The images of a set as they can be told from the pictures of traces. Nothing is read before it is asked for. */
export class SetPictures {
  /** Images that were not compared by content. */
  uncompared = 0;
  private names: Promise<NameIndex> | null = null;
  private byCell: Promise<ReadonlyMap<string, readonly number[]>> | null = null;
  private readonly sizes = new KeptWork<'all', Sizes>();
  private readonly contentsOfSize = new KeptWork<number, ReadonlyMap<string, readonly number[]>>();

  constructor(
    private readonly set: ImageSet,
    private readonly contents: ImageContents,
  ) {}

  /** An image's encoded bytes to be compared; null when they are not to be had. */
  async source(index: number): Promise<PictureSource | null> {
    const { tables, files } = this.set;
    if (tables.images.bytesOf(index).kind === 'file') {
      const path = await files.find(tables, index);
      return path === null ? null : this.contents.file(path);
    }
    const bytes = await files.bytes(tables, index);
    return bytes === null ? null : this.contents.bytes(`${this.set.setId}:${index}`, async () => bytes);
  }

  /** Images that are the file of a trace, by their names and then by the file itself. */
  async sameFile(path: string, { id }: PictureSource): Promise<readonly number[]> {
    const { images } = this.set.tables;
    const alike = (await this.nearest(path)).indices.slice(0, mostAlike);
    const same: number[] = [];
    for (const index of alike)
      if (images.bytesOf(index).kind === 'file' && (await this.source(index))?.id === id) same.push(index);
    return same;
  }

  /** Images that are a cell of a table. */
  async sameCell(ref: Extract<ImageRef, { readonly kind: 'table' }>): Promise<readonly number[]> {
    this.byCell ??= this.indexCells();
    const file = await realpath(ref.dataset).catch(() => ref.dataset);
    return (await this.byCell).get(cellKey(file, ref.row, ref.column, ref.index)) ?? [];
  }

  /** Images with the bytes of a picture. The first call measures every image of the set. */
  async sameContent(picture: PictureSource, signal: AbortSignal, measuring: Measuring): Promise<readonly number[]> {
    const { bySize, inside, uncompared } = await this.sizes.of('all', signal, (stop) => this.measure(stop, measuring));
    this.uncompared = uncompared;
    if (picture.size !== null && inside.size === 0 && !bySize.has(picture.size)) return [];
    const content = await picture.content();
    if (content === null) return [];
    const size = Number(content.slice(0, content.indexOf(':')));
    const alike = bySize.get(size) ?? [];
    const hash = (stop: AbortSignal) => this.hashAll(alike, stop);
    const files = alike.length === 0 ? [] : ((await this.contentsOfSize.of(size, signal, hash)).get(content) ?? []);
    return [...files, ...(inside.get(content) ?? [])];
  }

  /** Images that share the most last parts of a name, and how many parts that is. */
  async nearest(name: string): Promise<NearestNames> {
    this.names ??= NameIndex.of(this.set.tables.images);
    return (await this.names).nearest(name);
  }

  private async indexCells(): Promise<ReadonlyMap<string, readonly number[]>> {
    const { tables, root } = this.set;
    const paths = new Map<string, string>();
    const byCell = new Map<string, number[]>();
    for (let index = 0; index < tables.images.length; index++) {
      const bytes = tables.images.bytesOf(index);
      if (bytes.kind !== 'cell') continue;
      const named = join(root, bytes.file);
      const path = paths.get(named) ?? (await realpath(named).catch(() => named));
      paths.set(named, path);
      const key = cellKey(path, bytes.row, bytes.column, bytes.index);
      push(byCell, key, index);
    }
    return byCell;
  }

  /** What is stopped leaves nothing behind: some of its reads end when the next call has begun. */
  private async measure(signal: AbortSignal, measuring: Measuring): Promise<Sizes> {
    const { images } = this.set.tables;
    const bySize = new Map<number, number[]>();
    const unsized: number[] = [];
    let done = 0;
    const all = Array.from({ length: images.length }, (_, index) => index);
    await eachOf(all, signal, async (index) => {
      const bytes = images.bytesOf(index);
      if (bytes.kind === 'slice') push(bySize, bytes.length, index);
      else if (bytes.kind !== 'file') unsized.push(index);
      else {
        const size = (await this.source(index))?.size ?? null;
        if (size !== null) push(bySize, size, index);
      }
      if (++done % 500 === 0) measuring(done, images.length);
    });
    if (unsized.length > mostRead) return { bySize, inside: new Map(), uncompared: unsized.length };
    return { bySize, inside: await this.hashAll(unsized, signal), uncompared: 0 };
  }

  private async hashAll(indices: readonly number[], signal: AbortSignal) {
    const found = new Map<string, number[]>();
    await eachOf(indices, signal, async (index) => {
      const content = (await (await this.source(index))?.content()) ?? null;
      if (content !== null) push(found, content, index);
    });
    for (const same of found.values()) same.sort((a, b) => a - b);
    return found;
  }
}

function push<K>(lists: Map<K, number[]>, key: K, index: number): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [index]);
  else known.push(index);
}

/** Several side by side: they are read from disk meanwhile. */
async function eachOf(
  indices: readonly number[],
  signal: AbortSignal,
  act: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = indices[next++]; index !== undefined; index = indices[next++]) {
      signal.throwIfAborted();
      await act(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

function cellKey(file: string, row: number, column: string, index: number): string {
  return JSON.stringify([file, row, column, index]);
}
