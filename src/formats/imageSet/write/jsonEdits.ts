import type { JsonValue } from '../../../core/text/jsonValue';
import { isObject, type JsonObject } from '../../columns';
import { type JsonNode, jsonAt, memberOf, textOf } from '../json/jsonNode';
import { type Edit, editList, type Separators } from './edits';
import { flatText, type JsonStyle, jsonText } from './jsonText';

/** Edits of one JSON value that leave everything as it stands that they do not change: spaces, order of keys, texts of numbers. */
export class JsonEdits {
  readonly edits: Edit[] = [];

  constructor(
    private readonly bytes: Uint8Array,
    /** Offset of the bytes in their file. */
    private readonly base: number,
  ) {}

  /** Makes a value another: equal parts stay. */
  set(node: JsonNode, value: JsonValue): void {
    const list = Array.isArray(value) ? (value as readonly JsonValue[]) : null;
    if (node.kind === 'array' && list !== null && list.length === node.elements.length) {
      for (const [i, element] of node.elements.entries()) this.set(element, list[i] ?? null);
    } else if (node.kind === 'object' && isObject(value)) {
      this.setMembers(node, value, (key) => !Object.hasOwn(value, key));
    } else if (node.kind !== 'plain' || !Object.is(jsonAt(this.bytes, node), value)) {
      this.push({ offset: node.start, length: node.end - node.start, text: this.replacement(node, value) });
    }
  }

  /** Sets the members that are named, and adds those that are not there at the end. Others stay, but for those that go. */
  setMembers(node: JsonNode, values: JsonObject, goes: (key: string) => boolean = () => false): void {
    const added: string[] = [];
    const style = this.styleIn(node);
    for (const [key, value] of Object.entries(values)) {
      const member = memberOf(node, key);
      if (member !== undefined) this.set(member.value, value);
      else added.push(JSON.stringify(key) + style.colon + jsonText(value, style));
    }
    this.editMembers(node, (at) => goes(node.members[at]?.key ?? ''), added);
  }

  removeMember(node: JsonNode, key: string): void {
    this.editMembers(node, (at) => node.members[at]?.key === key, []);
  }

  /** Takes elements out of an array and puts others at its end. */
  setElements(node: JsonNode, isDropped: (at: number) => boolean, added: readonly JsonValue[]): void {
    const style = this.styleIn(node);
    const texts = added.map((value) => jsonText(value, style));
    const [starts, ends] = [node.elements.map(({ start }) => start), node.elements.map(({ end }) => end)];
    const listing = { from: node.start + 1, to: node.end - 1, starts, ends };
    for (const edit of editList(listing, isDropped, texts, separators(this.bytes, node))) this.push(edit);
  }

  private editMembers(node: JsonNode, isDropped: (at: number) => boolean, added: readonly string[]): void {
    const [starts, ends] = [node.members.map(({ start }) => start), node.members.map(({ value }) => value.end)];
    const listing = { from: node.start + 1, to: node.end - 1, starts, ends };
    for (const edit of editList(listing, isDropped, added, separators(this.bytes, node))) this.push(edit);
  }

  private push({ offset, length, text }: Edit): void {
    this.edits.push({ offset: offset + this.base, length, text });
  }

  /** Python writes a whole float with a point, and a reader may tell floats from integers by it. */
  private replacement(node: JsonNode, value: JsonValue): string {
    if (node.kind !== 'plain') return jsonText(value, this.styleIn(node, 1));
    const before = textOf(this.bytes, node);
    const isFloat = typeof value === 'number' && Number.isInteger(value) && /^-?\d+\.\d+$/.test(before);
    return isFloat ? `${value}.0` : flatText(value, ', ', ': ');
  }

  /** How the children of a value are laid out; `levels` more for what replaces the value itself. */
  private styleIn(node: JsonNode, up = 0): JsonStyle {
    return styleIn(this.bytes, node, up);
  }
}

const newLine = 0x0a;

/** How values inside an object or array are written: on lines of their own, or after each other. */
function styleIn(bytes: Uint8Array, node: JsonNode, up: number): JsonStyle {
  const [first, second] = childSpans(node);
  const [member] = node.members.length > 0 ? node.members : node.elements.flatMap(({ members }) => members.slice(0, 1));
  const colon = member === undefined ? ': ' : textOf(bytes, { start: member.keyEnd, end: member.value.start });
  // The line of the closing bracket: what stands before the opening one may be outside these bytes.
  const own = startsLine(bytes, node.end - 1) ? indentBefore(bytes, node.end - 1) : null;
  const inner = first === undefined ? null : indentBefore(bytes, first.start);
  if (inner === null || own === null || inner.length <= own.length || !startsLine(bytes, first?.start ?? 0)) {
    const between =
      first === undefined || second === undefined ? ', ' : textOf(bytes, { start: first.end, end: second.start });
    return { unit: null, indent: '', comma: between.includes('\n') ? ', ' : between, colon };
  }
  return { unit: inner.slice(own.length), indent: up > 0 ? own : inner, comma: ', ', colon };
}

function childSpans(node: JsonNode): readonly { readonly start: number; readonly end: number }[] {
  return node.kind === 'object' ? node.members.map(({ start, value }) => ({ start, end: value.end })) : node.elements;
}

/** White space at the beginning of the line that an offset stands in; null where the line is the first of the text. */
function indentBefore(bytes: Uint8Array, at: number): string | null {
  const line = bytes.lastIndexOf(newLine, at - 1) + 1;
  let end = line;
  while (bytes[end] === 0x20 || bytes[end] === 0x09) end++;
  return at === 0 ? '' : textOf(bytes, { start: line, end: Math.min(end, at) });
}

/** Whether only white space stands before an offset in its line. */
function startsLine(bytes: Uint8Array, at: number): boolean {
  let before = at - 1;
  while (bytes[before] === 0x20 || bytes[before] === 0x09) before--;
  return bytes[before] === newLine;
}

/** As between the first two; as after the opening bracket where there is one only. */
function separators(bytes: Uint8Array, node: JsonNode): Separators {
  const [first, second] = childSpans(node);
  const last = childSpans(node).at(-1);
  if (first === undefined || last === undefined) return { before: '', between: ', ', after: '' };
  const before = textOf(bytes, { start: node.start + 1, end: first.start });
  const after = textOf(bytes, { start: last.end, end: node.end - 1 });
  const one = before === '' ? ', ' : `,${before}`;
  return {
    before,
    between: second === undefined ? one : textOf(bytes, { start: first.end, end: second.start }),
    after,
  };
}
