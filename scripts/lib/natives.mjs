/** The native modules that children load from disk, with everything they need at run time, for one platform. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

/** Modules the build leaves out of its bundles. */
const roots = ['sharp', '@duckdb/node-api', 'onnxruntime-node'];

/** What a package needs only for a script that never runs here: onnxruntime-node's downloads CUDA libraries. */
export const unneeded = { 'onnxruntime-node': ['adm-zip', 'global-agent'] };

/** VS Code's name of a platform → how packages name it. */
export const platforms = {
  'linux-x64': { os: 'linux', cpu: 'x64', libc: 'glibc' },
  'linux-arm64': { os: 'linux', cpu: 'arm64', libc: 'glibc' },
  'alpine-x64': { os: 'linux', cpu: 'x64', libc: 'musl' },
  'alpine-arm64': { os: 'linux', cpu: 'arm64', libc: 'musl' },
  'darwin-x64': { os: 'darwin', cpu: 'x64', libc: null },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64', libc: null },
  'win32-x64': { os: 'win32', cpu: 'x64', libc: null },
  'win32-arm64': { os: 'win32', cpu: 'arm64', libc: null },
};

/** The target of the machine this runs on. */
export function thisTarget() {
  const musl = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
  return `${musl ? 'alpine' : process.platform}-${process.arch}`;
}

/** Code, libraries and licences; no sources, headers, type declarations or maps. */
const kept = new Set(['.js', '.cjs', '.mjs', '.json', '.node', '.dll', '.dylib']);

/** libvips lists the licences of the libraries in it in its README. */
function isKept(folder, name) {
  if (/^(licen[cs]e|notice|third)/i.test(name) || /\.so(\.|$)/.test(name)) return true;
  return kept.has(extname(name)) || (name === 'README.md' && folder.includes('libvips'));
}

/**
 * Packages that `roots` need at run time on `target`, by name, with the folder each stands in.
 * Throws when one without which nothing works is not installed.
 */
export function nativePackages(root, target) {
  const platform = platforms[target];
  if (platform === undefined) throw new Error(`unknown target ${target}: one of ${Object.keys(platforms).join(', ')}`);
  const found = new Map();
  const visit = (name, from, optional) => {
    if (found.has(name)) return;
    const folder = resolve(name, from, root);
    if (folder === null) {
      if (optional) return;
      throw new Error(`${name} is not installed`);
    }
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (!fits(manifest, name, platform)) return;
    // One package holds the bindings of all platforms. It has none for Intel Macs and for musl: segmentation says so there.
    if (name === 'onnxruntime-node' && !existsSync(join(folder, runtimeFolder(platform)))) return;
    found.set(name, folder);
    for (const dependency of Object.keys(manifest.dependencies ?? {}))
      if (!unneeded[name]?.includes(dependency)) visit(dependency, folder, false);
    for (const dependency of Object.keys(manifest.optionalDependencies ?? {})) visit(dependency, folder, true);
  };
  for (const name of roots) visit(name, root, false);
  for (const family of ['@img/sharp-', '@duckdb/node-bindings-']) {
    if (![...found.keys()].some((name) => name.startsWith(family)))
      throw new Error(`${family}* for ${target} is not installed: npm install --os=… --cpu=… brings it`);
  }
  return found;
}

/** Where onnxruntime-node keeps its binding for a platform; a folder that does not exist where it has none. */
function runtimeFolder({ os, cpu, libc }) {
  return join('bin', 'napi-v6', libc === 'musl' ? 'musl' : os, cpu);
}

/** Copies what runs on `target` of every package into `modules`. */
export function copyPackages(packages, modules, target) {
  for (const [name, folder] of packages) {
    const to = join(modules, name);
    if (name !== 'onnxruntime-node') {
      copyRunning(folder, to);
      continue;
    }
    const binding = runtimeFolder(platforms[target]);
    copyRunning(join(folder, 'dist'), join(to, 'dist'));
    copyRunning(join(folder, binding), join(to, binding));
    cpSync(join(folder, 'package.json'), join(to, 'package.json'));
    // The binding links the library by its short name; the same bytes come once more under the long one.
    for (const file of readdirSync(join(to, binding)))
      if (/^libonnxruntime\.\d+\.\d+.*\.dylib$/.test(file)) rmSync(join(to, binding, file));
  }
}

function copyRunning(from, to) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      const skipped = entry.name === 'node_modules' || entry.name === 'src' || entry.name === 'install';
      if (!skipped) copyRunning(join(from, entry.name), join(to, entry.name));
    } else if (isKept(from, entry.name)) {
      mkdirSync(to, { recursive: true });
      cpSync(join(from, entry.name), join(to, entry.name), { dereference: true });
    }
  }
}

/** The folder Node would find the package in. Packages share one level: a second version would be left out unseen. */
function resolve(name, from, root) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) {
      if (folder !== root) throw new Error(`${name} stands in ${candidate}: two versions of it cannot be packaged`);
      return candidate;
    }
    if (folder === dirname(folder)) return null;
  }
}

function fits({ os, cpu, libc }, name, platform) {
  if (os !== undefined && !os.includes(platform.os)) return false;
  if (cpu !== undefined && !cpu.includes(platform.cpu)) return false;
  if (libc !== undefined && !libc.includes(platform.libc)) return false;
  // DuckDB's packages name their C library only in their own name.
  return (
    libc !== undefined ||
    os === undefined ||
    platform.os !== 'linux' ||
    /musl/.test(name) === (platform.libc === 'musl')
  );
}
