import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { demoFiles, response } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

describe('a policy that is asked with nothing configured', () => {
  const image = 'harbour.jpg';
  const rollouts = [{ image, group: image, response: response([[100, 100, 300, 300]]), score: 1 }];
  const vscode = useWorkbench(() => ({
    files: { ...demoFiles(rollouts, 'run'), [`run/${image}`]: readFileSync(join('media', 'samples', 'images', image)) },
  }));
  const editor = () => new RolloutsEditor(vscode.workbench);
  const lines = () => {
    try {
      const text = readFileSync(join(vscode.folder, 'policy-rollouts.jsonl'), 'utf8');
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly score: number; readonly regions: readonly unknown[] });
    } catch {
      return [];
    }
  };

  it('proposes regions for the sample, then a group with one key; both are a trace that opens at what came last', async () => {
    await vscode.workbench.explorerMenu('run', 'Open with Saccade');
    await editor().painted();
    await editor().list.focus();
    const { page, quickInput } = vscode.workbench;
    await page.keyboard.press('B');
    await vscode.workbench.quickPick('basic');
    const answered = async (title: string) => {
      await quickInput.locator('.quick-input-title', { hasText: title }).waitFor();
      await quickInput.locator('input').first().press('Enter');
      await quickInput.locator('.quick-input-title', { hasText: title }).waitFor({ state: 'hidden' });
    };
    await answered('Propose Regions');
    await answered('Append Rollouts To');
    await eventually(
      () => Promise.resolve(lines()),
      (found) => found.length,
      1,
    );
    await page.locator('.tab.active', { hasText: 'policy-rollouts.jsonl' }).waitFor();
    await editor().listed();
    expect(lines()[0]?.regions.length).toBeGreaterThan(0);
    await editor().painted();
    await editor().list.focus();
    await page.keyboard.press('Z');
    await eventually(
      () => Promise.resolve(lines()),
      (found) => found.length,
      9,
    );
    await eventually(
      () => editor().snapshot(),
      ({ selection }) => selection.place,
      { group: 1, member: 0 },
    );
  });
});
