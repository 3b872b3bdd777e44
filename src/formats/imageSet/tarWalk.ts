import type { ByteSource } from '../../core/ports';

/** A file inside a tar. */
export interface TarMember {
  /** As the archive names it, with forward slashes. */
  readonly name: string;
  /** Of its first header: a long name has one of its own. */
  readonly start: number;
  /** Of its contents, behind its last header. */
  readonly offset: number;
  readonly length: number;
}

const block = 512;
/** Bytes of a header. */
export const headerBytes = block;
/** Longer names are none that anybody gives. */
const longestName = 64 * 1024;
/** Headers are read together where members are small. */
const window = 1024 * 1024;

/**
 * Members of a tar in order (POSIX.1-1988 `ustar`, with the long names of GNU and pax): their headers are read, their contents
 * passed over. Ends at the first block that is no header; `broken` is then told where that is before the end of the archive.
 */
export async function* tarMembers(
  source: ByteSource,
  broken: (offset: number) => void,
): AsyncGenerator<TarMember, void> {
  const size = await source.size();
  let piece: { at: number; bytes: Uint8Array } = { at: 0, bytes: new Uint8Array() };
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    if (offset < piece.at || offset + length > piece.at + piece.bytes.length)
      piece = { at: offset, bytes: await source.read(offset, Math.max(window, length)) };
    return piece.bytes.subarray(offset - piece.at, offset - piece.at + length);
  };
  let longName: string | null = null;
  let start = 0;
  let isStarted = false;
  for (let at = 0; at + block <= size; ) {
    const header = await read(at, block);
    if (header.every((byte) => byte === 0)) return;
    if (!isHeader(header)) {
      broken(at);
      return;
    }
    const length = octal(header, 124, 12);
    const [offset, next] = [at + block, at + block + Math.ceil(length / block) * block];
    if (offset + length > size) {
      broken(at);
      return;
    }
    const type = header[156] ?? 0;
    if (!isStarted) start = at;
    at = next;
    isStarted = type === 0x4c || type === 0x78;
    if (isStarted) {
      const text = length > longestName ? '' : new TextDecoder().decode(await read(offset, length));
      longName = type === 0x4c ? text.replace(/\0.*$/s, '') : (paxPath(text) ?? longName);
      continue;
    }
    const name = longName ?? plainName(header);
    longName = null;
    // An ordinary file has the type "0", or none.
    if ((type === 0x30 || type === 0) && name !== '')
      yield { name: name.replace(/^(?:\.\/)+/, ''), start, offset, length };
  }
}

/** Bytes beyond 0x7f in front mean that a number is no octal text (GNU's base 256). */
function octal(header: Uint8Array, from: number, length: number): number {
  if ((header[from] ?? 0) & 0x80) {
    let value = (header[from] ?? 0) & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + (header[from + i] ?? 0);
    return value;
  }
  const text = ascii(header, from, length).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : 0;
}

/** The sum of a header's bytes, its own field counted as spaces, is what tells a header from anything else. */
export function isHeader(header: Uint8Array): boolean {
  return header.length >= block && headerSum(header) === octal(header, 148, 8);
}

function headerSum(header: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < block; i++) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  return sum;
}

/** The fields of a header that say how long the contents are, for another length: by their offset in the header. */
export function lengthFields(header: Uint8Array, length: number): readonly (readonly [offset: number, text: string])[] {
  const size = `${length.toString(8).padStart(11, '0')}\0`;
  const changed = header.slice(0, block);
  changed.set(new TextEncoder().encode(size), 124);
  return [
    [124, size],
    [148, `${headerSum(changed).toString(8).padStart(6, '0')}\0 `],
  ];
}

/** Zeros behind contents of a length, up to the next header. */
export function padding(length: number): string {
  return '\0'.repeat((block - (length % block)) % block);
}

function plainName(header: Uint8Array): string {
  const [name, prefix] = [ascii(header, 0, 100), ascii(header, 345, 155)];
  const isUstar = ascii(header, 257, 5) === 'ustar';
  return isUstar && prefix !== '' ? `${prefix}/${name}` : name;
}

function ascii(header: Uint8Array, from: number, length: number): string {
  return new TextDecoder().decode(header.subarray(from, from + length)).replace(/\0.*$/s, '');
}

/** `path` of a pax header: lines of a length, a key and a value. */
function paxPath(text: string): string | null {
  return /(?:^|\n)\d{1,9} path=([^\n]*)\n/.exec(text)?.[1] ?? null;
}
