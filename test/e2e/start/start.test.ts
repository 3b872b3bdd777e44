import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stageExtension } from '../../../scripts/lib/stage.mjs';
import { startServer, type VscodeServer } from '../../../scripts/lib/vscodeServer.mjs';
import { root } from '../harness/results';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { useWorkbench } from '../harness/useWorkbench';

describe('the checkout as npm start runs it', () => {
  let server: VscodeServer;
  beforeAll(async () => {
    const folder = mkdtempSync(join(inject('temporaryFolder'), 'start-'));
    const extensionsDir = join(folder, 'extensions');
    stageExtension(extensionsDir);
    server = await startServer({ dataDir: folder, extensionsDir });
  });
  afterAll(() => server.stop());
  const vscode = useWorkbench(
    () => ({ copies: { samples: join(root, 'media', 'samples') } }),
    () => server.url,
  );

  it('is one extension to VS Code, and opens a sample', async () => {
    await vscode.workbench.expand('samples');
    await vscode.workbench.explorerMenu('damaged', 'Open with Saccade');
    await new RolloutsEditor(vscode.workbench).listed();
    expect(vscode.pageErrors).toEqual([]);
  });
});
