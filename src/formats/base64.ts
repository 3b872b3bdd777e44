const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const none = 255;
/** Six bits by character code; `none` for what is no base64. The URL alphabet's two characters count as well. */
const bitsOf = new Uint8Array(128).fill(none);
for (let i = 0; i < alphabet.length; i++) bitsOf[alphabet.charCodeAt(i)] = i;
bitsOf['-'.charCodeAt(0)] = 62;
bitsOf['_'.charCodeAt(0)] = 63;

/** Bytes of base64 (RFC 4648) from `start` on; whitespace and padding are passed over. Null where anything else stands. */
export function fromBase64(text: string, start = 0): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor(((text.length - start) * 3) / 4));
  let at = 0;
  let held = 0;
  let bits = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // '=', space, tab and line ends.
    if (code === 61 || code === 32 || (code >= 9 && code <= 13)) continue;
    const value = bitsOf[code] ?? none;
    if (value === none) return null;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 255;
  }
  return bytes.subarray(0, at);
}
