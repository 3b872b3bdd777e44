/** Whether `node_modules` holds what a lock file asks for, by npm's own record of its last complete install. */
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {{ os?: string[], cpu?: string[], libc?: string[] }} entry */
function namesThisPlatform(entry) {
  if (entry.os === undefined && entry.cpu === undefined) return false;
  // npm knows the C library; here a package that depends on it is taken on trust.
  if (entry.libc !== undefined) return false;
  return (
    (entry.os ?? [process.platform]).includes(process.platform) && (entry.cpu ?? [process.arch]).includes(process.arch)
  );
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
