/**
 * Decompresses a raw Snappy block (the format Parquet pages use). With a `limit` only so many bytes are produced, and the
 * input may be cut off behind them. Throws on damaged input.
 */
export function snappyDecompress(input: Uint8Array, limit = Number.POSITIVE_INFINITY): Uint8Array {
  let position = 0;
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = input[position++];
    if (byte === undefined || shift > 28) throw new Error('a Snappy block without a length');
    size += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  const wanted = Math.min(size, limit);
  // A block cannot grow by more than 64 bytes for every 3 bytes of copies: a length beyond that is damage, not memory to take.
  if (wanted > (input.length + 1) * 32) throw new Error('a Snappy block of an impossible length');
  const output = new Uint8Array(wanted);
  let filled = 0;
  while (filled < output.length) {
    const tag = input[position++];
    if (tag === undefined) throw new Error('a Snappy block ends early');
    if ((tag & 3) === 0) {
      let length = tag >> 2;
      if (length >= 60) {
        const extra = length - 59;
        length = littleEndian(input, position, extra);
        position += extra;
      }
      length++;
      const take = Math.min(length, output.length - filled);
      if (position + take > input.length) throw new Error('a Snappy literal ends early');
      output.set(input.subarray(position, position + take), filled);
      position += length;
      filled += take;
      continue;
    }
    const kind = tag & 3;
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offsetBytes = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    const offset = littleEndian(input, position, offsetBytes) + (kind === 1 ? (tag >> 5) * 256 : 0);
    position += offsetBytes;
    if (offset === 0 || offset > filled) throw new Error('a Snappy copy from outside of its block');
    const end = Math.min(filled + length, output.length);
    // Copies may overlap themselves: byte by byte.
    for (; filled < end; filled++) output[filled] = output[filled - offset] ?? 0;
  }
  return output;
}

function littleEndian(bytes: Uint8Array, position: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[position + i];
    if (byte === undefined) throw new Error('a Snappy block ends early');
    value += byte * 2 ** (8 * i);
  }
  return value;
}
