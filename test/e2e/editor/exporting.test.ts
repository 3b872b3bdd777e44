import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { scenePng } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

/** A line as verl's dump has it, with columns that its reward function returned. */
const row = (output: string, score: number) =>
  JSON.stringify({
    input: 'user\nWhich sign is it?\nassistant\n',
    output,
    gts: 'A',
    score,
    step: 5,
    uid: 'p',
    image_path: 'scene.png',
  });

describe('exporting by keyboard', () => {
  let scene: Uint8Array = new Uint8Array();
  beforeAll(async () => {
    scene = await scenePng({ r: 90, g: 120, b: 160 });
  });
  const log = [
    row('<think>It is A.</think>\n<answer>A</answer>', 1),
    row('<think>It is B.</think>\n<answer>B</answer>', 0),
  ];
  const vscode = useWorkbench(() => ({ files: { '5.jsonl': `${log.join('\n')}\n`, 'scene.png': scene } }));
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await vscode.workbench.page.keyboard.press(key);
  };
  /** Types into the pick that asks `question`, and takes what is focused then. */
  const answer = async (question: string, text: string, wanted: string) => {
    const { quickInput } = vscode.workbench;
    await quickInput.locator(`input[placeholder="${question}"]`).waitFor();
    await vscode.workbench.page.keyboard.type(text);
    await quickInput.locator('.monaco-list-row.focused').filter({ hasText: wanted }).waitFor();
    await press('Enter');
  };
  /** Takes the folder that is offered, once the preview stands behind the question. */
  const write = async (title: string, name: string) => {
    await vscode.workbench.quickInput.locator('.quick-input-title').filter({ hasText: title }).waitFor();
    await vscode.workbench.tab(`5.jsonl-${name}-`).waitFor();
    await press('Enter');
    const path = join(vscode.folder, `5.jsonl-${name}`, 'data.jsonl');
    const read = () =>
      Promise.resolve()
        .then(() => readFileSync(path, 'utf8'))
        .catch(() => '');
    const text = await eventually(read, (found) => found !== '', true).then(read);
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('writes process supervision of labelled steps, after a preview', async () => {
    await vscode.workbench.explorerMenu('5.jsonl', 'Open with Saccade');
    const editor = new RolloutsEditor(vscode.workbench);
    await editor.listed();
    await editor.frame.locator('.note-numbers').waitFor();
    await editor.list.focus();
    await press('l', '-');
    await editor.frame.locator('.face.wrong[aria-pressed=true]').first().waitFor();
    await vscode.workbench.pressUntil('Control+s', async () => (await vscode.workbench.dirtyTabs.count()) === 0);
    await vscode.workbench.command('Saccade: Export…');
    await answer('For which consumer?', 'prm-trl', 'TRL stepwise');
    await answer('Which rollouts?', '', 'All rollouts');
    expect(await write('Export: 1 records of 1 rollouts', 'prm-trl')).toEqual([
      { prompt: 'Which sign is it?', completions: ['<think>It is A.</think>\n<answer>A</answer>'], labels: [false] },
    ]);
  });

  it('writes preference pairs with their picture', async () => {
    // The preview is closed, and the trace in front again.
    await vscode.workbench.tab('5.jsonl-prm-trl-').waitFor({ state: 'detached' });
    const editor = new RolloutsEditor(vscode.workbench);
    await editor.listed();
    await editor.list.focus();
    await vscode.workbench.command('Saccade: Export…');
    await answer('For which consumer?', 'dpo-trl', 'TRL DPO');
    await answer('Which pairs?', '', 'Best and worst');
    const [pair] = await write('Export: 1 records of 2 rollouts', 'dpo-trl');
    expect(pair).toMatchObject({ images: ['images/g000001-1.png'], chosen: [{ role: 'assistant' }] });
    expect(JSON.stringify(pair?.chosen)).toContain('It is A.');
  });

  it('saves what the picture shows, and its rollout as a page', async () => {
    await vscode.workbench.tab('5.jsonl-dpo-trl-').waitFor({ state: 'detached' });
    const editor = new RolloutsEditor(vscode.workbench);
    await editor.painted();
    await editor.list.focus();
    const written = async (name: string) => {
      const read = async () => (existsSync(join(vscode.folder, name)) ? readFileSync(join(vscode.folder, name)) : null);
      // The dialog asks where: beside the trace is what it offers.
      await vscode.workbench.quickInput.locator('input').first().waitFor();
      await eventually(
        () => vscode.workbench.quickInput.locator('input').first().inputValue(),
        (text) => text.endsWith(name),
        true,
      );
      await press('Enter');
      return (await eventually(read, (found) => (found?.length ?? 0) > 0, true)) ?? Buffer.of();
    };
    await press('S');
    await answer('What, and as what?', 'PNG', 'The whole image');
    await answer('How large?', '', '1600 pixels wide');
    const { format, width } = await sharp(await written('5.png')).metadata();
    expect([format, width]).toEqual(['png', 1624]);
    await editor.list.focus();
    await press('H');
    const page = (await written('5.html')).toString();
    expect(page).toContain('It is A.');
    expect(page).toContain('data:image/webp;base64,');
    expect(vscode.pageErrors).toEqual([]);
  });
});
