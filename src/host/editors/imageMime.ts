/** First bytes of the formats that a webview decodes; `null` matches any byte. */
const signatures: readonly { readonly mime: string; readonly bytes: readonly (number | null)[] }[] = [
  { mime: 'image/png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { mime: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
  { mime: 'image/gif', bytes: [0x47, 0x49, 0x46, 0x38] },
  { mime: 'image/bmp', bytes: [0x42, 0x4d] },
  { mime: 'image/webp', bytes: [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50] },
  { mime: 'image/avif', bytes: [null, null, null, null, 0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69] },
];

/** MIME type of an image that Chromium decodes, by its first bytes; null for anything else. */
export function imageMime(bytes: Uint8Array): string | null {
  const found = signatures.find(({ bytes: expected }) =>
    expected.every((byte, i) => (byte === null ? i < bytes.length : bytes[i] === byte)),
  );
  return found?.mime ?? null;
}
