import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './machine.mjs';

/**
 * An extensions folder whose one extension is this checkout as it is built: a link, so that a rebuild needs only a reload
 * of the window. The folder itself is the link, not what is in it: VS Code knows an extension's code by its real path,
 * and gives code it does not know an API for nobody, whose webviews get typed arrays as plain objects. Whatever stood in
 * the folder is removed, VS Code's own list of its extensions too: it would name another version.
 */
export function stageExtension(extensionsDir) {
  const { publisher, name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  rmSync(extensionsDir, { recursive: true, force: true });
  mkdirSync(extensionsDir, { recursive: true });
  symlinkSync(root, join(extensionsDir, `${publisher}.${name}-${version}`), 'dir');
}
