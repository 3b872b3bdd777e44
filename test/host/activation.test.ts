import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { actionCommands, commands, extensionId } from '../../src/host/ids';
import { closeAll, newFolder, openWithSaccade, readWhole, saccade, writeStep } from './support';

const natives = /sharp|libvips|duckdb|onnxruntime/i;

/** Native files of ours that this process has loaded; Linux also says what was mapped behind Node's back. */
function loadedNatives(): readonly string[] {
  const root = vscode.extensions.getExtension(extensionId)?.extensionPath ?? '';
  const required = Object.keys(require.cache).filter((path) => path.startsWith(root) && path.endsWith('.node'));
  if (process.platform !== 'linux') return required;
  const mapped = readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => natives.test(line));
  return [...required, ...mapped];
}

describe('activation', () => {
  after(closeAll);

  it('registers every command of the table', async () => {
    await saccade();
    const registered = await vscode.commands.getCommands(true);
    for (const id of [...Object.values(commands), ...Object.values(actionCommands)])
      assert.ok(registered.includes(id), id);
  });

  it('loads no native module into the extension host, not even with a trace open', async () => {
    const api = await saccade();
    const uri = writeStep(newFolder(), 1);
    await openWithSaccade(uri);
    const { session } = await readWhole(api, uri);
    await session.group(0, new AbortController().signal);
    assert.deepEqual(loadedNatives(), []);
  });
});
