import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultsDir, root } from '../harness/results';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { useWorkbench } from '../harness/useWorkbench';
import type { Theme } from '../harness/workspace';

describe.each<Theme>(['dark', 'light', 'highContrast'])('the samples in the %s theme', (theme) => {
  const vscode = useWorkbench(() => ({ theme, copies: { samples: join(root, 'media', 'samples') } }));

  it('open, paint their image and leave a screenshot to look at', async () => {
    const editor = new RolloutsEditor(vscode.workbench);
    await vscode.workbench.expand('samples');
    await vscode.workbench.expand('active-o3');
    await vscode.workbench.explorerMenu('visualization_vstar', 'Open with Saccade');
    const { canvas, image } = await editor.painted();
    expect(image).toBe('resolved');
    expect(canvas.regions.length).toBeGreaterThan(0);
    await vscode.workbench.page.screenshot({ path: join(resultsDir('screens'), `rollouts-${theme}.png`) });
    expect(vscode.pageErrors).toEqual([]);
  });
});
