/**
 * Installs what is missing, and only that: npm dependencies, the real VS Code from npm (code-server with the Node it
 * needs), and for tests Debian's Chromium. Runs on Node 20 with nothing installed; a second run only looks.
 * `node scripts/bootstrap.mjs [--editor] [--chromium]`
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isInstalled } from './lib/installed.mjs';
import { editorDir, editorNode, findChromium, npmCli, onPath, root, scratch, vscodeDir } from './lib/machine.mjs';

/**
 * Scripts of dependencies stay off: no compiler is needed, and nothing runs that nobody read. onnxruntime's would fetch
 * a GPU runtime. npm hands its own flags to children as variables; a bootstrap inside `npm test` must not inherit them.
 */
function npmEnvironment() {
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  for (const name of Object.keys(env))
    if (/^npm_(config_(global|prefix|omit|include|production|local_prefix)|package_|lifecycle_)/.test(name))
      delete env[name];
  return env;
}

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${status}`);
}

function npm(folder, node, ...args) {
  console.log(`Installing into ${folder} …`);
  run(node, [npmCli(), ...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    env: npmEnvironment(),
  });
}

function installRoot() {
  if (!isInstalled(root)) npm(root, process.execPath, 'ci');
}

/** code-server's package leaves the dependencies of the VS Code inside it to a script of its own; this does its work. */
function installEditor() {
  if (!isInstalled(editorDir)) npm(editorDir, process.execPath, 'ci');
  const node = editorNode();
  if (node === null)
    throw new Error(
      `There is no Node 24 for ${process.platform}-${process.arch} on npm: install Node 24 and start again.`,
    );
  if (!isInstalled(vscodeDir, { lock: 'npm-shrinkwrap.json', dev: false })) {
    // Not `ci`: the lock that code-server ships leaves out a peer dependency, which `ci` refuses.
    npm(vscodeDir, node, 'install', '--omit=dev', '--no-save');
  }
}

function installChromium() {
  if (findChromium() !== null) return;
  if (process.getuid?.() !== 0 || onPath('apt-get') === null) {
    throw new Error(
      'The tests need Chromium. Install it and start again: sudo apt-get install -y chromium (or set SACCADE_CHROMIUM to one).',
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], { env });
  run('apt-get', ['install', '-y', '-q', 'chromium'], { env });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Takes the folder's one install lock; waits for another run, unless that one died. */
async function lock() {
  mkdirSync(scratch, { recursive: true });
  const file = join(scratch, 'install.lock');
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
      if (owner > 0 && !isAlive(owner)) rmSync(file, { force: true });
      else await sleep(500);
    }
  }
}

/**
 * @param {{ editor?: boolean, chromium?: boolean }} need
 * @returns the Node to run everything else with: VS Code's where the editor was asked for, else this one
 */
export async function bootstrap({ editor = false, chromium = false } = {}) {
  const unlock = await lock();
  try {
    installRoot();
    if (editor) installEditor();
    if (chromium) installChromium();
  } finally {
    unlock();
  }
  return { node: (editor ? editorNode() : null) ?? process.execPath };
}

/** Ends the process with one line when something is missing that only the user can bring. */
export async function bootstrapOrExit(need) {
  try {
    return await bootstrap(need);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bootstrapOrExit({ editor: process.argv.includes('--editor'), chromium: process.argv.includes('--chromium') });
}
