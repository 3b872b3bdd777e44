/** Ports through which formats reach files, so that they run without node and can be tested on bytes in memory. */

/** Random access to one file's bytes. */
export interface ByteSource {
  /** Path relative to its `DirSource`, forward slashes. */
  readonly path: string;
  size(): Promise<number>;
  /** Exactly the bytes of [offset, offset + length) that exist; shorter at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface DirEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly size: number;
}

/** A folder. Paths are relative with forward slashes; one that leaves the folder is refused with a `UserError`. */
export interface DirSource {
  /** Entries of a sub-folder ('' for the folder itself), sorted by name; empty when it does not exist. */
  list(path: string): Promise<readonly DirEntry[]>;
  /** Null when there is no such file. */
  open(path: string): Promise<ByteSource | null>;
}
