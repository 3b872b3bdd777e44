import { type FileHandle, open } from 'node:fs/promises';

/** UTF-16 units that are gathered before the disk is asked. */
const gathered = 256 * 1024;

/** A new file that is written from its beginning to its end; flushed to the disk when it is finished. */
export class TextFile {
  private parts: string[] = [];
  private length = 0;

  private constructor(private readonly handle: FileHandle) {}

  /** Throws what the file system refuses, also where there is one by that name. */
  static async create(path: string): Promise<TextFile> {
    return new TextFile(await open(path, 'wx'));
  }

  static async save(path: string, text: string): Promise<void> {
    const file = await TextFile.create(path);
    try {
      await file.write(text);
      await file.finish();
    } finally {
      await file.close();
    }
  }

  async write(text: string): Promise<void> {
    this.parts.push(text);
    this.length += text.length;
    if (this.length >= gathered) await this.flush();
  }

  async writeBytes(bytes: Uint8Array): Promise<void> {
    await this.flush();
    await this.handle.writeFile(bytes);
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.handle.sync();
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async flush(): Promise<void> {
    if (this.length === 0) return;
    const text = this.parts.join('');
    this.parts = [];
    this.length = 0;
    await this.handle.writeFile(text, 'utf8');
  }
}
