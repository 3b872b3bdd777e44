import type { JsonValue } from '../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../core/text/tolerantJson';

/** Where a value stands in the bytes of a JSON text, and what it is made of. Offsets count in those bytes, ends exclusive. */
export interface JsonNode {
  readonly kind: 'object' | 'array' | 'plain';
  readonly start: number;
  readonly end: number;
  readonly members: readonly JsonMember[];
  readonly elements: readonly JsonNode[];
}

export interface JsonMember {
  readonly key: string;
  readonly start: number;
  readonly keyEnd: number;
  readonly value: JsonNode;
}

const none: readonly never[] = [];

/** Offsets of every value of a text that `parseTolerantJson` has read: nothing is checked again. */
export function jsonNode(bytes: Uint8Array): JsonNode {
  return new NodeReader(bytes).read();
}

/** The value of a key; of several the last, as in every parser. */
export function memberOf(node: JsonNode | undefined, key: string): JsonMember | undefined {
  return node?.members.findLast((member) => member.key === key);
}

export function textOf(bytes: Uint8Array, { start, end }: { readonly start: number; readonly end: number }): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end));
}

export function jsonAt(bytes: Uint8Array, node: JsonNode): JsonValue {
  return parseTolerantJson(textOf(bytes, node));
}

class NodeReader {
  private at: number;

  constructor(private readonly bytes: Uint8Array) {
    this.at = bytes[0] === 0xef ? 3 : 0;
  }

  read(): JsonNode {
    const start = this.skipSpace();
    const first = this.bytes[this.at];
    if (first === 0x7b) return this.readObject(start);
    if (first === 0x5b) return this.readArray(start);
    if (first === 0x22) this.skipString();
    else while (!isEnd(this.bytes[this.at])) this.at++;
    return { kind: 'plain', start, end: this.at, members: none, elements: none };
  }

  private readObject(start: number): JsonNode {
    const members: JsonMember[] = [];
    this.at++;
    while (this.bytes[this.skipSpace()] === 0x22) {
      const keyStart = this.at;
      this.skipString();
      const keyEnd = this.at;
      this.skipSpace();
      this.at++;
      const key = parseTolerantJson(textOf(this.bytes, { start: keyStart, end: keyEnd }));
      members.push({ key: String(key), start: keyStart, keyEnd, value: this.read() });
      if (this.bytes[this.skipSpace()] === 0x2c) this.at++;
    }
    this.at++;
    return { kind: 'object', start, end: this.at, members, elements: none };
  }

  private readArray(start: number): JsonNode {
    const elements: JsonNode[] = [];
    this.at++;
    for (
      let next = this.bytes[this.skipSpace()];
      next !== 0x5d && next !== undefined;
      next = this.bytes[this.skipSpace()]
    ) {
      elements.push(this.read());
      if (this.bytes[this.skipSpace()] === 0x2c) this.at++;
    }
    this.at++;
    return { kind: 'array', start, end: this.at, members: none, elements };
  }

  private skipString(): void {
    this.at++;
    for (let byte = this.bytes[this.at]; byte !== 0x22 && byte !== undefined; byte = this.bytes[this.at])
      this.at += byte === 0x5c ? 2 : 1;
    this.at++;
  }

  private skipSpace(): number {
    while (isSpace(this.bytes[this.at])) this.at++;
    return this.at;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isEnd(byte: number | undefined): boolean {
  return byte === undefined || byte === 0x2c || byte === 0x5d || byte === 0x7d || isSpace(byte);
}
