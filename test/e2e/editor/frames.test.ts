import { describe, expect, it } from 'vitest';
import { type EditorSnapshot, RolloutsEditor } from '../harness/rolloutsEditor';
import { type Corners, expectedBox, response, scenePng, sceneSize, verlLines } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const corners: Corners = [448, 302, 896, 756];
const leftEdge = ({ canvas }: EditorSnapshot) => canvas.regions[0]?.box.x1.toFixed(6);

describe('the frame of a verl dump, which states none', async () => {
  const image = await scenePng({ r: 90, g: 90, b: 90 });
  const row = (member: number) => ({
    input: 'Find the sign.',
    output: response([corners]),
    score: member,
    step: 5,
    uid: 'prompt-1',
    image_path: 'scene.png',
  });
  const vscode = useWorkbench(() => ({ files: { '5.jsonl': verlLines([row(0), row(1)]), 'scene.png': image } }));
  const editor = () => new RolloutsEditor(vscode.workbench);
  const open = async () => {
    await vscode.workbench.explorerMenu('5.jsonl', 'Open with Saccade');
    await editor().listed();
    return editor().until(({ selection, image: state }) => [selection.detail, state], ['ready', 'resolved']);
  };

  it('cannot be told, which is said instead of drawing boxes in the wrong place', async () => {
    const shown = await open();
    expect(shown.canvas.regions).toEqual([]);
    await editor().frame.getByRole('note').getByText('The predicted boxes').waitFor();
  });

  it('is set by the user, and boxes move there at once', async () => {
    await editor().press('i');
    await editor().chooseFrame('Original pixels');
    const [x1, y1, x2, y2] = corners;
    await editor().until(({ canvas }) => canvas.regions.map(({ box }) => box), [{ x1, y1, x2, y2 }]);
    await editor().chooseFrame('Qwen2.5-VL input');
    const input = await editor().until(leftEdge, expectedBox(corners).x1.toFixed(6));
    expect(input.canvas.size).toEqual(sceneSize);
  });

  it('is remembered when the trace is opened again', async () => {
    await vscode.workbench.closeAllEditors();
    await open();
    await editor().until(leftEdge, expectedBox(corners).x1.toFixed(6));
  });
});
