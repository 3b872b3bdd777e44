import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Theme = 'dark' | 'light' | 'highContrast';

const themeNames: Record<Theme, string> = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  highContrast: 'Default High Contrast',
};

export interface WorkspaceOptions {
  readonly theme?: Theme;
  /** Workspace settings on top of the theme. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Path in the workspace → text or bytes. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Path in the workspace → existing file or folder to copy there. */
  readonly copies?: Readonly<Record<string, string>>;
}

/** Makes a workspace folder below `parent` and returns its path. */
export function makeWorkspace(parent: string, { theme = 'dark', settings, files, copies }: WorkspaceOptions): string {
  const folder = mkdtempSync(join(parent, 'workspace-'));
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const all = { 'workbench.colorTheme': themeNames[theme], 'explorer.compactFolders': false, ...settings };
  write('.vscode/settings.json', JSON.stringify(all, null, 2));
  for (const [path, content] of Object.entries(files ?? {})) write(path, content);
  for (const [path, source] of Object.entries(copies ?? {})) cpSync(source, join(folder, path), { recursive: true });
  return folder;
}
