import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installVsix, startServer, type VscodeServer } from '../../../scripts/lib/vscodeServer.mjs';
import { root } from './results';

/** The VSIX under test: `SACCADE_VSIX`, else the one in `dist/`. */
export function builtVsix(): string {
  const named = process.env.SACCADE_VSIX;
  if (named !== undefined && named !== '') return named;
  const dist = join(root, 'dist');
  const found = existsSync(dist) ? readdirSync(dist).filter((name) => name.endsWith('.vsix')) : [];
  const only = found[0];
  if (only === undefined || found.length > 1) {
    throw new Error(`dist/ holds ${found.length} VSIX files: run npm run package, or name one in SACCADE_VSIX`);
  }
  return join(dist, only);
}

export interface InstalledVscode {
  readonly server: VscodeServer;
  /** Temporary; holds user data, extensions and workspaces; removed by `dispose`. */
  readonly folder: string;
  readonly extensionsDir: string;
  dispose(): Promise<void>;
}

/** A running VS Code server with the VSIX installed, in a temporary folder of its own. */
export async function installedVscode(env: Readonly<Record<string, string>> = {}): Promise<InstalledVscode> {
  const folder = mkdtempSync(join(tmpdir(), 'saccade-e2e-'));
  const extensionsDir = join(folder, 'extensions');
  const dataDir = join(folder, 'data');
  await installVsix({ dataDir, extensionsDir, vsix: builtVsix() });
  const server = await startServer({ dataDir, extensionsDir, env });
  return {
    server,
    folder,
    extensionsDir,
    async dispose() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
