import type { DirSource } from '../core/ports';

/** A whole sibling file as text; null when it is not there or longer than `limit` bytes. */
export async function smallText(dir: DirSource, file: string, limit: number): Promise<string | null> {
  const source = await dir.open(file);
  const size = source === null ? 0 : await source.size();
  if (source === null || size > limit) return null;
  return new TextDecoder('utf-8').decode(await source.read(0, size));
}
