/** The licence texts of everything an installed extension contains that others wrote. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unneeded } from './natives.mjs';

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
      for (const dependency of Object.keys(manifest[field] ?? {}))
        if (!unneeded[name]?.includes(dependency)) visit(dependency);
  };
  for (const name of Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies))
    visit(name);
  const parts = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entry]) => notice(name, entry));
  return [heading, ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}

function notice(name, { folder, manifest }) {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  const text = file === undefined ? textOf(name) : readFileSync(join(folder, file), 'utf8');
  return `${name} ${manifest.version} (${manifest.license ?? 'licence not stated'})\n\n${text.trim()}\n`;
}

/** Holders of packages under the MIT licence that come without its text. */
const holders = { 'onnxruntime-node': 'Microsoft Corporation', 'onnxruntime-common': 'Microsoft Corporation' };

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files
(the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

function textOf(name) {
  const holder = holders[name];
  return holder === undefined ? 'No licence text comes with the package.' : `Copyright (c) ${holder}\n\n${mit}`;
}
