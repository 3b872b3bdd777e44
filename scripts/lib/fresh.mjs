/** Whether something built is still made of the sources as they are: by their paths, sizes and times. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './machine.mjs';

function* filesIn(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) yield [path, stat];
  else for (const name of readdirSync(path).sort()) yield* filesIn(join(path, name));
}

function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const [path, { size, mtimeMs }] of filesIn(join(root, source))) hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Runs `build` unless `stamp` tells that it ran over these very sources and `product` still exists. */
export async function unlessFresh({ sources, product, stamp }, build) {
  const current = fingerprint(sources);
  const last = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (last === current && existsSync(join(root, product))) return;
  await build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, current);
}
