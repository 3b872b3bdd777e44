/** Whether `node_modules` holds what a lock file asks for, by npm's own record of its last complete install. */
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** npm writes a single platform as text and several as a list. */
const allows = (wanted, actual) => wanted === undefined || [wanted].flat().includes(actual);

function namesThisPlatform({ os, cpu, libc }) {
  // npm knows the C library; here a package that depends on it is taken on trust.
  if ((os === undefined && cpu === undefined) || libc !== undefined) return false;
  return allows(os, process.platform) && allows(cpu, process.arch);
}

/**
 * True when every package of the lock that this platform needs stands in `node_modules` at the locked version.
 * @param {string} folder with `lock` and `node_modules`
 * @param {{ lock?: string, dev?: boolean }} [options] `dev: false` leaves development dependencies out
 */
export function isInstalled(folder, { lock = 'package-lock.json', dev = true } = {}) {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) return false;
  // A link points to an install that somebody else keeps.
  if (lstatSync(modules).isSymbolicLink()) return true;
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(folder, lock), 'utf8')).packages;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link || (!dev && entry.dev)) return true;
    if (present[path] === undefined) return Boolean(entry.optional || entry.devOptional) && !namesThisPlatform(entry);
    return present[path].version === entry.version;
  });
}
