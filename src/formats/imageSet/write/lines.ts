import type { Edit } from './edits';

const newLine = 0x0a;

/** A line in the bytes of a text: offsets without its line break. */
interface Line {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** Edits of a text whose records are lines. */
export class LineEdits {
  readonly edits: Edit[] = [];
  private readonly lines: Line[] = [];
  private readonly lineBreak: string;

  constructor(private readonly bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; ) {
      const found = bytes.indexOf(newLine, at);
      const end = found < 0 ? bytes.length : found;
      const hasReturn = bytes[end - 1] === 0x0d && end > at;
      this.lines.push({ start: at, end: hasReturn ? end - 1 : end, next: found < 0 ? end : found + 1 });
      at = found < 0 ? end : found + 1;
    }
    const [first] = this.lines;
    this.lineBreak = first !== undefined && bytes[first.end] === 0x0d ? '\r\n' : '\n';
  }

  /** Words of a 1-based line; none where there is no such line. */
  words(line: number): readonly string[] {
    const found = this.lines[line - 1];
    if (found === undefined) return [];
    const text = new TextDecoder().decode(this.bytes.subarray(found.start, found.end));
    return text.split(/\s+/).filter((word) => word !== '');
  }

  /** Replaces words of a line that changed, and leaves the space between them as it is. */
  setWords(line: number, words: readonly string[]): void {
    const found = this.lines[line - 1];
    if (found === undefined) return;
    const before = this.words(line);
    const text = new TextDecoder().decode(this.bytes.subarray(found.start, found.end));
    if (before.length !== words.length) {
      this.edits.push({ offset: found.start, length: found.end - found.start, text: words.join(' ') });
      return;
    }
    let at = 0;
    for (const [i, word] of before.entries()) {
      at = text.indexOf(word, at);
      const [offset, length] = [found.start + byteLength(text.slice(0, at)), byteLength(word)];
      if (words[i] !== word) this.edits.push({ offset, length, text: words[i] ?? '' });
      at += word.length;
    }
  }

  remove(line: number): void {
    const found = this.lines[line - 1];
    if (found !== undefined) this.edits.push({ offset: found.start, length: found.next - found.start, text: '' });
  }

  add(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const ends = this.bytes.length === 0 || this.bytes[this.bytes.length - 1] === newLine;
    const text = lines.map((line) => line + this.lineBreak).join('');
    this.edits.push({ offset: this.bytes.length, length: 0, text: ends ? text : this.lineBreak + text });
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
