import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, extensionId, viewTypes } from '../../src/host/ids';
import { linkText } from '../../src/host/links/rolloutLink';
import {
  activeInput,
  closeAll,
  newFolder,
  openWithSaccade,
  readWhole,
  saccade,
  until,
  write,
  writeStep,
} from './support';

const { signal } = new AbortController();

describe('opening a trace', () => {
  afterEach(closeAll);

  it('opens one file of a verl run', async () => {
    const api = await saccade();
    const uri = writeStep(newFolder(), 3);
    await openWithSaccade(uri);
    const { session } = await readWhole(api, uri);
    const input = activeInput();
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, viewTypes.rollouts);
    assert.equal(session.progress?.rollouts, 16);
    const { rollouts } = await session.group(1, signal);
    assert.deepEqual(rollouts[0]?.regions[0]?.box, { x1: 10, y1: 20, x2: 110, y2: 140 });
  });

  it('opens the folder of all steps through the command of the explorer', async () => {
    const api = await saccade();
    const folder = newFolder();
    writeStep(folder, 1);
    writeStep(folder, 2);
    const uri = vscode.Uri.file(folder);
    await vscode.commands.executeCommand(commands.open, uri, [uri]);
    const { session } = await readWhole(api, uri);
    assert.equal(session.progress?.rollouts, 32);
    assert.equal(session.progress?.groups, 4);
  });

  it('follows a link into the workspace without a question', async () => {
    const api = await saccade();
    const uri = writeStep(newFolder(), 3);
    const link = linkText('vscode', extensionId, {
      trace: uri.fsPath,
      file: '3.jsonl',
      line: 2,
      key: 'gone',
      host: '',
    });
    // The record is not there, which is said once the trace is open.
    void api.follow(vscode.Uri.parse(link));
    const { session } = await readWhole(api, uri);
    assert.equal(session.progress?.rollouts, 16);
  });

  it('opens every selected file', async () => {
    const api = await saccade();
    const folder = newFolder();
    const uris = [writeStep(folder, 1), writeStep(folder, 2)];
    await vscode.commands.executeCommand(commands.open, uris[0], uris);
    for (const uri of uris) await readWhole(api, uri);
  });

  it('opens a row with NaN, and the reward is not a number rather than absent', async () => {
    const api = await saccade();
    const uri = write(join(newFolder(), '1.jsonl'), '{"input":"a","output":"b","score":NaN,"step":1}\n');
    await openWithSaccade(uri);
    const { session } = await readWhole(api, uri);
    const { rollouts } = await session.group(0, signal);
    assert.ok(Number.isNaN(rollouts[0]?.reward));
  });

  it('says why a file holds no trace, and leaves its text one click away', async () => {
    const api = await saccade();
    const uri = write(join(newFolder(), 'notes.json'), '{"hello": "world"}');
    await openWithSaccade(uri);
    const failure = await until(
      () => api.editors().find(({ session }) => session.path === uri.fsPath)?.session.openFailure,
    );
    assert.match(String(failure.error), /notes\.json/);
    await vscode.commands.executeCommand(commands.openAsText);
    assert.ok(activeInput() instanceof vscode.TabInputText);
  });

  it('leaves other JSON to the text editor', async () => {
    await saccade();
    for (const name of ['data.json', 'lines.jsonl', 'thing_mid.json']) {
      await vscode.commands.executeCommand('vscode.open', write(join(newFolder(), name), '{"a": 1}\n'));
      assert.ok(activeInput() instanceof vscode.TabInputText, name);
    }
  });

  it('refuses what is not on disk, in words', async () => {
    const api = await saccade();
    const provider = vscode.workspace.registerTextDocumentContentProvider('elsewhere', {
      provideTextDocumentContent: () => '{}',
    });
    try {
      const uri = vscode.Uri.parse('elsewhere:/run/1.jsonl');
      await openWithSaccade(uri);
      const refusal = await until(() => api.refused().find((refused) => refused.uri === uri.toString()));
      assert.match(refusal.message, /elsewhere:/);
    } finally {
      provider.dispose();
    }
  });
});

describe('several editors on one trace', () => {
  afterEach(closeAll);

  it('share one document', async () => {
    const api = await saccade();
    const uri = writeStep(newFolder(), 1);
    await openWithSaccade(uri, vscode.ViewColumn.One);
    await openWithSaccade(uri, vscode.ViewColumn.Two);
    const [first, second] = await until(() => (api.editors().length === 2 ? api.editors() : null));
    assert.equal(first?.session, second?.session);
  });
});
