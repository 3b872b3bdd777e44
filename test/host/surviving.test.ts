import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { FrameChoice } from '../../src/core/geometry/frame';
import { commands } from '../../src/host/ids';
import { closeAll, newFolder, openWithSaccade, readWhole, saccade, until, writeStep } from './support';

const { signal } = new AbortController();
const chosen: FrameChoice = {
  dataSource: null,
  field: 'prediction',
  spec: { kind: 'relative1000' },
  origin: 'user',
  reason: 'set by you',
};

describe('a trace outlives what happens around it', () => {
  afterEach(closeAll);

  it('is opened again when the process that reads it is killed', async () => {
    const api = await saccade();
    const uri = writeStep(newFolder(), 1);
    await openWithSaccade(uri);
    const { session } = await readWhole(api, uri);
    const before = api.dataPid();
    assert.ok(before !== undefined);
    process.kill(before, 'SIGKILL');
    await until(() => api.dataPid() !== before && api.dataPid() !== undefined);
    const groups = await session.link.ask('trace/groups', { start: 0, count: 10 });
    assert.deepEqual(
      groups.map(({ size }) => size),
      [8, 8],
    );
  });

  it('is opened again by Restart', async () => {
    const api = await saccade();
    const uri = writeStep(newFolder(), 1);
    await openWithSaccade(uri);
    const { session } = await readWhole(api, uri);
    const before = api.dataPid();
    await vscode.commands.executeCommand(commands.restart);
    assert.equal((await session.group(1, signal)).summary.size, 8);
    assert.notEqual(api.dataPid(), before);
  });

  it('keeps a frame the user set when its editor is closed and opened again', async () => {
    const api = await saccade();
    const uri = writeStep(newFolder(), 1);
    await openWithSaccade(uri);
    const first = (await readWhole(api, uri)).session;
    const state = await first.apply({ kind: 'setFrame', choice: chosen });
    assert.equal(state.revision, 1);
    await closeAll();
    await until(() => api.editors().length === 0);
    await openWithSaccade(uri);
    const second = (await readWhole(api, uri)).session;
    assert.notEqual(second, first);
    assert.deepEqual(second.state.frames, [chosen]);
    const { frames } = await second.group(0, signal);
    const prediction = frames.find(({ field }) => field === 'prediction');
    assert.deepEqual([prediction?.spec, prediction?.origin], [chosen.spec, 'user']);
  });
});
