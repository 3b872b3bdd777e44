import type { ByteSource, DirEntry } from '../../../core/ports';
import type { CacheShelf } from '../../../supervise/cacheShelf';
import type { FolderSource } from './folderSource';
import { PackedFile } from './packedFile';
import type { TraceFile, TraceFolder } from './traceFolder';
import type { Packing } from './unpackedChunks';

/** Logs that people pack. Archives of many files and packed images are none. */
const packedLog = /^(.+\.(?:jsonl|json|txt|log))\.(gz|zst)$/i;

/** The name of the log in a packed file; null when the name is not one of a packed log. */
export function packedName(name: string): { readonly plain: string; readonly packing: Packing } | null {
  const [, plain, ending] = packedLog.exec(name) ?? [];
  return plain === undefined ? null : { plain, packing: ending?.toLowerCase() === 'zst' ? 'zst' : 'gz' };
}

/**
 * A folder on disk whose packed logs are seen as the logs in them, under their names without `.gz` or `.zst`. Where a log
 * stands beside its packed self, the log is seen.
 */
export class PackedFolder implements TraceFolder {
  private readonly packed = new Map<string, PackedFile>();
  private readonly listings = new WeakMap<readonly DirEntry[], readonly DirEntry[]>();

  constructor(
    private readonly folder: FolderSource,
    private readonly shelf: CacheShelf,
  ) {}

  get root(): string {
    return this.folder.root;
  }

  /** The packed file of that path is seen from now on, whatever stands beside it. Returns the log's path. */
  claim(path: string): string {
    const found = packedName(path);
    if (found === null) return path;
    this.add(path, found.plain, found.packing);
    return found.plain;
  }

  /** A packed log has the size of its packed file. */
  async list(path: string): Promise<readonly DirEntry[]> {
    const listed = await this.folder.list(path);
    const known = this.listings.get(listed);
    if (known !== undefined) return known;
    const seen = this.seen(path, listed);
    this.listings.set(listed, seen);
    return seen;
  }

  forget(): void {
    this.folder.forget();
  }

  async open(path: string): Promise<ByteSource | null> {
    const packed = this.packed.get(path);
    if (packed !== undefined) return packed;
    const found = await this.folder.open(path);
    if (found !== null) return found;
    await this.list(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    return this.packed.get(path) ?? null;
  }

  source(path: string): TraceFile {
    return this.packed.get(path) ?? this.folder.source(path);
  }

  locate(path: string): string {
    return this.folder.locate(path);
  }

  private seen(path: string, listed: readonly DirEntry[]): readonly DirEntry[] {
    const names = new Set(listed.map(({ name }) => name));
    let any = false;
    const entries: DirEntry[] = [];
    for (const entry of listed) {
      const found = entry.kind === 'file' ? packedName(entry.name) : null;
      if (found === null) entries.push(entry);
      else if (!names.has(found.plain)) {
        names.add(found.plain);
        const folder = path === '' ? '' : `${path}/`;
        this.add(folder + entry.name, folder + found.plain, found.packing);
        entries.push({ ...entry, name: found.plain });
        any = true;
      }
    }
    return any ? entries.sort((a, b) => (a.name < b.name ? -1 : 1)) : listed;
  }

  private add(path: string, plain: string, packing: Packing): void {
    if (this.packed.has(plain)) return;
    this.packed.set(plain, new PackedFile(plain, this.folder.locate(path), packing, this.shelf));
  }
}
