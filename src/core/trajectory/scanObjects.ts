import type { JsonValue } from '../text/jsonValue';
import { LiteralSyntaxError, readLiteral } from '../text/literalReader';
import { excerpt, type FoundBox, type JsonObject, type ObjectReading, readBareBox, readBoxObject } from './readBoxes';
import type { Repair, TextSpan } from './rollout';

/** Text that promised a box and holds none. */
export interface BoxFailure {
  readonly span: TextSpan;
  readonly reason: string;
}

export interface ObjectScan {
  readonly boxes: readonly FoundBox[];
  readonly failures: readonly BoxFailure[];
}

/** Boxes, readable or not, that are looked at in one text at most. */
export const MAX_BOXES = 10_000;
/** Failures of one text that are reported at most. */
const MAX_FAILURES = 100;
/** An object without one of these promises no box; every key that is looked for holds one. */
const BOX_WORD = /bbox|Position/;
const INNERMOST_OBJECT = /\{[^{}]*\}/g;
const NUMBER = String.raw`\s{0,20}(-?\d{1,12}(?:\.\d{1,20})?)\s{0,20}`;
const BARE_BOX = new RegExp(String.raw`\[${[NUMBER, NUMBER, NUMBER, NUMBER].join(',')}\]`, 'g');

/**
 * Visits the objects that ACTIVE-O3's regex `{[^}]+}` finds: from a `{` to the first `}` behind it, at least one
 * character between. Stops when `visit` returns false.
 */
export function forEachDemoObject(text: string, visit: (span: TextSpan) => boolean): void {
  let open = text.indexOf('{');
  while (open !== -1) {
    const close = text.indexOf('}', open + 1);
    if (close === -1) return;
    const empty = close === open + 1;
    if (!empty && !visit({ start: open, end: close + 1 })) return;
    open = text.indexOf('{', empty ? open + 1 : close + 1);
  }
}

/**
 * Boxes as ACTIVE-O3's demo finds them: each of its objects read as JSON or dropped. Nested braces break it, on
 * purpose: this shows what the demo would have cropped.
 */
export function scanLikeDemo(text: string): ObjectScan {
  const collector = new Collector();
  forEachDemoObject(text, (span) => {
    collector.add(span, readObjectText(text, span, 'json', ['bbox_2d'], false));
    return !collector.done;
  });
  return collector;
}

/**
 * Boxes in an answer or a tool's argument: the whole text as JSON or as a Python literal, else every innermost object
 * in it, else every bare `[x1, y1, x2, y2]` (`bare`).
 */
