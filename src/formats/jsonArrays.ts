import type { ByteSource, DirSource } from '../core/ports';
import { isObject } from './columns';
import { readHead } from './head';
import { type HeadRows, parsed } from './jsonLines';

/** Elements of a document's beginning that a signature looks at. */
const elementsTried = 20;
/** Bytes read at once where every element is wanted. */
const pieceBytes = 4 * 1024 * 1024;

/**
 * The beginning of a JSON document whose root is an array, for a signature: its first whole elements that are objects.
 * Null for a file that is not named `.json`, is not there, is empty, no UTF-8 or no array. Reads at most 64 KB.
 */
export async function headElements(dir: DirSource, file: string): Promise<HeadRows | null> {
  const source = file.endsWith('.json') ? await dir.open(file) : null;
  const head = source === null ? null : await readHead(source);
  if (head === null || !head.text.trimStart().startsWith('[')) return null;
  const splitter = new ElementSplitter();
  const texts = splitter.take(head.text);
  const rows = texts.slice(0, elementsTried).map(parsed).filter(isObject);
  return { rows, cut: texts.length === 0 ? splitter.open : '' };
}

/** Texts of the elements of a document whose root is an array, read piece by piece; none where it is no array. */
export async function* arrayElements(source: ByteSource): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8');
  const splitter = new ElementSplitter();
  const size = await source.size();
  for (let at = 0; at < size && !splitter.ended; at += pieceBytes)
    yield* splitter.take(decoder.decode(await source.read(at, pieceBytes), { stream: true }));
}

/** Splits the text of an array that comes in pieces into the texts of its elements; tells strings and nesting apart, no more. */
class ElementSplitter {
  /** Text of the element that the pieces so far end in. */
  open = '';
  ended = false;
  private begun = false;
  private readonly marks = /["\\[\]{},]/g;
  /** Where in `open` the search goes on. */
  private at = 0;
  private depth = 0;
  private inString = false;

  take(piece: string): readonly string[] {
    let text = this.open + piece;
    if (!this.begun) {
      text = text.trimStart();
      if (text === '') return [];
      this.begun = true;
      this.ended = !text.startsWith('[');
      text = text.slice(1);
    }
    return this.ended ? [] : this.split(text);
  }

  private split(text: string): readonly string[] {
    const elements: string[] = [];
    let start = 0;
    this.marks.lastIndex = this.at;
    let at = this.at;
    for (let found = this.marks.exec(text); found !== null && !this.ended; found = this.marks.exec(text)) {
      if (found[0] === '\\') this.marks.lastIndex++;
      at = this.marks.lastIndex;
      if (!this.separates(found[0])) continue;
      const element = text.slice(start, found.index).trim();
      if (element !== '') elements.push(element);
      start = found.index + 1;
      this.ended = this.depth < 0;
    }
    this.open = text.slice(start);
    this.at = Math.max(text.length, at) - start;
    return elements;
  }

  /** Whether an element ends before the mark. */
  private separates(mark: string): boolean {
    if (mark === '"') this.inString = !this.inString;
    if (this.inString || mark === '"' || mark === '\\') return false;
    if (mark === '[' || mark === '{') this.depth++;
    else if (mark !== ',') this.depth--;
    return this.depth < 0 || (this.depth === 0 && mark === ',');
  }
}
