import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './machine.mjs';

/**
 * An extensions folder whose one extension is this checkout as it is built: links, so that a rebuild needs only a reload
 * of the window. Whatever stood in the folder is removed, VS Code's own list of its extensions too: it would name
 * another version.
 */
export function stageExtension(extensionsDir) {
  const { publisher, name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  rmSync(extensionsDir, { recursive: true, force: true });
  const folder = join(extensionsDir, `${publisher}.${name}-${version}`);
  mkdirSync(folder, { recursive: true });
  for (const part of [
    'package.json',
    'package.nls.json',
    'README.md',
    'CHANGELOG.md',
    'dist',
    'media',
    'l10n',
    'node_modules',
  ]) {
    if (existsSync(join(root, part))) symlinkSync(join(root, part), join(folder, part));
  }
}
