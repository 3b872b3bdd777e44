import { readFile, writeFile } from 'node:fs/promises';
import type { CacheShelf } from '../../../supervise/cacheShelf';
import { digest, fingerprint } from '../cache/fingerprint';
import { FileSource, fileError } from './fileSource';
import { SharedWork } from './sharedWork';
import type { OpenFile, TraceFile } from './traceFolder';
import { unpackFile } from './unpack';
import { type Packing, unpackedChunks } from './unpackedChunks';

/** Bytes of the contents that are known without unpacking all: what a signature looks at, and whether more follows. */
const headBytes = 64 * 1024 + 1;
/** Part of every name on the shelf: changes when the same file would be unpacked otherwise. */
const version = 1;

interface Contents {
  readonly location: string;
  /** What was wrong with the packed file; null for a whole one. */
  readonly trouble: string | null;
}

/**
 * A gzip or Zstandard file, read as what it holds: unpacked once into the cache when more than its beginning is wanted.
 * `path` is its name without the ending, which is the name the log had.
 */
export class PackedFile implements TraceFile {
  private head: Promise<Buffer> | null = null;
  private contents: SharedWork<Contents> | null = null;
  /** Who wants to know how far the unpacking is. */
  private readonly listeners = new Set<(bytes: number) => void>();
  private readonly closed = new AbortController().signal;

  constructor(
    readonly path: string,
    /** Absolute path of the packed file. */
    readonly packed: string,
    private readonly packing: Packing,
    private readonly shelf: CacheShelf,
  ) {}

  /** Of the contents, which have to be unpacked for it. */
  async size(): Promise<number> {
    return (await this.plain()).size();
  }

  /** The packed file was written anew. */
  forget(): void {
    this.head = null;
    this.contents = null;
  }

  /** Bytes of the packed file itself. */
  async packedSize(): Promise<number> {
    return new FileSource(this.path, this.packed).size();
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.contents === null && offset + length <= headBytes)
      return new Uint8Array((await this.beginning()).subarray(offset, offset + length));
    return (await this.plain()).read(offset, length);
  }

  async use<T>(work: (file: OpenFile) => Promise<T>): Promise<T> {
    return (await this.plain()).use(work);
  }

  /**
   * Unpacks the file unless it is on the shelf.
   * @param progress told how many of the packed bytes are done.
   * @returns what was wrong with it; null for a whole file.
   * @throws UserError when nothing could be unpacked, or too much would be.
   */
  async unpack(progress: (bytes: number) => void, signal: AbortSignal): Promise<string | null> {
    return (await this.unpacked(progress, signal)).trouble;
  }

  /** Absolute path of the contents. */
  async locate(): Promise<string> {
    return (await this.unpacked(() => undefined, this.closed)).location;
  }

  private async plain(): Promise<FileSource> {
    return new FileSource(this.path, await this.locate());
  }

  private async unpacked(progress: (bytes: number) => void, signal: AbortSignal): Promise<Contents> {
    if (this.contents === null || this.contents.isStopped) this.contents = this.begin();
    this.listeners.add(progress);
    try {
      return await this.contents.join(signal);
    } finally {
      this.listeners.delete(progress);
    }
  }

  private begin(): SharedWork<Contents> {
    const told = (bytes: number) => {
      for (const listener of this.listeners) listener(bytes);
    };
    const work = new SharedWork((signal) =>
      this.fromShelf(told, signal).catch((error: unknown) => {
        // Who asks next may have more luck.
        if (this.contents === work) this.contents = null;
        throw fileError(this.path, error);
      }),
    );
    return work;
  }

  private async fromShelf(progress: (bytes: number) => void, signal: AbortSignal): Promise<Contents> {
    const { size, mtimeMs, head, tail } = await fingerprint(this.packed, this.path);
    const key = digest(JSON.stringify(['unpacked', version, this.packed, size, mtimeMs, head, tail]));
    const dot = this.path.lastIndexOf('.');
    const name = `${this.path.slice(this.path.lastIndexOf('/') + 1, dot)}.${key}${this.path.slice(dot)}`;
    const notes = `${key}.trouble`;
    const known = await this.shelf.find(name);
    if (known !== null) return { location: known, trouble: await this.noted(notes) };
    let trouble: string | null = null;
    const { packed: location, packing } = this;
    const shown = `${this.path}.${packing}`;
    const unpacked = await this.shelf.store(name, async (to) => {
      trouble = await unpackFile({ location, packing, to, shown, progress, signal });
      const text = trouble;
      if (text !== null) await this.shelf.store(notes, (path) => writeFile(path, text));
    });
    return { location: unpacked, trouble };
  }

  private async noted(name: string): Promise<string | null> {
    const path = await this.shelf.find(name);
    return path === null ? null : readFile(path, 'utf8');
  }

  private beginning(): Promise<Buffer> {
    this.head ??= this.readBeginning();
    return this.head;
  }

  private async readBeginning(): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let length = 0;
    const { packed: location, packing, closed: signal } = this;
    try {
      for await (const chunk of unpackedChunks({ location, packing, signal, progress: () => undefined })) {
        parts.push(chunk);
        length += chunk.length;
        if (length >= headBytes) break;
      }
    } catch (error) {
      const told = fileError(this.path, error);
      // Damaged data has the beginning that could be read; whoever scans it learns the rest.
      if (told !== error) throw told;
    }
    return Buffer.concat(parts).subarray(0, headBytes);
  }
}
