import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually';
import { resultsDir, root } from '../harness/results';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { useWorkbench } from '../harness/useWorkbench';

const samples = join(root, 'media', 'samples');

/** The sample run's last step, in which one reward was paid for regions that overlap. No mouse is used. */
describe('a wrong reward, by keyboard alone', () => {
  const vscode = useWorkbench(() => ({
    theme: (process.env.ST_THEME ?? 'dark') as 'dark',
    copies: { images: join(samples, 'images'), verl: join(samples, 'verl') },
  }));
  const editor = () => new RolloutsEditor(vscode.workbench);
  /** Wherever the keyboard is. */
  const press = (key: string) => vscode.workbench.page.keyboard.press(key);
  const trace = 'verl/rollouts/240.jsonl';
  const sidecar = () => join(vscode.folder, `${trace}.saccade`);
  const shot = (name: string) =>
    vscode.workbench.page.screenshot({ path: join(resultsDir('screens'), `journey-${name}.png`) });
  const score = (text: string | RegExp) => editor().frame.locator('.score-numbers', { hasText: text }).waitFor();
  const clean = async () => (await vscode.workbench.dirtyTabs.count()) === 0;
  /** Signs of the group's recomputed advantages, in the order of the list. */
  const signs = async () =>
    (await editor().frame.locator('.score-group tbody .number:last-child').allTextContents()).map((text) => text[0]);

  it('is found: the rollout that differs is the only one listed', async () => {
    await vscode.workbench.goToFile(trace);
    await vscode.workbench.page.locator('.monaco-editor .view-line').first().waitFor();
    await vscode.workbench.command('Saccade: Open with Saccade');
    await editor().painted();
    await editor().press('q');
    await editor().frame.locator('.score-choice vscode-dropdown').waitFor();
    await editor().press('ArrowDown', 'ArrowDown');
    await score('sod_lvis.py');
    // From the list of profiles to the button below it.
    await eventually(
      async () => {
        await press('Tab');
        return editor().frame.locator('.score-pass vscode-button:focus').count();
      },
      (focused) => focused,
      1,
    );
    await press('Enter');
    await editor().frame.locator('.score-outcome', { hasText: '1 of 32 rollouts differ' }).waitFor();
    // A menu that was opened before the new column was there does not hold it.
    const menu = editor().frame.getByRole('menu', { name: 'Add a filter' });
    for (let times = 0; times < 20; times++) {
      await editor().press('Shift+F');
      await menu.waitFor();
      if ((await menu.getByText('Differs', { exact: true }).count()) > 0) break;
      await press('Escape');
    }
    await press('Enter');
    await editor().frame.getByText('1 of 32 rollouts').first().waitFor();
    await press('Escape');
    await press('g');
    await score('differs');
    await shot('differs');
  });

  it('is understood: with the box mended, the advantages flip', async () => {
    const before = await signs();
    expect(before).toHaveLength(8);
    await editor().press('Shift+E', ']');
    for (let steps = 0; steps < 12; steps++) await press('Shift+ArrowRight');
    await eventually(
      async () => (await signs()).some((sign, i) => sign !== before[i]),
      (flipped) => flipped,
      true,
    );
    await press('Enter');
    await vscode.workbench.dirtyTabs.waitFor();
    await shot('mended');
    await press('Escape');
  });

  it('is labelled, and goes into PRM and DPO data', async () => {
    await editor().press('l', '!');
    await editor().frame.locator('.face.wrong[aria-pressed=true]').first().waitFor();
    const { page, quickInput } = vscode.workbench;
    const pick = async (text: string) => {
      // What is typed before the list is there goes nowhere.
      await quickInput.locator('.monaco-list-row', { hasText: text }).waitFor();
      await page.keyboard.type(text);
      await quickInput.locator('.monaco-list-row.focused', { hasText: text }).waitFor();
      await press('Enter');
    };
    for (const [format, choice] of [
      ['TRL stepwise supervision (PRM)', 'All rollouts'],
      ['TRL DPO pairs', 'Best and worst of each group'],
    ] as const) {
      await vscode.workbench.command('Saccade: Export…');
      if (format.includes('PRM')) {
        await page.locator('.monaco-dialog-box').getByText('annotations that are not saved').waitFor();
        await press('Enter');
      }
      await pick(format);
      await pick(choice);
      await quickInput.locator('.quick-input-title', { hasText: 'records of' }).waitFor();
      await press('Enter');
      await vscode.workbench.notifications.filter({ hasText: 'records are in' }).first().waitFor();
      await shot(choice.startsWith('All') ? 'prm' : 'dpo');
      await vscode.workbench.command('Notifications: Clear All Notifications');
    }
    const written = (id: string) => {
      const folder = join(vscode.folder, `${trace}-${id}`);
      const [data] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
      return readFileSync(join(folder, data ?? ''), 'utf8')
        .trim()
        .split('\n');
    };
    expect(written('prm-trl').some((line) => line.includes('false'))).toBe(true);
    expect(written('dpo-trl')).toHaveLength(4);
  });

  it('is undone, all of it', async () => {
    expect(existsSync(sidecar())).toBe(true);
    await editor().listed();
    await editor().frame.locator('.face.wrong[aria-pressed=true]').first().waitFor();
    await vscode.workbench.pressUntil(
      'Control+z',
      async () => (await editor().frame.locator('.edited-note, .row-marks').count()) === 0,
    );
    await shot('undone');
    await vscode.workbench.pressUntil('Control+s', clean);
    await eventually(
      async () => existsSync(sidecar()),
      (there) => there,
      false,
    );
    expect(vscode.pageErrors).toEqual([]);
  });
});
