/** Runs the real VS Code's server from npm on the loopback address, with folders and settings of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { editorNode, vscodeDir } from './machine.mjs';

/** Nothing is asked, fetched or reported: no welcome page, no trust question, no updates, no telemetry. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

function command(dataDir, extensionsDir, extra) {
  const node = editorNode();
  if (node === null) throw new Error('The VS Code server is not installed: run node scripts/bootstrap.mjs --editor');
  const args = [
    join(vscodeDir, 'out', 'server-main.js'),
    '--accept-server-license-terms',
    '--telemetry-level=off',
    `--server-data-dir=${dataDir}`,
    `--user-data-dir=${join(dataDir, 'user')}`,
    `--extensions-dir=${extensionsDir}`,
    ...extra,
  ];
  return { node, args };
}

/** A free loopback port: the preferred one when it is free, else any. */
export async function freePort(preferred = 0) {
  const tryPort = (port) =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(null));
      server.listen(port, '127.0.0.1', () => {
        const { port: bound } = server.address();
        server.close(() => resolve(bound));
      });
    });
  return (await tryPort(preferred)) ?? (await tryPort(0));
}

/** Writes the user settings of a server's data folder: the quiet ones and `settings` over them. */
export function writeSettings(dataDir, settings = {}) {
  const folder = join(dataDir, 'user', 'User');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/** Installs a VSIX into an extensions folder, offline. */
export async function installVsix({ dataDir, extensionsDir, vsix }) {
  const { node, args } = command(dataDir, extensionsDir, [`--install-extension=${vsix}`, '--force']);
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'pipe'], env: serverEnvironment({}) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error(`${vsix} could not be installed (${code}):\n${output}`);
}

/** Without what an enclosing VS Code, npm or vitest put there: each of them changes how the server behaves. */
function serverEnvironment(extra) {
  // Without a gallery nothing asks the network for extensions.
  const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...extra };
  for (const name of Object.keys(env))
    if (/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_|VITEST)/.test(name)) delete env[name];
  return env;
}

/** The server leads a group of processes where the system has such. */
const grouped = process.platform !== 'win32';

/** Extension hosts outlive their server now and then, and keep a processor busy while they look for it. */
function endGroup(pid) {
  if (!grouped || pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Starts the server and waits until it listens.
 * @param {import('./vscodeServer.d.mts').ServerOptions} options
 */
export async function startServer({ dataDir, extensionsDir, port = 0, env = {}, settings = {}, testDriver = false }) {
  mkdirSync(extensionsDir, { recursive: true });
  writeSettings(dataDir, settings);
  const bound = await freePort(port);
  const { node, args } = command(dataDir, extensionsDir, [
    '--host=127.0.0.1',
    `--port=${bound}`,
    '--without-connection-token',
    '--disable-workspace-trust',
    ...(testDriver ? ['--enable-smoke-test-driver'] : []),
  ]);
  const child = spawn(node, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: serverEnvironment(env),
    detached: grouped,
  });
  let log = '';
  const exited = new Promise((resolve) => child.once('exit', resolve)).then((code) => {
    endGroup(child.pid);
    return code;
  });
  await new Promise((resolve, reject) => {
    const hear = (chunk) => {
      // The tail is what a failure needs; a server that runs for days must not grow.
      log = (log + chunk).slice(-1_000_000);
      if (log.includes('Extension host agent listening on')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    exited.then((code) => reject(new Error(`The VS Code server ended at once (${code}):\n${log}`)));
  });
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    exited,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Address that opens a folder of the server's machine. */
export function folderUrl(server, folder) {
  return `${server.url}/?folder=${encodeURIComponent(folder).replaceAll('%2F', '/')}`;
}
