import type { DirSource } from '../core/ports';
import { isObject } from './columns';
import { readHead } from './head';
import { type HeadRows, parsed } from './jsonLines';

/** Elements of a document's beginning that a signature looks at. */
const elementsTried = 20;

/**
 * The beginning of a JSON document whose root is an array, for a signature: its first whole elements that are objects.
 * Null for a file that is not named `.json`, is not there, is empty, no UTF-8 or no array. Reads at most 64 KB.
 */
export async function headElements(dir: DirSource, file: string): Promise<HeadRows | null> {
  const source = file.endsWith('.json') ? await dir.open(file) : null;
  const head = source === null ? null : await readHead(source);
  const text = head?.text.trimStart() ?? '';
  if (!text.startsWith('[')) return null;
  const spans = elementSpans(text);
  const rows = spans.map(({ start, end }) => parsed(text.slice(start, end))).filter(isObject);
  return { rows, cut: spans.length === 0 ? text.slice(1) : '' };
}

/** Where the first elements of an array stand that end within the text; strings and nesting are told apart, no more. */
function elementSpans(text: string): readonly { readonly start: number; readonly end: number }[] {
  const spans: { start: number; end: number }[] = [];
  const marks = /["\\[\]{},]/g;
  marks.lastIndex = 1;
  let start = 1;
  let depth = 0;
  let inString = false;
  for (let found = marks.exec(text); found !== null && spans.length < elementsTried; found = marks.exec(text)) {
    const [mark] = found;
    if (mark === '\\') marks.lastIndex++;
    else if (mark === '"') inString = !inString;
    else if (!inString && (mark === '[' || mark === '{')) depth++;
    else if (!inString && mark !== ',') depth--;
    if (inString || !(depth < 0 || (depth === 0 && mark === ','))) continue;
    if (found.index > start) spans.push({ start, end: found.index });
    start = found.index + 1;
    if (depth < 0) break;
  }
  return spans;
}
