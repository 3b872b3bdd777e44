/** The licence texts of everything an installed extension contains that others wrote. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const heading = `Saccade contains the following packages. Each is used under its own licence, which stands below its name.
What libvips, inside @img/sharp-libvips-*, is made of and under which licences is told in the README.md beside it.
`;

/** One text over the production dependencies and all that they need, sorted by name. */
export function thirdPartyNotices(root) {
  const folders = new Map();
  const visit = (name) => {
    const folder = join(root, 'node_modules', name);
    if (folders.has(name) || !existsSync(join(folder, 'package.json'))) return;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    folders.set(name, { folder, manifest });
    for (const field of ['dependencies', 'optionalDependencies'])
      for (const dependency of Object.keys(manifest[field] ?? {})) visit(dependency);
  };
  for (const name of Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies))
    visit(name);
  const parts = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entry]) => notice(name, entry));
  return [heading, ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}

function notice(name, { folder, manifest }) {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  const text =
    file === undefined ? 'No licence text comes with the package.' : readFileSync(join(folder, file), 'utf8');
  return `${name} ${manifest.version} (${manifest.license ?? 'licence not stated'})\n\n${text.trim()}\n`;
}
