import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { AnnotationRecord } from '../../../core/annotation/annotation';
import { type LogFingerprint, readSidecarLines, writeSidecar } from '../../../core/annotation/sidecar';
import { UserError } from '../../../core/text/userError';
import { NOTES_SLICE, type SidecarFile, type SidecarSaved, type SidecarStamp } from '../../../protocol/notes';
import { errorCode, fileError } from '../files/fileSource';
import { writeAtomically } from './atomicFile';
import { sidecarBeside, sidecarIn } from './sidecarPath';

/** Larger than any sidecar of people, below the longest string. */
const largest = 400 * 1024 * 1024;
const problemsTold = 100;

/** What sidecars are written about: the logs of a trace, or one image set. */
export interface NotedFiles {
  readonly names: readonly string[];
  /** Absolute path. */
  locate(name: string): string;
  fingerprint(name: string): Promise<LogFingerprint>;
  /** Names in the folder of a file, where they are known already; a sidecar written since may be missing in them. */
  besides(name: string): Promise<ReadonlySet<string>>;
}

/** Sidecars of one document: read whole, handed out in slices, written atomically. */
export class Sidecars {
  /** File → its sidecar's records as JSON. */
  private readonly texts = new Map<string, readonly string[]>();

  constructor(private readonly files: NotedFiles) {}

  async open(places: readonly string[]): Promise<readonly SidecarFile[]> {
    this.texts.clear();
    const found: SidecarFile[] = [];
    for (const file of this.files.names) {
      const names = await this.files.besides(file);
      // Listings are kept: a sidecar written since is not in them, one that is gone may be.
      const beside = sidecarBeside(this.files.locate(file));
      const sidecar =
        (await this.readElsewhere(file, places)) ??
        (names.has(basename(beside)) || (await stampOf(beside)) !== null ? await this.read(file, beside, null) : null);
      if (sidecar !== null) found.push(sidecar);
    }
    return found;
  }

  slice(file: string, start: number): string {
    return `[${(this.texts.get(file) ?? []).slice(start, start + NOTES_SLICE).join(',')}]`;
  }

  async save(
    file: string,
    place: string | null,
    stamp: SidecarStamp | null,
    records: readonly AnnotationRecord[],
  ): Promise<SidecarSaved> {
    if (!this.files.names.includes(file)) throw new UserError(`${file} is no file of this document.`);
    const log = this.files.locate(file);
    const path = place === null ? sidecarBeside(log) : await sidecarIn(place, log);
    const now = await stampOf(path);
    if (now?.size !== stamp?.size || now?.changed !== stamp?.changed) return { kind: 'changed' };
    try {
      if (place !== null) await mkdir(dirname(path), { recursive: true });
      if (records.length === 0) await rm(path, { force: true });
      else await writeAtomically(path, writeSidecar(await this.files.fingerprint(file), records));
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === null) throw error;
      return { kind: 'unwritable', path, reason };
    }
    return { kind: 'saved', stamp: await stampOf(path) };
  }

  private async readElsewhere(file: string, places: readonly string[]): Promise<SidecarFile | null> {
    for (const place of places) {
      const found = await this.read(file, await sidecarIn(place, this.files.locate(file)), place);
      if (found !== null) return found;
    }
    return null;
  }

  private async read(file: string, path: string, place: string | null): Promise<SidecarFile | null> {
    const stamp = await stampOf(path);
    if (stamp === null) return null;
    if (stamp.size > largest)
      throw new UserError(`${path} is ${Math.round(stamp.size / 1e6)} MB: too large a sidecar.`);
    const read = readSidecarLines(await readText(path));
    if (read === null)
      throw new UserError(
        `${path} is no sidecar of Saccade: its first line is not the header. Nothing was changed in it.`,
      );
    const { header, records, problems } = read;
    this.texts.set(file, records);
    const version = header.version;
    return { file, path, place, stamp, version, records: records.length, problems: problems.slice(0, problemsTold) };
  }
}

async function stampOf(path: string): Promise<SidecarStamp | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, changed: mtimeMs };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError(path, error);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(path, error);
  }
}

const refusals: Readonly<Record<string, string>> = {
  EACCES: 'the folder may not be written',
  EPERM: 'the folder may not be written',
  EROFS: 'the disk is read-only',
  ENAMETOOLONG: 'its name is too long for this disk',
  ENOTDIR: 'its folder is no folder',
  EFBIG: 'it is larger than the system lets you write',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota is used up',
  EIO: 'the disk reported an error',
};

/** Why a disk takes no file, in words; null for what is no such refusal. */
export function refusalOf(error: unknown): string | null {
  return refusals[errorCode(error) ?? ''] ?? null;
}
