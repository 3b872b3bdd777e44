import * as zlib from 'node:zlib';
import { readHybridRuns } from './hybridRuns';
import type { LeafColumn } from './leafColumn';
import type { PageHeader } from './pageHeader';
import { snappyDecompress } from './snappy';

/** This writer's choice of compression or encoding is not read here; DuckDB reads the cell instead. */
export class UnsupportedPage extends Error {}

/** Zstandard came into Node with 22.15; the command line may run under an older one. */
const zstd = (zlib as { zstdDecompressSync?: (bytes: Uint8Array, options: object) => Uint8Array }).zstdDecompressSync;

/** The page's bytes decompressed; only the first `limit` of them where the codec can stop early. */
export function decompress(codec: string, bytes: Uint8Array, size: number, limit = size): Uint8Array {
  const options = { maxOutputLength: Math.max(size, 1) };
  switch (codec) {
    case 'UNCOMPRESSED':
      return bytes;
    case 'SNAPPY':
      return snappyDecompress(bytes, limit);
    case 'GZIP':
      return zlib.gunzipSync(bytes, options);
    case 'BROTLI':
      return zlib.brotliDecompressSync(bytes, options);
    case 'ZSTD':
      if (zstd !== undefined) return zstd(bytes, options);
      break;
  }
  throw new UnsupportedPage(codec);
}

export interface Levels {
  readonly repetition: Uint32Array;
  readonly definition: Uint32Array;
  /** Where the values start in a version 1 page. */
  readonly valuesAt: number;
}

const bitWidth = (max: number) => 32 - Math.clz32(max);

/** Levels of a version 1 page, which stand before the values in its body, each led by its length. */
export function levelsOf(body: Uint8Array, header: PageHeader, leaf: LeafColumn): Levels {
  let position = 0;
  const next = (max: number) => {
    if (max === 0) return new Uint32Array(header.values);
    const length = uint32(body, position);
    const runs = body.subarray(position + 4, position + 4 + length);
    position += 4 + length;
    return readHybridRuns(runs, bitWidth(max), header.values);
  };
  const repetition = next(leaf.maxRepetition);
  const definition = next(leaf.maxDefinition);
  return { repetition, definition, valuesAt: position };
}

/** Bytes at the head of a version 1 page in which its repetition levels surely stand, for up to `values` values. */
export const repetitionBytes = (header: PageHeader, leaf: LeafColumn) =>
  4 + Math.ceil((header.values * bitWidth(leaf.maxRepetition)) / 8) * 2 + 64;

export function repetitionOf(head: Uint8Array, header: PageHeader, leaf: LeafColumn): Uint32Array {
  return readHybridRuns(head.subarray(4, 4 + uint32(head, 0)), bitWidth(leaf.maxRepetition), header.values);
}

/** Levels of a version 2 page, which stand uncompressed before its body. */
export function levelsOfV2(bytes: Uint8Array, header: PageHeader, leaf: LeafColumn): Levels {
  const { repetitionBytes: first, definitionBytes: second } = header;
  return {
    repetition: readHybridRuns(bytes.subarray(0, first), bitWidth(leaf.maxRepetition), header.values),
    definition: readHybridRuns(bytes.subarray(first, first + second), bitWidth(leaf.maxDefinition), header.values),
    valuesAt: 0,
  };
}

/** Value `ordinal` of PLAIN byte arrays: each is a length and its bytes. */
export function plainValue(values: Uint8Array, ordinal: number): Uint8Array {
  let position = 0;
  for (let i = 0; i < ordinal; i++) position += 4 + uint32(values, position);
  const length = uint32(values, position);
  if (position + 4 + length > values.length) throw new Error('a value ends beyond its page');
  return values.subarray(position + 4, position + 4 + length);
}

/** Value `ordinal` of a dictionary-encoded page: a bit width, then indices. */
export function dictionaryIndex(values: Uint8Array, ordinal: number): number {
  return readHybridRuns(values.subarray(1), values[0] ?? 0, ordinal + 1)[ordinal] ?? 0;
}

function uint32(bytes: Uint8Array, position: number): number {
  if (position + 4 > bytes.length) throw new Error('a page ends early');
  return new DataView(bytes.buffer, bytes.byteOffset + position, 4).getUint32(0, true);
}
