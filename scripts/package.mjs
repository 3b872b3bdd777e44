/**
 * Builds and packages the extension for one platform: `dist/saccade-<target>-<version>.vsix`. `--target linux-x64` names
 * another one, whose native packages must be installed. Needs no network. Only what the allow-list `.vscodeignore` names
 * goes in; the native modules are staged beside the children, where Node finds them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './lib/machine.mjs';
import { copyPackages, nativePackages, thisTarget } from './lib/natives.mjs';
import { thirdPartyNotices } from './lib/notices.mjs';

const at = process.argv.indexOf('--target');
const target = at < 0 ? thisTarget() : (process.argv[at + 1] ?? '');
const packages = nativePackages(root, target);

const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const stage = join(root, 'dist', 'stage');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const vsix = join(root, 'dist', `${manifest.name}-${target}-${manifest.version}.vsix`);

for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.nls.json', '.vscodeignore', 'media']) {
  if (existsSync(join(root, name))) cpSync(join(root, name), join(stage, name), { recursive: true });
}
for (const name of ['extension.js', 'saccade.js', 'children', 'webview']) {
  const from = join(root, 'dist', name);
  if (existsSync(from)) cpSync(from, join(stage, 'dist', name), { recursive: true });
}
copyPackages(packages, join(stage, 'dist', 'node_modules'), target);
writeFileSync(join(stage, 'ThirdPartyNotices.txt'), thirdPartyNotices(root));
// Dependencies are bundled or staged, and scripts are of no use to an installed extension.
const { scripts, dependencies, devDependencies, private: unpublished, ...published } = manifest;
writeFileSync(join(stage, 'package.json'), JSON.stringify(published, null, 2));

const { createVSIX } = createRequire(import.meta.url)('@vscode/vsce');
await createVSIX({
  cwd: stage,
  packagePath: vsix,
  target,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
rmSync(stage, { recursive: true });
console.log(`${vsix} ${(statSync(vsix).size / 2 ** 20).toFixed(1)} MiB`);
