import { readFully } from '../../files/fileSource';
import type { OpenFile } from '../../files/traceFolder';
import { StringSkipper, ValueSkipper } from '../../scan/jsonSkipping';
import type { ScanPace } from '../setReader';

const windowBytes = 256 * 1024;

/** Looks at a document's bytes one after another, without holding more than a piece of it. */
export class FileWindow {
  private bytes: Buffer = Buffer.alloc(0);
  private start = 0;

  constructor(
    private readonly file: OpenFile,
    readonly size: number,
  ) {}

  /** The byte at an offset; −1 behind the end. */
  async byte(offset: number): Promise<number> {
    if (offset < this.start || offset >= this.start + this.bytes.length) await this.load(offset);
    return this.bytes[offset - this.start] ?? -1;
  }

  async slice(offset: number, length: number): Promise<Buffer> {
    const into = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, this.size - offset)));
    return into.subarray(0, await readFully(this.file, into, offset));
  }

  /** Offset of the first byte at or behind `from` that is no white space. */
  async space(from: number): Promise<number> {
    let at = from;
    for (;;) {
      const byte = await this.byte(at);
      if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) return at;
      at++;
    }
  }

  /** Offset behind the value at `from`; where it has no end, what is wrong with it, null for a document that ends in it. */
  async skip(from: number, pace: ScanPace): Promise<number | { readonly trouble: string | null }> {
    const strings = new StringSkipper();
    const values = new ValueSkipper(strings);
    values.start(await this.byte(from));
    let at = from + 1;
    while (values.inside) {
      if ((await this.byte(at)) < 0) return { trouble: null };
      strings.begin();
      at = this.start + values.rest(this.bytes, at - this.start);
      if (values.trouble !== null) return values;
      await pace(at);
    }
    return at;
  }

  private async load(offset: number): Promise<void> {
    this.start = offset;
    this.bytes = await this.slice(offset, windowBytes);
  }
}
