import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, settings } from '../../src/host/ids';
import { exports, writeExport } from '../models/exports';
import { newFolder, saccade, write } from './support';

const setting = (id: string) => vscode.workspace.getConfiguration().get(id);

describe('Add Segmentation Model', () => {
  after(async () => {
    for (const id of [settings.segmentationModels, settings.segmentationModel])
      await vscode.workspace.getConfiguration().update(id, undefined, vscode.ConfigurationTarget.Global);
  });

  it('adds a model that is recognised by its graphs, and makes masks with it from then on', async () => {
    await saccade();
    const folder = join(newFolder(), 'sam');
    await writeExport(folder, exports.sam());
    const decoder = join(folder, 'sam_vit_b.decoder.onnx');
    await vscode.commands.executeCommand(commands.addSegmentationModel, vscode.Uri.file(decoder));
    assert.deepEqual(setting(settings.segmentationModels), [decoder]);
    assert.equal(setting(settings.segmentationModel), decoder);
    // Called again it adds nothing twice.
    await vscode.commands.executeCommand(commands.addSegmentationModel, vscode.Uri.file(folder));
    assert.deepEqual(setting(settings.segmentationModels), [decoder]);
  });

  it('answers a known checkpoint with the commands that export it', async () => {
    const checkpoint = write(join(newFolder(), 'mobile_sam.pt'), '');
    await vscode.commands.executeCommand(commands.addSegmentationModel, checkpoint);
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /samexporter\.export_decoder/);
    assert.ok(text.includes(checkpoint.fsPath));
  });
});
