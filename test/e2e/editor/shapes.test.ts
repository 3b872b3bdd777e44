import { describe, expect, it } from 'vitest';
import { allShapes } from '../../fixtures/shapes/all';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { useWorkbench } from '../harness/useWorkbench';

const shapes = await allShapes();

/** One folder a shape, so that nothing lies beside a log that is not its own. */
const folderOf = (index: number): string => `s${String(index).padStart(2, '0')}`;

describe('every record shape', () => {
  const vscode = useWorkbench(() => ({
    settings: { 'workbench.editorAssociations': { '**/s??/**': 'saccade.rollouts' } },
    files: Object.fromEntries(
      shapes.flatMap(({ files }, index) =>
        Object.entries(files).map(([path, content]) => [`${folderOf(index)}/${path}`, content]),
      ),
    ),
  }));

  it.each(shapes.map((shape, index) => ({ ...shape, index })))(
    '$format opens in the editor with its words, and its region on the right pixels',
    async ({ open, text, box, image, index }) => {
      const { workbench } = vscode;
      const editor = new RolloutsEditor(workbench);
      await workbench.goToFile(`${folderOf(index)}/${open}`);
      await editor.listed();
      await editor.frame.getByText(text).first().waitFor();
      if (image) {
        const { canvas } = await editor.painted();
        expect(canvas.size).toEqual({ width: 200, height: 100 });
        if (box !== null) expect(canvas.regions.map((region) => region.box)).toContainEqual(box);
      }
      await workbench.closeAllEditors();
    },
  );

  it('leaves no error in the window', () => {
    expect(vscode.pageErrors).toEqual([]);
  });
});
