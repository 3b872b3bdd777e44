import { CocoColumns } from './cocoColumns';
import type { CocoList, CocoStretch, CocoTask } from './cocoStretch';
import { ElementReader } from './elementReader';
import { cut, JsonCursor } from './jsonCursor';

const comma = 44;
const closeList = 93;
const openObject = 123;

/** Bytes read behind a stretch, in which its last element ends almost always. */
const beyond = 256 * 1024;
/** A longer element is an attack: nothing that is drawn takes so much. */
const longestElement = 256 * 2 ** 20;

/** Bytes [from, from + length) of a file; fewer at its end. */
export type ReadBytes = (from: number, into: Buffer) => number;

/** Reads stretches of COCO lists; keeps its buffer from one to the next. */
export class StretchReader {
  private buffer = Buffer.allocUnsafeSlow(0);
  private readonly cursor = new JsonCursor();

  /** @param read fills `into` from an offset of the file on, and answers how many bytes there were. */
  read(task: Omit<CocoTask, 'kind' | 'location'>, read: ReadBytes): CocoStretch {
    const { list, from, to, mark } = task;
    this.fill(from, to - from + beyond, read);
    const columns = new CocoColumns(list);
    const start = mark === null ? 0 : this.behindMark(mark, to - from);
    if (start < 0) return columns.finish(-1, from, 'no');
    return this.elements({ list, from, start, stop: to - from, read }, columns);
  }

  private elements(
    { list, from, start, stop, read }: { list: CocoList; from: number; start: number; stop: number; read: ReadBytes },
    columns: CocoColumns,
  ): CocoStretch {
    const { cursor } = this;
    const reader = new ElementReader(list, cursor, columns);
    let first = -1;
    let at = start;
    let apart = true;
    for (;;) {
      at = cursor.space(at);
      while (cursor.bytes[at] === comma && at < cursor.end) {
        apart = true;
        at = cursor.space(at + 1);
      }
      if (at >= cursor.end) {
        if (at < stop && this.more(from, at, read)) continue;
        return columns.finish(first, from + at, at >= stop && !this.atEnd ? 'no' : 'file');
      }
      if (cursor.bytes[at] === closeList) return columns.finish(first, from + at + 1, 'list');
      if (at >= stop) return columns.finish(first, from + at, 'no');
      const behind = this.element(reader, columns, from, at, apart);
      if (behind === cut) {
        if (this.more(from, at, read)) continue;
        return columns.finish(first, from + at, 'file');
      }
      if (behind < 0) return columns.finish(first, from + at, 'broken');
      if (first < 0) first = from + at;
      reader.enclose(at, behind);
      columns.done(behind - at);
      at = behind;
      apart = false;
    }
  }

  /** One element, also one that is none: its place is kept, and what is wrong is told. */
  private element(reader: ElementReader, columns: CocoColumns, from: number, at: number, apart: boolean): number {
    const { cursor } = this;
    columns.begin(from + at);
    if (!apart) columns.trouble(null, 'A comma is missing in front of the element.');
    if (cursor.bytes[at] === openObject) {
      const behind = reader.read(at);
      if (behind >= 0 || behind === cut) return behind;
      columns.begin(from + at);
      columns.trouble(null, 'The element is not valid JSON: nothing of it is read.');
    } else columns.trouble(null, 'The element is no object.');
    return cursor.skip(at);
  }

  /** The stretch's part of the file does not hold an element that begins in it: reads on. False at the file's end. */
  private more(from: number, at: number, read: ReadBytes): boolean {
    if (this.atEnd || this.cursor.end - at > longestElement) return false;
    this.fill(from, this.cursor.end * 2 + beyond, read);
    return true;
  }

  private fill(from: number, length: number, read: ReadBytes): void {
    if (this.buffer.length < length) this.buffer = Buffer.allocUnsafeSlow(length);
    const into = this.buffer.subarray(0, length);
    this.cursor.bytes = this.buffer;
    this.cursor.end = read(from, into);
    this.atEnd = this.cursor.end < length;
  }

  private atEnd = false;

  /** Where the first element begins, as the forerunner's end and the first key of all elements look. */
  private behindMark(mark: Uint8Array, within: number): number {
    const at = this.buffer.subarray(0, Math.min(this.cursor.end, within + mark.length)).indexOf(mark);
    const start = at < 0 ? -1 : at + mark.indexOf(openObject);
    return start >= within ? -1 : start;
  }
}
