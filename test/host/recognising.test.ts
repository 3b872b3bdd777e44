import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { commands, viewTypes } from '../../src/host/ids';
import { activeInput, closeAll, newFolder, readWhole, saccade, until, write, writeStep } from './support';

const associations = () => vscode.workspace.getConfiguration('workbench').inspect<object>('editorAssociations');

describe('recognising a trace in a text editor', () => {
  afterEach(closeAll);

  it('offers Saccade on a trace and not on other JSON', async () => {
    const api = await saccade();
    const folder = newFolder();
    const other = write(join(folder, 'other.json'), '{"a": 1}');
    await vscode.commands.executeCommand('vscode.open', other);
    const trace = writeStep(folder, 1);
    await vscode.commands.executeCommand('vscode.open', trace, vscode.ViewColumn.Two);
    await until(() => api.recognised().includes(trace.fsPath));
    assert.ok(!api.recognised().includes(other.fsPath));
  });
});

describe('Always Open These with Saccade', () => {
  afterEach(async () => {
    await vscode.workspace
      .getConfiguration('workbench')
      .update('editorAssociations', undefined, vscode.ConfigurationTarget.Workspace);
    await closeAll();
  });

  it('writes an association for the folder of a run, after which its files open with Saccade', async () => {
    const api = await saccade();
    const folder = newFolder();
    const first = writeStep(folder, 1);
    const second = writeStep(folder, 2);
    await vscode.commands.executeCommand(commands.alwaysOpen, first);
    await until(() => associations()?.workspaceValue);
    assert.deepEqual(associations()?.workspaceValue, { [`**/${basename(folder)}/*.jsonl`]: viewTypes.rollouts });
    await readWhole(api, first);
    await vscode.commands.executeCommand('vscode.open', second);
    await readWhole(api, second);
    assert.ok(activeInput() instanceof vscode.TabInputCustom);
  });

  it('writes nothing for a file that holds no trace', async () => {
    await saccade();
    const uri = write(join(newFolder(), 'notes.json'), '{}');
    await vscode.commands.executeCommand(commands.alwaysOpen, uri);
    assert.equal(associations()?.workspaceValue, undefined);
  });
});
