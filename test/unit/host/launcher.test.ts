import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cmdLauncher, shellLauncher } from '../../../src/host/cli/launcher';

const folderPrefix = 'saccade.saccade-';

describe.skipIf(process.platform === 'win32')('the launcher in a shell', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "saccade launcher 'quoted' "));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** An installed version whose command line prints its version and its arguments. */
  function install(version: string, age = 0): string {
    const entry = join(folder, 'extensions', `${folderPrefix}${version}`, 'dist', 'saccade.js');
    mkdirSync(dirname(entry), { recursive: true });
    writeFileSync(
      entry,
      `console.log(JSON.stringify(['${version}', process.env.ELECTRON_RUN_AS_NODE, ...process.argv.slice(2)]))`,
    );
    const when = new Date(Date.now() - age * 1000);
    utimesSync(entry, when, when);
    return entry;
  }

  function launcher(entry: string, node = process.execPath): string {
    const path = join(folder, 'saccade');
    writeFileSync(path, shellLauncher({ node, entry, folderPrefix }));
    chmodSync(path, 0o755);
    return path;
  }

  const run = (path: string, ...args: string[]) =>
    JSON.parse(execFileSync(path, args, { encoding: 'utf8' })) as string[];

  test("runs the extension's command line as Node, with arguments as they were written", () => {
    const path = launcher(install('0.1.0'));
    expect(run(path, 'info', 'a b.jsonl', "it's", '$HOME')).toEqual([
      '0.1.0',
      '1',
      'info',
      'a b.jsonl',
      "it's",
      '$HOME',
    ]);
  });

  test('finds the newest install when its own was upgraded away', () => {
    install('0.10.0', 10);
    install('0.9.0', 100);
    expect(run(launcher(join(folder, 'extensions', `${folderPrefix}0.1.0`, 'dist', 'saccade.js')))[0]).toBe('0.10.0');
  });

  test('falls back to a node on the PATH when that of VS Code is gone', () => {
    expect(run(launcher(install('0.1.0'), join(folder, 'gone', 'node')))[0]).toBe('0.1.0');
  });

  test('says what is missing when the extension was removed', () => {
    const path = launcher(join(folder, 'extensions', `${folderPrefix}0.1.0`, 'dist', 'saccade.js'));
    const { status, stderr } = spawnSync(path, { encoding: 'utf8' });
    expect(status).toBe(127);
    expect(stderr).toContain('no longer installed');
  });

  test('passes on the exit code', () => {
    const entry = install('0.1.0');
    writeFileSync(entry, 'process.exit(3)');
    expect(spawnSync(launcher(entry)).status).toBe(3);
  });
});

test('the launcher for cmd.exe keeps percent signs of paths from being expanded', () => {
  const text = cmdLauncher({ node: 'C:\\VS Code\\100%\\Code.exe', entry: 'C:\\x\\saccade.js', folderPrefix });
  expect(text).toContain('"C:\\VS Code\\100%%\\Code.exe" "C:\\x\\saccade.js" %*\r\n');
});
