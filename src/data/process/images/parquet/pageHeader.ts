/** Parquet page headers (Apache Parquet format, `PageHeader`), which are Thrift structs in the compact protocol. */

export type PageKind = 'data' | 'dataV2' | 'dictionary' | 'other';

export interface PageHeader {
  readonly kind: PageKind;
  /** Bytes of the header itself. */
  readonly length: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly values: number;
  /** Rows of a version 2 page; null where the header does not say. */
  readonly rows: number | null;
  /** Parquet's `Encoding` number. */
  readonly encoding: number;
  /** Version 2: bytes of the levels, which stand uncompressed before the values. */
  readonly definitionBytes: number;
  readonly repetitionBytes: number;
  readonly valuesCompressed: boolean;
}

/** The bytes given end inside the header: read more. */
export class HeaderTooShort extends Error {}

type Struct = Map<number, number | boolean | Struct>;
const maxDepth = 16;

export function readPageHeader(bytes: Uint8Array): PageHeader {
  const reader = new CompactReader(bytes);
  const header = reader.struct(0);
  const kinds: Record<number, PageKind> = { 0: 'data', 2: 'dictionary', 3: 'dataV2' };
  const kind = kinds[numberOf(header, 1)] ?? 'other';
  const part = header.get(kind === 'data' ? 5 : kind === 'dictionary' ? 7 : 8);
  const fields = part instanceof Map ? part : new Map();
  const v2 = kind === 'dataV2';
  return {
    kind,
    length: reader.position,
    uncompressedSize: numberOf(header, 2),
    compressedSize: numberOf(header, 3),
    values: numberOf(fields, 1),
    rows: v2 ? numberOf(fields, 3) : null,
    encoding: numberOf(fields, v2 ? 4 : 2),
    definitionBytes: v2 ? numberOf(fields, 5) : 0,
    repetitionBytes: v2 ? numberOf(fields, 6) : 0,
    valuesCompressed: !v2 || fields.get(7) !== false,
  };
}

function numberOf(struct: Struct, field: number): number {
  const value = struct.get(field);
  return typeof value === 'number' ? value : 0;
}

class CompactReader {
  position = 0;
  constructor(private readonly bytes: Uint8Array) {}

  /** Integers, booleans and structs of a struct; everything else (statistics' binaries) is stepped over. */
  struct(depth: number): Struct {
    if (depth > maxDepth) throw new Error('a page header is nested too deeply');
    const fields: Struct = new Map();
    let id = 0;
    for (;;) {
      const head = this.byte();
      const type = head & 0x0f;
      if (type === 0) return fields;
      id = head >> 4 === 0 ? this.zigzag() : id + (head >> 4);
      const value = this.value(type, depth);
      if (value !== null) fields.set(id, value);
    }
  }

  private value(type: number, depth: number): number | boolean | Struct | null {
    switch (type) {
      case 1:
      case 2:
        return type === 1;
      case 3:
        return this.byte();
      case 4:
      case 5:
      case 6:
        return this.zigzag();
      case 7:
        this.skip(8);
        return null;
      case 8:
        this.skip(this.varint());
        return null;
      case 9:
      case 10:
        this.skipList(depth);
        return null;
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Error(`a page header holds a field of unknown type ${type}`);
    }
  }

  private skipList(depth: number): void {
    const head = this.byte();
    const size = head >> 4 === 15 ? this.varint() : head >> 4;
    for (let i = 0; i < size; i++) this.value(head & 0x0f, depth + 1);
  }

  private byte(): number {
    const byte = this.bytes[this.position];
    if (byte === undefined) throw new HeaderTooShort();
    this.position++;
    return byte;
  }

  private skip(length: number): void {
    if (this.position + length > this.bytes.length) throw new HeaderTooShort();
    this.position += length;
  }

  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 63; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error('a page header holds an endless number');
  }

  private zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
