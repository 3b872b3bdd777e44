/** What a launcher runs. */
export interface LauncherTarget {
  /** VS Code's own Node: Electron on the desktop, plain Node on a server. */
  readonly node: string;
  /** `dist/saccade.js` of the installed extension. */
  readonly entry: string;
  /** Name of the extension's folder up to its version: `saccade.saccade-`. */
  readonly folderPrefix: string;
}

/**
 * A POSIX shell script. The paths it was written with go stale when VS Code or the extension is upgraded; it then looks
 * for the newest install beside the old one, and for a `node` on the PATH, until the extension writes it anew.
 */
export function shellLauncher({ node, entry, folderPrefix }: LauncherTarget): string {
  return `#!/bin/sh
# Written by the Saccade extension for VS Code, and again whenever it or VS Code is upgraded.
node=${quoted(node)}
entry=${quoted(entry)}
if [ ! -f "$entry" ]; then
  installs=$(dirname "$(dirname "$(dirname "$entry")")")
  newest=$(ls -td "$installs"/${quoted(folderPrefix)}*/dist/saccade.js 2>/dev/null | head -n 1)
  if [ -z "$newest" ]; then
    echo "saccade: the extension is no longer installed in $installs" >&2
    exit 127
  fi
  entry=$newest
fi
if [ ! -x "$node" ]; then
  node=$(command -v node) || {
    echo "saccade: VS Code was upgraded or removed; open it once, or put node 22 or newer on the PATH" >&2
    exit 127
  }
fi
ELECTRON_RUN_AS_NODE=1 exec "$node" "$entry" "$@"
`;
}

/** The same for cmd.exe, without the search. */
export function cmdLauncher({ node, entry }: LauncherTarget): string {
  const path = (text: string) => `"${text.replaceAll('%', '%%')}"`;
  return [
    '@echo off',
    'rem Written by the Saccade extension for VS Code, and again whenever it or VS Code is upgraded.',
    'setlocal',
    'set ELECTRON_RUN_AS_NODE=1',
    `${path(node)} ${path(entry)} %*`,
    '',
  ].join('\r\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
