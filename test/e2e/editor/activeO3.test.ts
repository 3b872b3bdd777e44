import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { type Corners, cutBox, response } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const folder = join(process.env.SACCADE_DATA ?? '', 'active-o3');
const there = process.env.SACCADE_DATA !== undefined && existsSync(join(folder, 'sa_17063.json'));
const pasted: Corners = [560, 378, 1120, 756];

/** What ACTIVE-O3's authors published, beside the checkout where it lies there. */
describe.skipIf(!there)('the real samples of ACTIVE-O3', () => {
  const vscode = useWorkbench(() => {
    const sample = JSON.parse(readFileSync(join(folder, 'sa_17063.json'), 'utf8'));
    const mid = { file_name: 'sa_17063.jpg', question: sample.question, response: response([pasted]) };
    return {
      copies: { vstar: folder, 'pasted/sa_17063.jpg': join(folder, 'sa_17063.jpg') },
      files: { 'pasted/json/sa_17063-pasted_mid.json': JSON.stringify(mid) },
    };
  });
  const editor = () => new RolloutsEditor(vscode.workbench);

  it('open as V* samples: image, question and target box', async () => {
    const { question, bbox } = JSON.parse(readFileSync(join(folder, 'sa_17063.json'), 'utf8'));
    await vscode.workbench.explorerMenu('vstar', 'Open with Saccade');
    await editor().listed();
    await editor().frame.getByText('sa_17063.json').first().waitFor();
    const { canvas } = await editor().painted();
    expect(canvas.size).toEqual({ width: 2250, height: 1500 });
    await editor().frame.getByText(question).first().waitFor();
    const [x, y, width, height] = bbox[0];
    const truth = canvas.regions.find(({ palette }) => palette === 9);
    expect(truth?.box).toEqual({ x1: x, y1: y, x2: x + width, y2: y + height });
    await vscode.workbench.closeAllEditors();
  });

  it('land the regions of a pasted response on the right spot', async () => {
    await vscode.workbench.explorerMenu('pasted', 'Open with Saccade');
    const { canvas } = await editor().painted();
    expect(canvas.regions[0]?.box.x1).toBeCloseTo(cutBox(pasted).x1, 6);
    expect(canvas.regions[0]?.box.y2).toBeCloseTo(cutBox(pasted).y2, 6);
  });
});
