import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readZip, type ZipEntry } from './zip';

export interface Vsix {
  readonly path: string;
  /** VS Code's name of the platform it was made for. */
  readonly target: string;
  /** What becomes the extension's folder, by path in it. */
  readonly files: ReadonlyMap<string, ZipEntry>;
  readonly manifest: Record<string, unknown>;
}

/** The VSIX that the test runner built (`SACCADE_VSIX`), else one built now. */
export async function openVsix(): Promise<Vsix> {
  const path = process.env.SACCADE_VSIX ?? build();
  const entries = await readZip(path);
  const prefix = 'extension/';
  const files = new Map(
    entries
      .filter(({ name }) => name.startsWith(prefix))
      .map((entry) => [entry.name.slice(prefix.length), entry] as const),
  );
  const target = /TargetPlatform="([^"]+)"/.exec(
    entries
      .find(({ name }) => name === 'extension.vsixmanifest')
      ?.read()
      .toString() ?? '',
  )?.[1];
  if (target === undefined) throw new Error(`${path} names no target platform`);
  return { path, target, files, manifest: json(files, 'package.json') };
}

export function json(files: Vsix['files'], name: string): Record<string, unknown> {
  const entry = files.get(name);
  if (entry === undefined) throw new Error(`the VSIX holds no ${name}`);
  return JSON.parse(entry.read().toString()) as Record<string, unknown>;
}

function build(): string {
  const { status } = spawnSync(process.execPath, ['scripts/package.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const made = readdirSync('dist').find((name) => name.endsWith('.vsix'));
  if (status !== 0 || made === undefined) throw new Error(`scripts/package.mjs ended with ${status}`);
  return join('dist', made);
}
