import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { commands } from '../../src/host/ids';
import { newFolder, saccade, writeStep } from './support';

const run = promisify(execFile);

describe('Install CLI', () => {
  it("writes a launcher that reads a trace with VS Code's own Node", async () => {
    const { launcher } = await saccade();
    await vscode.commands.executeCommand(commands.installCli);
    assert.ok(existsSync(launcher));
    const trace = writeStep(newFolder(), 1);
    // Clusters have no Node: an empty PATH but for the shell's own tools.
    const { stdout } = await run(launcher, ['info', trace.fsPath, '--json'], {
      env: { PATH: '/usr/bin:/bin', HOME: newFolder() },
    });
    const info = JSON.parse(stdout) as { readonly rollouts: number; readonly groups: number };
    assert.deepEqual([info.rollouts, info.groups], [16, 2]);
  });
});
