import { basename, dirname } from 'node:path';

const traceNames =
  /\.jsonl?(\.(gz|zst))?$|log[^/]*\.txt(\.(gz|zst))?$|\/generations\.log(\.(gz|zst))?$|\/completions_\d+\.parquet$|\.eval$/i;

/** Cheap by name alone: configuration files are JSON too, and must not cost a process. */
export function mayBeTrace(uri: { readonly scheme: string; readonly path: string }): boolean {
  if (uri.scheme !== 'file' || !traceNames.test(uri.path)) return false;
  if (/\/(node_modules|\.vscode|\.git)\//.test(uri.path)) return false;
  const name = basename(uri.path);
  return !/^(\.|package(-lock)?\.json$|composer\.json$|[jt]sconfig(\..*)?\.json$|biome\.jsonc?$|(settings|launch|tasks|keybindings)\.json$)/i.test(
    name,
  );
}

/** A trace's name for people: a run's folder says more than `7.jsonl` or `rollouts`. */
export function shownName(path: string): string {
  return `${basename(dirname(path))}/${basename(path)}`;
}
