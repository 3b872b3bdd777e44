import type { ByteSource, DirSource } from '../../../core/ports';

/** An open file, as Node's `FileHandle` reads it: at most `length` bytes from `position` on, 0 at the end. */
export interface OpenFile {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
}

/** One file of a trace: on disk, or a member of an archive. */
export interface TraceFile extends ByteSource {
  /** Runs `work` with the file open; closed in any case. Throws `UserError` when it cannot be opened. */
  use<T>(work: (file: OpenFile) => Promise<T>): Promise<T>;
}

/** What a trace's files are relative to: a folder on disk, or an archive read as one. */
export interface TraceFolder extends DirSource {
  /** Absolute path of the folder, or of the archive. */
  readonly root: string;
  /** The file's source without asking whether it exists. */
  source(path: string): TraceFile;
  /** Absolute path of a relative one, for readers that open files by name. Throws `UserError` when there is none. */
  locate(path: string): string;
  /** Lists folders anew from now on. */
  forget?(): void;
}
