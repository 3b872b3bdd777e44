import { createHash } from 'node:crypto';
import type { Box, Size } from '../../../core/geometry/box';
import type { Provider } from '../../../protocol/segment';
import type { Embedding, NamedTensor } from '../../segmenter';
import { fromHalf, fromHalves, toHalves } from '../float16';

/** An encoded image, and which part of it that was. */
export interface EncodedImage {
  readonly tensors: Embedding;
  /** Whole stored pixels. */
  readonly cut: Box;
  readonly imageSize: Size;
  /** What ran the encoder. */
  readonly provider: Provider;
}

interface StoredTensor {
  readonly name: string;
  readonly type: NamedTensor['type'];
  /** What the bytes are: floats may be kept as halves. */
  readonly kept: NamedTensor['type'];
  readonly dims: readonly number[];
  readonly bytes: number;
}

interface Header extends Omit<EncodedImage, 'tensors'> {
  readonly tensors: readonly StoredTensor[];
}

/** Changes whenever older files would be read wrongly. */
const magic = new TextEncoder().encode('SACCEMB1');
const checksumBytes = 32;
const headAt = magic.length + checksumBytes;
/**
 * Floats are kept as halves where the root of the mean squared error is at most this share of their root mean square: rounding
 * alone makes 2·10⁻⁴ of it, and moves no more than single pixels of a mask.
 */
const mostError = 5e-4;

/** The bytes of a file: magic, SHA-256 of the rest, length of the header, header as JSON, tensors one after another. */
export function packEmbedding({ tensors, cut, imageSize, provider }: EncodedImage): Uint8Array {
  const stored: StoredTensor[] = [];
  const payload: Uint8Array[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    const halves = tensor.data instanceof Float32Array ? halvesOf(tensor.data) : null;
    const data = halves ?? tensor.data;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    payload.push(bytes);
    const kept = halves === null ? tensor.type : 'float16';
    stored.push({ name, type: tensor.type, kept, dims: tensor.dims, bytes: bytes.length });
  }
  const header: Header = { tensors: stored, cut, imageSize, provider };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const whole = new Uint8Array(headAt + 4 + text.length + payload.reduce((sum, part) => sum + part.length, 0));
  whole.set(magic);
  new DataView(whole.buffer).setUint32(headAt, text.length, true);
  whole.set(text, headAt + 4);
  let at = headAt + 4 + text.length;
  for (const part of payload) {
    whole.set(part, at);
    at += part.length;
  }
  whole.set(checksum(whole.subarray(headAt)), magic.length);
  return whole;
}

/** Null for bytes that are not what was written: torn, changed, or of another version. */
export function unpackEmbedding(bytes: Uint8Array): EncodedImage | null {
  if (bytes.length < headAt + 4 || !same(bytes.subarray(0, magic.length), magic)) return null;
  if (!same(bytes.subarray(magic.length, headAt), checksum(bytes.subarray(headAt)))) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(headAt, true);
  // What the checksum vouches for was written by us.
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(headAt + 4, headAt + 4 + length))) as Header;
  const tensors: Record<string, NamedTensor> = {};
  let at = headAt + 4 + length;
  for (const { name, type, kept, dims, bytes: size } of header.tensors) {
    // Copied, so that it begins where numbers may.
    const data = numbersOf(new Uint8Array(bytes.subarray(at, at + size)), kept);
    tensors[name] = {
      type,
      dims,
      data: kept === 'float16' && type === 'float32' ? fromHalves(data as Uint16Array) : data,
    };
    at += size;
  }
  return { tensors, cut: header.cut, imageSize: header.imageSize, provider: header.provider };
}

/** Null where halves would lose too much: where a number is too large for one, or, by every sixteenth number, too coarse. */
function halvesOf(values: Float32Array): Uint16Array | null {
  const halves = toHalves(values);
  for (let at = 0; at < halves.length; at++) if (((halves[at] ?? 0) & 0x7c00) === 0x7c00) return null;
  let error = 0;
  let power = 0;
  for (let at = 0; at < values.length; at += 16) {
    const value = values[at] ?? 0;
    const lost = value - fromHalf(halves[at] ?? 0);
    error += lost * lost;
    power += value * value;
  }
  return error <= power * mostError * mostError ? halves : null;
}

function numbersOf(bytes: Uint8Array, type: NamedTensor['type']): NamedTensor['data'] {
  switch (type) {
    case 'float32':
      return new Float32Array(bytes.buffer);
    case 'float16':
      return new Uint16Array(bytes.buffer);
    case 'int32':
      return new Int32Array(bytes.buffer);
    case 'int64':
      return new BigInt64Array(bytes.buffer);
    case 'uint8':
    case 'bool':
      return bytes;
  }
}

function checksum(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
