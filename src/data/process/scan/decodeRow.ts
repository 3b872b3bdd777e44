import { isUtf8 } from 'node:buffer';
import { hasUtf8Mark, utf8MarkLength } from '../../../formats/encoding';

/** A row's bytes as text, and what was wrong with them. */
export interface DecodedRow {
  readonly text: string;
  readonly trouble: string | null;
}

/** UTF-8 with or without a mark. Bytes that are not UTF-8 are read as Latin-1, which keeps the row readable. */
export function decodeRow(bytes: Buffer): DecodedRow {
  const body = hasUtf8Mark(bytes) ? bytes.subarray(utf8MarkLength) : bytes;
  if (isUtf8(body)) return { text: body.toString('utf8'), trouble: null };
  const before = Buffer.byteLength(body.toString('utf8').split('\ufffd', 1)[0] ?? '');
  const byte = (body[before] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return {
    text: body.toString('latin1'),
    trouble: `Not UTF-8: byte 0x${byte} at byte ${before + 1} of the line. It was read as Latin-1 (ISO 8859-1).`,
  };
}

/** Whether a line holds anything but spaces. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);
}
