import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kindOf } from './nearby';

/** Writes encoded images into the cache folder, named by their content, so that a row read twice is one file. */
export async function cacheImage(cacheDir: string, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 40);
  const folder = join(cacheDir, 'rows', hash.slice(0, 2));
  const path = join(folder, `${hash}${extensionOf(bytes)}`);
  if ((await kindOf(path)) === 'file') return path;
  await mkdir(folder, { recursive: true });
  const part = join(folder, `${randomUUID()}.part`);
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
  return path;
}

/** File extension by the first bytes; `.bin` when they are no image known here. */
export function extensionOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return '.jpg';
  if (head.startsWith('\x89PNG\r\n')) return '.png';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return '.webp';
  if (head.startsWith('GIF8')) return '.gif';
  if (head.startsWith('BM')) return '.bmp';
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return '.tiff';
  if (head.slice(4, 12) === 'ftypavif' || head.slice(4, 12) === 'ftypavis') return '.avif';
  return '.bin';
}
