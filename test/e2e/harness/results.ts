import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout: every runner starts there. */
export const root = process.cwd();

/** A folder under `test-results/`, made when missing. */
export function resultsDir(...parts: string[]): string {
  const folder = join(root, 'test-results', ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
