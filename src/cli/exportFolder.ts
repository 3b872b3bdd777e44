import { randomUUID } from 'node:crypto';
import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { UserError } from '../core/text/userError';

/**
 * The folder an export goes to. Everything is written beside it first and takes its place at the end, so that a crash, a
 * full disk or Ctrl+C leaves what was there.
 */
export class ExportFolder {
  private readonly part: string;
  private readonly streams = new Map<string, WriteStream>();
  private readonly made = new Set<string>();
  private readonly stop = () => {
    rmSync(this.part, { recursive: true, force: true });
    process.exit(130);
  };

  private constructor(private readonly path: string) {
    this.part = `${path}.${randomUUID().slice(0, 8)}.part`;
    process.once('SIGINT', this.stop);
    process.once('SIGTERM', this.stop);
  }

  /** Throws `UserError` for a folder that holds something, unless `force`, and for one that cannot be made. */
  static async open(path: string, force: boolean): Promise<ExportFolder> {
    const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new UserError(`${path} cannot be written: ${error.message}`);
    });
    if (names.length > 0 && !force)
      throw new UserError(
        `${path} is not empty. Choose another folder, or replace files of the same name with --force.`,
      );
    const folder = new ExportFolder(path);
    await folder.guarded(() => mkdir(folder.part, { recursive: true }));
    return folder;
  }

  /** Adds to a file, at the disk's pace. */
  async append(name: string, text: string): Promise<void> {
    const stream = this.streams.get(name) ?? createWriteStream(join(this.part, name));
    if (!this.streams.has(name)) stream.on('error', () => undefined);
    this.streams.set(name, stream);
    await this.guarded(
      () => new Promise<void>((done, failed) => stream.write(text, (error) => (error ? failed(error) : done()))),
    );
  }

  write(name: string, text: string): Promise<void> {
    return this.guarded(async () => writeFile(await this.place(name), text));
  }

  copy(name: string, from: string): Promise<void> {
    return this.guarded(async () => copyFile(from, await this.place(name)));
  }

  link(name: string, to: string): Promise<void> {
    return this.guarded(async () => symlink(to, await this.place(name)));
  }

  /** An absolute path at which somebody else writes a file of the export. */
  reserve(name: string): Promise<string> {
    return this.guarded(() => this.place(name));
  }

  /** Puts everything in its place. */
  async finish(): Promise<void> {
    await this.guarded(async () => {
      for (const stream of this.streams.values()) {
        stream.end();
        await finished(stream);
      }
      await mkdir(dirname(this.path), { recursive: true });
      const there = await readdir(this.path).catch(() => null);
      if (there === null || there.length === 0) {
        if (there !== null) await rmdir(this.path);
        await rename(this.part, this.path);
      } else await moveInto(this.part, this.path);
    });
    this.letGo();
  }

  async discard(): Promise<void> {
    for (const stream of this.streams.values()) stream.destroy();
    await rm(this.part, { recursive: true, force: true });
    this.letGo();
  }

  private letGo(): void {
    process.off('SIGINT', this.stop);
    process.off('SIGTERM', this.stop);
  }

  private async place(name: string): Promise<string> {
    const path = join(this.part, name);
    const folder = dirname(path);
    if (!this.made.has(folder)) await mkdir(folder, { recursive: true });
    this.made.add(folder);
    return path;
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (UserError.is(error) || !(error instanceof Error)) throw error;
      throw new UserError(`${this.path} was not written: ${error.message}`);
    }
  }
}

/** Files replace those of the same name; others stay. */
async function moveInto(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await moveInto(source, target);
    else await rename(source, target);
  }
  await rmdir(from);
}
