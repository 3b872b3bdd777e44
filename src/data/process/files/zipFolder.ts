import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Entry } from 'yauzl';
import { Lru } from '../../../core/collections/lru';
import type { ByteSource, DirEntry } from '../../../core/ports';
import { UserError } from '../../../core/text/userError';
import { fileName, folderOf } from '../../../formats/paths';
import { maxRowBytes } from '../scan/lines';
import { fileError } from './fileSource';
import type { OpenFile, TraceFile, TraceFolder } from './traceFolder';
import { zipEntries } from './zipDirectory';
import { readMember, unpack } from './zipMember';

/** Unpacked bytes of members read last that are kept: a sample's images are asked for right after its text. */
const bytesKept = 96 * 1024 * 1024;

interface Directory {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly folders: ReadonlyMap<string, readonly DirEntry[]>;
  /** Size and time of the archive when it was listed: a writer that goes on moves its members. */
  readonly state: string;
}

/** A zip archive as a folder that is only read. Nothing is unpacked to disk. */
export class ZipFolder implements TraceFolder {
  private directory: Promise<Directory> | null = null;
  private readonly members = new Lru<string, Uint8Array>(bytesKept);
  private readonly pending = new Map<string, Promise<Uint8Array>>();
  private readonly name: string;

  constructor(
    /** Absolute path of the archive. */
    readonly root: string,
  ) {
    this.name = basename(root);
  }

  async list(path: string): Promise<readonly DirEntry[]> {
    return (await this.listed()).folders.get(path) ?? [];
  }

  async open(path: string): Promise<ByteSource | null> {
    return (await this.listed()).entries.has(path) ? this.source(path) : null;
  }

  source(path: string): TraceFile {
    const read = async (offset: number, length: number) => (await this.bytes(path)).slice(offset, offset + length);
    return {
      path,
      size: async () => (await this.entry(path)).uncompressedSize,
      read,
      use: async (work) => work(openMember(await this.bytes(path))),
    };
  }

  locate(path: string): string {
    throw new UserError(`${path} is inside ${this.name} and no file of its own.`);
  }

  /** A writer may have gone on: the archive is listed anew if it changed. */
  forget(): void {
    this.directory = this.again(this.directory);
  }

  private listed(): Promise<Directory> {
    this.directory ??= this.readDirectory();
    return this.directory;
  }

  /** What was listed before stays while the archive is as it was, or is none in the middle of being written. */
  private async again(before: Promise<Directory> | null): Promise<Directory> {
    const known = await before?.catch(() => null);
    if (known === null || known === undefined) return this.readDirectory();
    try {
      return (await this.state()) === known.state ? known : await this.readDirectory();
    } catch (error) {
      if (UserError.is(error)) return known;
      throw error;
    }
  }

  private async readDirectory(): Promise<Directory> {
    const state = await this.state();
    const entries = await zipEntries(this.root, this.name);
    return { entries, folders: foldersOf(entries), state };
  }

  private async entry(path: string): Promise<Entry> {
    const entry = (await this.listed()).entries.get(path);
    if (entry === undefined) throw new UserError(`${path}: there is no such file in ${this.name}`);
    return entry;
  }

  /** Unpacks a member once, however many ask for it meanwhile. */
  private bytes(path: string): Promise<Uint8Array> {
    const known = this.members.get(path);
    if (known !== undefined) return Promise.resolve(known);
    const pending = this.pending.get(path);
    if (pending !== undefined) return pending;
    const read = this.unpacked(path)
      .then((bytes) => {
        this.members.set(path, bytes, bytes.length);
        return bytes;
      })
      .finally(() => this.pending.delete(path));
    this.pending.set(path, read);
    return read;
  }

  private async unpacked(path: string): Promise<Uint8Array> {
    let entry = await this.entry(path);
    if ((await this.state()) !== (await this.listed()).state) {
      this.forget();
      const { crc32, uncompressedSize: size } = entry;
      entry = await this.entry(path);
      // A member that was written again is another row than the one that was read.
      if (entry.crc32 !== crc32 || entry.uncompressedSize !== size) throw this.changed();
    }
    const { compressedSize, uncompressedSize, compressionMethod } = entry;
    if (Math.max(compressedSize, uncompressedSize) > maxRowBytes) {
      const megabytes = Math.round(Math.max(compressedSize, uncompressedSize) / 1e6);
      throw new UserError(`${path} is ${megabytes} MB long; files up to ${maxRowBytes / 2 ** 20} MiB are read.`);
    }
    return unpack(await this.packed(entry, path), compressionMethod, uncompressedSize, path);
  }

  /** The member's compressed bytes, with its local header in one read. */
  private async packed(entry: Entry, path: string): Promise<Uint8Array> {
    const { state } = await this.listed();
    try {
      const handle = await open(this.root, 'r');
      try {
        if (stateOf(await handle.stat()) !== state) throw this.changed();
        return await readMember(handle, entry, path);
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw fileError(this.name, error);
    }
  }

  private changed(): UserError {
    return new UserError(`${this.name} changed after it was opened. Open it again.`);
  }

  private async state(): Promise<string> {
    try {
      return stateOf(await stat(this.root));
    } catch (error) {
      throw fileError(this.name, error);
    }
  }
}

/** A writer that goes on changes one of them. */
function stateOf({ size, mtimeMs }: { readonly size: number; readonly mtimeMs: number }): string {
  return `${size} ${mtimeMs}`;
}

/** What a listing of each folder is; folders have no entries of their own. */
function foldersOf(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, readonly DirEntry[]> {
  const folders = new Map<string, Map<string, DirEntry>>();
  for (const [path, { uncompressedSize }] of entries) {
    let entry: DirEntry = { name: fileName(path), kind: 'file', size: uncompressedSize };
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      const known = folders.get(folder);
      known?.set(entry.name, entry);
      // The folders above know this one.
      if (known !== undefined) break;
      folders.set(folder, new Map([[entry.name, entry]]));
      if (folder === '') break;
      entry = { name: fileName(folder), kind: 'directory', size: 0 };
    }
  }
  const byName = (a: DirEntry, b: DirEntry) => (a.name < b.name ? -1 : 1);
  return new Map([...folders].map(([path, names]) => [path, [...names.values()].sort(byName)]));
}

function openMember(bytes: Uint8Array): OpenFile {
  return {
    read: async (into, offset, length, position) => {
      const some = bytes.subarray(position, position + length);
      into.set(some, offset);
      return { bytesRead: some.length };
    },
  };
}
