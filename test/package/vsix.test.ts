import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInferenceClient } from '../../src/inference/client';
import { createMediaClient } from '../../src/media/client';
import { json, openVsix, type Vsix } from './vsix';

let vsix: Vsix;
let names: string[];
let installed: string;

beforeAll(async () => {
  vsix = await openVsix();
  names = [...vsix.files.keys()];
  installed = await mkdtemp(join(tmpdir(), 'saccade-vsix-'));
  for (const [name, entry] of vsix.files) {
    const path = join(installed, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, entry.read());
  }
}, 120_000);

afterAll(() => rm(installed, { recursive: true, force: true }));

/** Strings anywhere in the manifest, with the keys that lead to them. */
function* strings(value: unknown, key = ''): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [key, value];
  else if (typeof value === 'object' && value !== null)
    for (const [name, child] of Object.entries(value)) yield* strings(child, `${key}.${name}`);
}

describe('the VSIX', () => {
  const allowed = [
    /^package(\.nls)?\.json$/,
    /^(readme|changelog)\.md$/,
    /^(LICENSE|ThirdPartyNotices)\.txt$/,
    /^dist\/(extension|saccade)\.js$/,
    /^dist\/children\/\w+\.js$/,
    /^dist\/webview\/[\w.-]+\.(js|css|ttf|svg)$/,
    /^dist\/node_modules\/(sharp|semver|detect-libc|@img|@duckdb|onnxruntime-(node|common))\//,
    /^media\//,
  ];

  it('holds what the allow-list names and nothing else', () => {
    expect(names.filter((name) => !allowed.some((pattern) => pattern.test(name)))).toEqual([]);
    expect(names.filter((name) => /\.(map|tsbuildinfo|d\.[cm]?ts|cc|h|gyp)$/.test(name))).toEqual([]);
    expect(names.filter((name) => /(^|\/)(test|tests|__tests__)\//.test(name))).toEqual([]);
  });

  it('has every file the manifest points to', () => {
    const named = [...strings(vsix.manifest)].filter(([, value]) => /^(\.\/)?(dist|media)\//.test(value));
    expect(named.map(([key]) => key)).toEqual(expect.arrayContaining(['.main', '.bin.saccade']));
    expect(named.filter(([, value]) => !vsix.files.has(value.replace(/^\.\//, '')))).toEqual([]);
  });

  it('has a text for every placeholder of the manifest', () => {
    const texts = json(vsix.files, 'package.nls.json');
    const missing = [...strings(vsix.manifest)]
      .map(([, value]) => /^%(.+)%$/.exec(value)?.[1])
      .filter((key) => key !== undefined && typeof texts[key] !== 'string');
    expect(missing).toEqual([]);
  });

  it('says who made it, what changed and under which licence', () => {
    for (const name of ['readme.md', 'changelog.md', 'LICENSE.txt']) expect(names).toContain(name);
    const notices = vsix.files.get('ThirdPartyNotices.txt')?.read().toString() ?? '';
    for (const name of ['konva', 'sharp', '@duckdb/node-api', 'onnxruntime-node', 'zod'])
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.`, 'm'));
    expect(notices).toMatch(/^onnxruntime-node [^\n]*\n\nCopyright \(c\) Microsoft/m);
    expect(notices).not.toMatch(/^(adm-zip|global-agent) /m);
  });

  it('asks the editor for no packages: they are bundled or beside the children', () => {
    expect(vsix.manifest).not.toHaveProperty('dependencies');
    expect(vsix.manifest).not.toHaveProperty('scripts');
  });

  it('stays below 60 MB, its own code with what is bundled into it below 6 MB', async () => {
    expect((await stat(vsix.path)).size).toBeLessThan(60e6);
    const own = [...vsix.files.values()].filter(({ name }) => /\/dist\/(?!node_modules)/.test(name));
    expect(own.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(6e6);
  });
});

describe('its native modules', () => {
  const isNative = (name: string) => /\.(node|dylib|dll)$|\.so(\.|$)/.test(name);

  it('are those of its platform only', () => {
    const platform = vsix.target.replace(/^alpine-(.*)$/, 'linuxmusl-$1');
    const duckdb = vsix.target.replace(/^alpine-(.*)$/, 'linux-$1-musl');
    const folders = new Set(names.filter(isNative).map((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1]));
    // On Windows libvips comes inside sharp's own package.
    const libvips = vsix.target.startsWith('win32') ? [] : [`@img/sharp-libvips-${platform}`];
    // There is no ONNX Runtime for Intel Macs and for musl.
    const runtime = /^(darwin-x64|alpine-.*)$/.test(vsix.target) ? [] : ['onnxruntime-node'];
    expect(folders).toEqual(
      new Set([`@img/sharp-${platform}`, ...libvips, `@duckdb/node-bindings-${duckdb}`, ...runtime]),
    );
    const [os = '', cpu = ''] = vsix.target.split('-');
    const bindings = names.filter((name) => name.includes('/napi-v6/') && !name.includes(`/napi-v6/${os}/${cpu}/`));
    expect(bindings).toEqual([]);
  });

  it('need no newer C or C++ library than clusters have: glibc 2.28, as VS Code itself', () => {
    const newest = { GLIBC_2: 28, 'GLIBCXX_3.4': 25, 'CXXABI_1.3': 11 };
    const elf = [...vsix.files.values()].filter(({ name }) => isNative(name));
    const seen: string[] = [];
    const tooNew: string[] = [];
    for (const entry of elf) {
      const text = entry.read().toString('latin1');
      if (!text.startsWith('\x7fELF')) continue;
      for (const [version, library, minor] of text.matchAll(/\b(GLIBC_2|GLIBCXX_3\.4|CXXABI_1\.3)\.(\d+)\b/g)) {
        seen.push(version);
        if (Number(minor) > newest[library as keyof typeof newest]) tooNew.push(`${entry.name}: ${version}`);
      }
    }
    expect(tooNew).toEqual([]);
    if (vsix.target.startsWith('linux')) expect(seen.some((version) => version.startsWith('GLIBC_2'))).toBe(true);
  });

  it('load from where they will be installed: sharp decodes in the media child', async () => {
    const client = createMediaClient({
      entry: join(installed, 'dist', 'children', 'media.js'),
      log: { info: () => undefined, warn: console.warn, error: console.error },
      cacheDir: join(installed, 'cache'),
    });
    try {
      expect(await client.available()).toBe(true);
      const path = join(installed, 'white.png');
      await sharp({ create: { width: 64, height: 32, channels: 3, background: '#fff' } })
        .png()
        .toFile(path);
      expect((await client.preview(path, 16)).size).toEqual({ width: 16, height: 8 });
    } finally {
      client.dispose();
    }
  });

  it('load from where they will be installed: DuckDB answers', async () => {
    const script = join(installed, 'dist', 'children', 'ask.cjs');
    await writeFile(
      script,
      `require('@duckdb/node-api').DuckDBInstance.create(':memory:')
        .then((db) => db.connect())
        .then((connection) => connection.runAndReadAll('select 6 * 7'))
        .then((reader) => console.log(String(reader.getRows()[0][0])));`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe('42');
  });

  it('load from where they will be installed: ONNX Runtime starts in the inference child', async () => {
    const log: string[] = [];
    const write = (line: string) => log.push(line);
    const client = createInferenceClient({
      entry: join(installed, 'dist', 'children', 'infer.js'),
      log: { info: write, warn: write, error: write },
      cacheDir: join(installed, 'cache'),
      pixels: () => Promise.reject(new Error('nothing is encoded')),
    });
    try {
      expect((await client.state()).loaded).toEqual([]);
      expect(log.join('\n')).toMatch(/ONNX Runtime \d/);
    } finally {
      client.dispose();
    }
  });

  it('are not what the extension itself loads', () => {
    const code = vsix.files.get('dist/extension.js')?.read().toString() ?? '';
    expect(code.length).toBeGreaterThan(0);
    expect(code).not.toMatch(/require\(["'](sharp|onnxruntime-node|@duckdb\/[^"']+)["']\)/);
    expect(existsSync(join(installed, 'dist', 'node_modules', 'sharp'))).toBe(true);
  });
});
