import { it } from 'vitest';
import { eventually } from '../harness/eventually';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const row = (prompt: string, score: number) => ({
  input: prompt,
  output: '<answer>A</answer>',
  gts: 'A',
  score,
  step: 5,
});
const rows = [0.1, 0.9, 0.4]
  .map((score) => row('Where is the kite?', score))
  .concat([0.95, 0.2].map((score) => row('And the boat?', score)));

const vscode = useWorkbench(() => ({ files: { '5.jsonl': verlLines(rows) } }));
const editor = () => new RolloutsEditor(vscode.workbench);
const bar = () => editor().frame.locator('.filter-bar');
/** Rows are placeholders until their group's page has come. */
const lists = (...rewards: readonly string[]) =>
  eventually(
    () => editor().frame.locator('.rollout-row .reward').allTextContents(),
    (seen) => [...seen].sort(),
    rewards,
  );

async function type(text: string): Promise<void> {
  await vscode.workbench.page.keyboard.type(text);
}

it('a range of the reward is set by keys, and lists what is in it', async () => {
  await vscode.workbench.explorerMenu('5.jsonl', 'Open with Saccade');
  await editor().listed();
  await editor().list.focus();
  await editor().press('Shift+F');
  await editor().frame.getByRole('menu', { name: 'Add a filter' }).waitFor();
  // A condition one click away begins with the same letter.
  await editor().press('r');
  await editor().press('r');
  await editor().press('Enter');
  await editor().frame.getByRole('dialog', { name: 'Filter by reward' }).waitFor();
  await type('0.5');
  await editor().press('Enter');
  await bar().getByText('2 of 5 rollouts · 2 groups').waitFor();
  await lists('0.900', '0.950');
});

it('a condition in SQL that is wrong is told in DuckDB’s words, and a right one narrows the list', async () => {
  await editor().list.focus();
  await editor().press('w');
  await type('rewrad > 0.92');
  await editor().press('Enter');
  await bar().getByRole('alert').getByText('rewrad').waitFor();
  await editor().press('Control+A');
  await type('reward > 0.92');
  await editor().press('Enter');
  await bar().getByText('1 of 5 rollouts · 1 group').waitFor();
  await lists('0.950');
});

it('is kept by name, cleared, and chosen again from VS Code’s own list', async () => {
  await vscode.workbench.command('Saccade: Save Filter…');
  await vscode.workbench.page.locator('.quick-input-title').getByText('Save Filter').waitFor();
  await type('the best');
  await vscode.workbench.page.keyboard.press('Enter');
  await vscode.workbench.page.locator('.quick-input-title').getByText('Save Filter').waitFor({ state: 'hidden' });
  await editor().list.focus();
  await editor().press('x');
  await editor().frame.locator('.rollout-row').nth(4).waitFor();
  await vscode.workbench.command('Saccade: Saved Filters…');
  await vscode.workbench.page.locator('.quick-input-list').getByText('the best').waitFor();
  await vscode.workbench.page.keyboard.press('Enter');
  await bar().getByText('1 of 5 rollouts · 1 group').waitFor();
  await lists('0.950');
});
