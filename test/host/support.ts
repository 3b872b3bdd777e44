import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/host/host';
import { extensionId, viewTypes } from '../../src/host/ids';

/** The extension under test, activated. */
export async function saccade(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi | undefined>(extensionId);
  if (extension === undefined) throw new Error('the extension is not there');
  const api = await extension.activate();
  if (api === undefined) throw new Error('the extension does not know that it runs under test');
  return api;
}

/** A new folder of its own in the workspace that is open. */
export function newFolder(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('no workspace is open');
  return mkdtempSync(join(folder.uri.fsPath, 'case-'));
}

/** Rows of a verl dump: `groups` prompts with 8 rollouts each, every rollout with one region. */
export function verlRows(step: number, groups = 2): string {
  const rows = [];
  for (let group = 0; group < groups; group++) {
    for (let i = 0; i < 8; i++) {
      const box = [10 + i, 20, 110 + i, 140];
      rows.push({
        input: `system\nYou look closely.user\n<image>Where is object ${group}?assistant\n`,
        output: `<think>There.</think><answer>[{"bbox_2d": [${box.join(', ')}], "label": "object"}]</answer>`,
        gts: '[[12, 22, 112, 142]]',
        score: i / 8,
        step,
      });
    }
  }
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Writes `{step}.jsonl`; answers its URI. */
export function writeStep(folder: string, step: number, groups = 2): vscode.Uri {
  return write(join(folder, `${step}.jsonl`), verlRows(step, groups));
}

export function write(path: string, text: string): vscode.Uri {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return vscode.Uri.file(path);
}

export async function openWithSaccade(uri: vscode.Uri, column = vscode.ViewColumn.One): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, viewTypes.rollouts, column);
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Waits for something that happens in its own time; the runner's timeout is the only clock. */
export async function until<T>(probe: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The session of the editor on a path, once the whole trace is read. */
export async function readWhole(
  api: TestApi,
  uri: vscode.Uri,
): Promise<TestApi['editors'] extends () => readonly (infer E)[] ? E : never> {
  return until(() => api.editors().find(({ session }) => session.path === uri.fsPath && session.progress?.done));
}

/** What kind of editor the active tab has. */
export function activeInput(): unknown {
  return vscode.window.tabGroups.activeTabGroup.activeTab?.input;
}
