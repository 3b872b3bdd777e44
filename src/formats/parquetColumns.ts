import type { DirSource } from '../core/ports';
import { headBytes } from './head';

/**
 * Whether a file is parquet and its footer, which begins with the schema, names a column: a test by name. Null when it is
 * none. Reads 64 KB of the footer; a column behind that is not seen. A name of more than 127 bytes is never one.
 */
export async function parquetColumns(dir: DirSource, file: string): Promise<((name: string) => boolean) | null> {
  const source = await dir.open(file);
  const size = source === null ? 0 : await source.size();
  if (source === null || size < 12 || latin1(await source.read(0, 4)) !== 'PAR1') return null;
  const end = await source.read(size - 8, 8);
  if (end.length < 8 || latin1(end.subarray(4)) !== 'PAR1') return null;
  const length = new DataView(end.buffer, end.byteOffset, 4).getUint32(0, true);
  if (length > size - 12) return null;
  const footer = latin1(await source.read(size - 8 - length, Math.min(length, headBytes)));
  // Thrift's compact protocol writes a name behind its length.
  return (name) => footer.includes(String.fromCharCode(name.length) + name);
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
