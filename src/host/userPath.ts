import { isAbsolute, join, normalize } from 'node:path';

/**
 * A path as a person writes it in a setting, made absolute: `~`, `${workspaceFolder}` and `${userHome}` are replaced, and
 * a relative one starts at the workspace folder (at the home folder when no folder is open).
 */
export function resolveUserPath(written: string, workspaceFolder: string | null, home: string): string {
  const base = workspaceFolder ?? home;
  const replaced = written
    .trim()
    .replace(/^~(?=$|[/\\])/, () => home)
    .replaceAll(`\${workspaceFolder}`, () => base)
    .replaceAll(`\${userHome}`, () => home);
  return normalize(isAbsolute(replaced) ? replaced : join(base, replaced));
}
