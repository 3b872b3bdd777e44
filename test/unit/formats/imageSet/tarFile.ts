/** A member as Python's `tarfile` writes it: `ustar` header with its checksum, contents padded to 512 bytes. */
export function tarMember(name: string, content: string | Uint8Array, type = '0'): Uint8Array {
  const body = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const bytes = new Uint8Array(512 + Math.ceil(body.length / 512) * 512);
  const put = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  put(0, name.slice(0, 100));
  put(100, '0000644\0');
  put(124, `${body.length.toString(8).padStart(11, '0')}\0`);
  put(148, '        ');
  put(156, type);
  put(257, 'ustar\x0000');
  const sum = bytes.slice(0, 512).reduce((all, byte) => all + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  bytes.set(body, 512);
  return bytes;
}

/** An archive of members, with the two empty blocks at its end. */
export function tar(...members: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([...members, new Uint8Array(1024)]));
}