export function scanLiterals(text: string, span: TextSpan, keys: readonly string[], bare: boolean): ObjectScan {
  // An answer in words is the commonest text, and to find by two failed parses that it is none costs more than all else.
  if (!/[[{(]/.test(text.slice(span.start, span.end))) return { boxes: [], failures: [] };
  const whole = /[[{(]/.test(text[insideFence(text, span).start] ?? '') ? readWhole(text, span, keys) : '';
  if (typeof whole !== 'string' && (whole.boxes.length > 0 || whole.failures.length > 0)) return whole;
  const innermost = scanInnermost(text, span, keys);
  if (innermost.boxes.length > 0 || innermost.failures.length > 0 || !bare) return innermost;
  return scanBare(text, span);
}

/** Span without white space and a ```json fence around it. */
export function insideFence(text: string, span: TextSpan): TextSpan {
  if (isBare(text.charCodeAt(span.start)) && isBare(text.charCodeAt(span.end - 1)) && span.start < span.end)
    return span;
  const raw = text.slice(span.start, span.end);
  const head = /^\s*(?:```\w{0,20})?\s*/.exec(raw)?.[0].length ?? 0;
  let end = raw.trimEnd().length;
  if (end >= head + 3 && raw.startsWith('```', end - 3)) end = raw.slice(0, end - 3).trimEnd().length;
  return { start: span.start + head, end: span.start + Math.max(head, end) };
}

/** A printable ASCII character other than what a fence is made of. */
function isBare(code: number): boolean {
  return code > 0x20 && code < 0x7f && code !== 0x60;
}

/**
 * The whole text inside its fence as JSON, else as a Python literal (the boxes then carry that repair), with the boxes
 * of every object in it; or what is wrong with it as JSON.
 */
export function readWhole(
  text: string,
  span: TextSpan,
  keys: readonly string[],
): (ObjectScan & { readonly value: JsonValue }) | string {
  const { start, end } = insideFence(text, span);
  const source = text.slice(start, end);
  let problem = '';
  for (const grammar of ['json', 'python'] as const) {
    const collector = new Collector();
    try {
      const value = readLiteral(source, grammar, (object, from, to) => {
        const place = { start: start + from, end: start + to };
        const reading = readBoxObject(object, text, place, keys, true);
        collector.add(place, grammar === 'json' ? reading : markedAsPython(reading, object, text, place));
      });
      return { value, boxes: collector.boxes, failures: collector.failures };
    } catch (error) {
      if (!(error instanceof LiteralSyntaxError)) throw error;
      problem ||= error.message;
    }
  }
  return problem;
}

function scanInnermost(text: string, { start, end }: TextSpan, keys: readonly string[]): ObjectScan {
  const collector = new Collector();
  const source = text.slice(start, end);
  if (!BOX_WORD.test(source)) return collector;
  for (const match of source.matchAll(INNERMOST_OBJECT)) {
    if (collector.done) break;
    const span = { start: start + match.index, end: start + match.index + match[0].length };
    collector.add(span, readObjectText(text, span, 'python', keys, true));
  }
  return collector;
}

function scanBare(text: string, { start, end }: TextSpan): ObjectScan {
  const collector = new Collector();
  for (const match of text.slice(start, end).matchAll(BARE_BOX)) {
    if (collector.done) break;
    const span = { start: start + match.index, end: start + match.index + match[0].length };
    collector.add(span, readBareBox(match.slice(1, 5).map(Number), text, span));
  }
  return collector;
}

function readObjectText(
  text: string,
  span: TextSpan,
  grammar: 'json' | 'python',
  keys: readonly string[],
  lists: boolean,
): ObjectReading {
  const source = text.slice(span.start, span.end);
  if (!BOX_WORD.test(source)) return { boxes: [], failure: null };
  try {
    const object = readLiteral(source, 'json');
    return isObject(object) ? readBoxObject(object, text, span, keys, lists) : { boxes: [], failure: null };
  } catch (error) {
    if (!(error instanceof LiteralSyntaxError)) throw error;
    const python = grammar === 'python' ? readPython(source) : null;
    if (python !== null) return markedAsPython(readBoxObject(python, text, span, keys, lists), python, text, span);
    return { boxes: [], failure: `it is not valid JSON: ${error.message}` };
  }
}

function readPython(source: string): JsonObject | null {
  try {
    const value = readLiteral(source, 'python');
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof LiteralSyntaxError) return null;
    throw error;
  }
}

function markedAsPython(reading: ObjectReading, object: JsonObject, text: string, span: TextSpan): ObjectReading {
  // Visual-RFT asks its policy for Python: that is no mend.
  if (reading.boxes.length === 0 || Object.hasOwn(object, 'Position')) return reading;
  const before = excerpt(text.slice(span.start, span.end));
  const repair: Repair = { kind: 'pythonLiteral', span, before, after: excerpt(JSON.stringify(object)) };
  return { ...reading, boxes: reading.boxes.map((b) => ({ ...b, repairs: [repair, ...b.repairs] })) };
}

export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class Collector implements ObjectScan {
  readonly boxes: FoundBox[] = [];
  readonly failures: BoxFailure[] = [];
  private tries = 0;
  private overflown = false;

  /** Nothing more is taken. */
  get done(): boolean {
    return this.overflown;
  }

  add(span: TextSpan, { boxes, failure }: ObjectReading): void {
    for (const box of boxes) if (this.takesOneMore(span)) this.boxes.push(box);
    if (failure === null || !this.takesOneMore(span)) return;
    if (this.failures.length < MAX_FAILURES) this.failures.push({ span, reason: failure });
  }

  private takesOneMore(span: TextSpan): boolean {
    if (this.tries < MAX_BOXES) {
      this.tries++;
      return true;
    }
    const reason = `there are more than ${MAX_BOXES} in one text, and the rest is left unread`;
    if (!this.overflown) this.failures.push({ span, reason });
    this.overflown = true;
    return false;
  }
}
