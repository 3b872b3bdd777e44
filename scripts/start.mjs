/**
 * Opens `media/samples` with Saccade in it: in desktop VS Code when there is a `code` command, else in the real VS Code
 * from npm, on the loopback address. Installs and builds only what is missing. `--port N`; Ctrl+C ends it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapOrExit } from './bootstrap.mjs';
import { unlessFresh } from './lib/fresh.mjs';
import { desktopCode, root, scratch } from './lib/machine.mjs';
import { stageExtension } from './lib/stage.mjs';
import { folderUrl, startServer } from './lib/vscodeServer.mjs';

const preferredPort = 8931;

function portOption() {
  const at = process.argv.indexOf('--port');
  if (at < 0) return preferredPort;
  const port = Number(process.argv[at + 1]);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  console.error('--port takes a number from 1 to 65535.');
  process.exit(1);
}

function build(node) {
  const sources = ['src', 'webview', 'scripts/build.mjs', 'package.json', 'package-lock.json'];
  return unlessFresh({ sources, product: 'dist', stamp: join(scratch, 'build.stamp') }, () => {
    console.log('Building …');
    const { status } = spawnSync(node, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  });
}

/** The samples, or the checkout itself as long as there are none. */
function workspaceFolder() {
  const samples = join(root, 'media', 'samples');
  return existsSync(samples) ? samples : root;
}

async function openInServer() {
  const dataDir = join(scratch, 'editor');
  const extensionsDir = join(dataDir, 'extensions');
  stageExtension(extensionsDir);
  const server = await startServer({ dataDir, extensionsDir, port: portOption() });
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      stopping = true;
      void server.stop();
    });
  }
  console.log(`\nSaccade runs in VS Code at ${folderUrl(server, workspaceFolder())}\nCtrl+C ends it.`);
  const code = await server.exited;
  if (!stopping) console.error(`The VS Code server ended (${code}):\n${server.log().slice(-4_000)}`);
  process.exit(stopping ? 0 : 1);
}

const desktop = desktopCode();
const { node } = await bootstrapOrExit({ editor: desktop === null });
await build(node);
if (desktop === null) {
  await openInServer();
} else {
  const folder = workspaceFolder();
  console.log(`Opening ${folder} in VS Code (${desktop}).`);
  const { status } = spawnSync(desktop, [`--extensionDevelopmentPath=${root}`, folder], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exit(status ?? 1);
}
