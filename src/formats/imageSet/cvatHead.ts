import type { DirSource } from '../../core/ports';
import { readHead } from '../head';

/** The first 64 KB of a text; '' where it is none. */
export async function smallHead(dir: DirSource, file: string): Promise<string> {
  const source = await dir.open(file);
  return source === null ? '' : ((await readHead(source))?.text ?? '');
}
