/**
 * Up to `count` numbers of Parquet's RLE and bit-packing hybrid, the encoding of levels and dictionary indices.
 * `bitWidth` 0 means that all are zero. Throws when the bytes end before `count` numbers.
 */
export function readHybridRuns(bytes: Uint8Array, bitWidth: number, count: number): Uint32Array {
  const out = new Uint32Array(count);
  if (bitWidth === 0) return out;
  if (bitWidth > 32) throw new Error(`a bit width of ${bitWidth} is not possible`);
  let position = 0;
  let filled = 0;
  while (filled < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[position++];
      if (byte === undefined || shift > 28) throw new Error('a run of levels ends early');
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const length = Math.floor(header / 2);
    if (header % 2 === 1) {
      const numbers = Math.min(length * 8, count - filled);
      unpack(bytes, position, bitWidth, out.subarray(filled, filled + numbers));
      position += length * bitWidth;
      filled += numbers;
    } else {
      if (length === 0) throw new Error('an empty run of levels');
      let value = 0;
      for (let i = 0; i < Math.ceil(bitWidth / 8); i++) value += (bytes[position++] ?? 0) * 2 ** (8 * i);
      out.fill(value, filled, Math.min(filled + length, count));
      filled += Math.min(length, count - filled);
    }
  }
  return out;
}

/** Numbers of `bitWidth` bits, least significant bit first. */
function unpack(bytes: Uint8Array, start: number, bitWidth: number, out: Uint32Array): void {
  if (start + Math.ceil((out.length * bitWidth) / 8) > bytes.length) throw new Error('a bit-packed run ends early');
  for (let i = 0; i < out.length; i++) {
    let value = 0;
    for (let bit = 0; bit < bitWidth; bit++) {
      const at = i * bitWidth + bit;
      if (((bytes[start + (at >> 3)] ?? 0) >> (at & 7)) & 1) value += 2 ** bit;
    }
    out[i] = value;
  }
}
