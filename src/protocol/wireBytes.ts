/**
 * Bytes as every port carries them: an exact `Uint8Array`. A Node `Buffer` would arrive in a webview as a plain object,
 * and a subarray would drag its whole backing store along.
 */
export function toWireBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
