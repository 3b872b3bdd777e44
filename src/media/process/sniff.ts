import { open } from 'node:fs/promises';

const sniffed = 512;

const magics: readonly { readonly bytes: readonly number[]; readonly at?: number; readonly name: string }[] = [
  { bytes: [0xff, 0xd8, 0xff], name: 'a JPEG image' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], name: 'a PNG image' },
  { bytes: ascii('GIF8'), name: 'a GIF image' },
  { bytes: ascii('WEBP'), at: 8, name: 'a WebP image' },
  { bytes: [0x49, 0x49, 0x2a, 0x00], name: 'a TIFF image' },
  { bytes: [0x4d, 0x4d, 0x00, 0x2a], name: 'a TIFF image' },
  { bytes: ascii('ftyp'), at: 4, name: 'an ISO media file (HEIC, AVIF or video)' },
  { bytes: ascii('BM'), name: 'a BMP image' },
  { bytes: ascii('%PDF'), name: 'a PDF document' },
  { bytes: ascii('PK'), name: 'a zip archive' },
  { bytes: [0x1f, 0x8b], name: 'a gzip file' },
  { bytes: ascii('PAR1'), name: 'a parquet file' },
  { bytes: ascii('\x93NUMPY'), name: 'a NumPy array' },
];

/** What a file that does not decode holds, for the message to the user: "a zip archive", "an HTML page", "text". */
export async function describeContent(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(sniffed), 0, sniffed, 0);
    return describeHead(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function describeHead(head: Uint8Array): string {
  if (head.length === 0) return 'an empty file';
  const magic = magics.find(({ bytes, at = 0 }) => bytes.every((byte, index) => head[at + index] === byte));
  if (magic !== undefined) return magic.name;
  const text = new TextDecoder('latin1').decode(head).trimStart();
  // A clone without `git lfs pull`, and a download that was answered with a login page, are the usual surprises.
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer (run `git lfs pull`)';
  if (/^<(!doctype html|html)/i.test(text)) return 'an HTML page';
  if (/^<(\?xml|svg)/i.test(text)) return 'an XML or SVG document';
  if (head.every((byte) => byte >= 0x20 || (byte >= 0x08 && byte <= 0x0d))) return 'text';
  return 'bytes of no known image format';
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}
