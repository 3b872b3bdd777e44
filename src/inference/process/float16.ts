/**
 * IEEE half precision without `Float16Array`, which Node 22 lacks. Both ways go through the bits of single precision; writing
 * rounds to nearest even.
 */

const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/** What a half's exponent is short of a single's: a power of two, by which normal and subnormal halves alike become right. */
const rebias = 2 ** 112;

export function fromHalves(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  const target = new Uint32Array(out.buffer);
  let special = false;
  for (let at = 0; at < halves.length; at++) {
    const half = halves[at] ?? 0;
    target[at] = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
    if ((half & 0x7c00) === 0x7c00) special = true;
  }
  for (let at = 0; at < out.length; at++) out[at] = (out[at] ?? 0) * rebias;
  // Infinity and NaN have an exponent that no product makes.
  if (special)
    for (let at = 0; at < out.length; at++)
      if (((halves[at] ?? 0) & 0x7c00) === 0x7c00) out[at] = fromHalf(halves[at] ?? 0);
  return out;
}

export function toHalves(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let at = 0; at < out.length; at++) out[at] = halfOf(source[at] ?? 0);
  return out;
}

export function fromHalf(half: number): number {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** @param value the bits of a single. */
function halfOf(value: number): number {
  const sign = (value >>> 16) & 0x8000;
  const magnitude = value & 0x7fffffff;
  // Infinity and NaN, then what rounds beyond 65504.
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2^-14 halves are multiples of 2^-24: adding 0.5 leaves just those bits of a single.
    bits[0] = magnitude;
    single[0] = (single[0] ?? 0) + 0.5;
    return sign | ((bits[0] ?? 0) - 0x3f000000);
  }
  const even = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + even) >>> 13);
}
