/** What this machine has: folders of the checkout, Node, npm, Chromium and a desktop VS Code. Needs nothing installed. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. Bundled into another script this file has lost its address: such scripts are started there. */
export const root = import.meta.url?.endsWith('/scripts/lib/machine.mjs')
  ? join(dirname(fileURLToPath(import.meta.url)), '..', '..')
  : process.cwd();
/** Where everything that scripts make for themselves lives; ignored by git. */
export const scratch = join(root, '.bootstrap');
export const editorDir = join(root, 'test', 'vscode');
/** VS Code's server inside code-server's package. */
export const vscodeDir = join(editorDir, 'node_modules', 'code-server', 'lib', 'vscode');

const windows = process.platform === 'win32';

/** First executable of these names on PATH; null when there is none. */
export function onPath(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      for (const suffix of windows ? ['.exe', '.cmd'] : ['']) {
        const file = join(folder, name + suffix);
        if (folder !== '' && existsSync(file)) return file;
      }
    }
  }
  return null;
}

/** The Node that VS Code's server runs on: the one installed beside it, else this one when it is as new. Null when neither. */
export function editorNode() {
  const bundled = join(editorDir, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(bundled)) return bundled;
  return Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : null;
}

/** npm's entry, so that it can be run with any Node: as npm told us, beside this Node, or where `npm` on PATH leads. */
export function npmCli() {
  const told = process.env.npm_execpath;
  if (told?.endsWith('npm-cli.js') && existsSync(told)) return told;
  const bin = dirname(process.execPath);
  const beside = [
    join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((file) => existsSync(file));
  if (beside !== undefined) return beside;
  const found = onPath('npm');
  const target = found === null ? null : realpathSync(found);
  if (target?.endsWith('npm-cli.js')) return target;
  throw new Error('npm was not found. Install Node 20 or newer with npm and try again.');
}

/** Chromium for the tests: `SACCADE_CHROMIUM`, or a known name on PATH, or the macOS application. Null when there is none. */
export function findChromium() {
  const set = process.env.SACCADE_CHROMIUM;
  if (set !== undefined && set !== '') {
    if (!existsSync(set)) throw new Error(`SACCADE_CHROMIUM names ${set}, which does not exist.`);
    return set;
  }
  const named = onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
  if (named !== null) return named;
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return existsSync(mac) ? mac : null;
}

/** Desktop VS Code's command; null when there is none or when `code` belongs to a server build. */
export function desktopCode() {
  const code = onPath('code');
  if (code === null) return null;
  const target = realpathSync(code);
  return /code-server|vscode-server|remote-cli/.test(target) ? null : code;
}
