import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AnnotationDiff } from '../../src/core/annotation/diff';
import { readSidecar, sidecarVersion, writeSidecar } from '../../src/core/annotation/sidecar';
import type { DocumentNotes } from '../../src/host/annotations/documentNotes';
import { splitKey } from '../../src/host/annotations/traceAnnotations';
import { closeAll, newFolder, openWithSaccade, readWhole, saccade, until, writeStep } from './support';

const { signal } = new AbortController();
const time = '2026-01-02T03:04:05.000Z';
const noted = (value: number) => ({ author: 'Ada', time, value });

const run = (command: string) => vscode.commands.executeCommand(`workbench.action.files.${command}`);
const dirty = () => vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty === true;

async function totalOf(notes: DocumentNotes, member = 0): Promise<number | undefined> {
  const { members, records } = await notes.group(0, signal);
  const record = records.find(({ kind, key }) => kind === 'rollout' && key === members[member]?.key);
  return record?.kind === 'rollout' ? record.notes.total?.value : undefined;
}

async function setTotal(notes: DocumentNotes, value: number, member = 0): Promise<void> {
  const one = (await notes.group(0, signal)).members[member];
  assert.ok(one !== undefined);
  const { key, hints } = one;
  const change = { kind: 'rollout', key, hints, path: ['total'], before: null, after: noted(value) } as const;
  await notes.edit({ label: 'Set the reward', changes: [change] } satisfies AnnotationDiff);
  // What VS Code has not heard of yet, it neither saves nor reverts.
  await until(dirty);
}

async function openStep() {
  const api = await saccade();
  const uri = writeStep(newFolder(), 1);
  await openWithSaccade(uri);
  const { notes } = await readWhole(api, uri);
  return { api, uri, notes, sidecar: `${uri.fsPath}.saccade`, log: readFileSync(uri.fsPath, 'utf8') };
}

describe('annotating a trace', () => {
  afterEach(async () => {
    await run('revert');
    await closeAll();
  });

  it('makes the tab dirty, is undone and redone by VS Code, and is saved into the sidecar alone', async () => {
    const { uri, notes, sidecar, log } = await openStep();
    assert.equal(dirty(), false);
    await setTotal(notes, 2);
    await vscode.commands.executeCommand('undo');
    await until(async () => (await totalOf(notes)) === undefined);
    await until(() => !dirty());
    await vscode.commands.executeCommand('redo');
    await until(async () => (await totalOf(notes)) === 2);
    await run('save');
    await until(() => !dirty());
    const read = readSidecar(readFileSync(sidecar, 'utf8'));
    assert.deepEqual(read?.records[0]?.notes, { total: noted(2) });
    assert.equal(readFileSync(uri.fsPath, 'utf8'), log);
  });

  it('is given up by revert, and taken out of the sidecar by undo after a save', async () => {
    const { notes, sidecar } = await openStep();
    await setTotal(notes, 2);
    await run('revert');
    await until(async () => (await totalOf(notes)) === undefined);
    assert.equal(existsSync(sidecar), false);
    await setTotal(notes, 3);
    await run('save');
    await until(() => existsSync(sidecar));
    await vscode.commands.executeCommand('undo');
    await until(dirty);
    await run('save');
    await until(() => !existsSync(sidecar));
  });

  it('is shown by every editor on the trace, and comes back after all were closed', async () => {
    const { api, uri, notes } = await openStep();
    await openWithSaccade(uri, vscode.ViewColumn.Two);
    const editors = await until(() => (api.editors().length === 2 ? api.editors() : null));
    assert.equal(editors[0]?.notes, editors[1]?.notes);
    await setTotal(notes, 2);
    await run('save');
    await closeAll();
    await until(() => api.editors().length === 0);
    await openWithSaccade(uri);
    assert.equal(await totalOf((await readWhole(api, uri)).notes), 2);
    assert.equal(dirty(), false);
  });

  it('that a window lost before it saved comes back as one edit that can be undone', async () => {
    const { api, uri, notes } = await openStep();
    await setTotal(notes, 2);
    const kept = readFileSync(notes.journal.path);
    await run('revert');
    await until(() => !existsSync(notes.journal.path));
    await closeAll();
    await until(() => api.editors().length === 0);
    writeFileSync(notes.journal.path, kept);
    await openWithSaccade(uri);
    const again = (await readWhole(api, uri)).notes;
    assert.equal(await totalOf(again), 2);
    await until(dirty);
    await vscode.commands.executeCommand('undo');
    await until(async () => (await totalOf(again)) === undefined);
  });

  it('merges what somebody else writes into the sidecar', async () => {
    const { notes, sidecar } = await openStep();
    await setTotal(notes, 2);
    const { members } = await notes.group(0, signal);
    const [, other] = members;
    assert.ok(other !== undefined);
    const key = splitKey(other.key).own;
    const theirs = { kind: 'rollout', key, hints: other.hints, notes: { total: noted(5) } } as const;
    writeFileSync(sidecar, writeSidecar({ head: '', size: 0 }, [theirs]));
    await until(async () => (await totalOf(notes, 1)) === 5);
    assert.equal(await totalOf(notes), 2);
    await run('save');
    await until(() => !dirty());
    assert.equal(readSidecar(readFileSync(sidecar, 'utf8'))?.records.length, 2);
  });

  it('is refused where a newer version wrote the sidecar, and that one stays as it is', async () => {
    const api = await saccade();
    const uri = writeStep(newFolder(), 1);
    const text = `${JSON.stringify({ saccade: 'annotations', version: sidecarVersion + 1, log: {} })}\n`;
    writeFileSync(`${uri.fsPath}.saccade`, text);
    await openWithSaccade(uri);
    const { notes } = await readWhole(api, uri);
    await assert.rejects(setTotal(notes, 2), /newer version of Saccade/);
    assert.equal(dirty(), false);
    assert.equal(readFileSync(`${uri.fsPath}.saccade`, 'utf8'), text);
  });

  it('goes along when the log is saved under another name, and leaves the first as it was', async () => {
    const { api, uri, notes, sidecar } = await openStep();
    await setTotal(notes, 2);
    const { key, hints } = await notes.group(0, signal);
    const after = { author: 'Ada', time, value: true } as const;
    const change = { kind: 'group', key, hints, path: ['excluded'], before: null, after } as const;
    await notes.edit({ label: 'Exclude the group', changes: [change] });
    const copy = join(newFolder(), '9.jsonl');
    await notes.saveAs(vscode.Uri.file(copy));
    assert.equal(readFileSync(copy, 'utf8'), readFileSync(uri.fsPath, 'utf8'));
    assert.equal(existsSync(sidecar), false);
    assert.equal(await totalOf(notes), undefined);
    await openWithSaccade(vscode.Uri.file(copy));
    const copied = (await readWhole(api, vscode.Uri.file(copy))).notes;
    assert.equal(await totalOf(copied), 2);
    const record = (await copied.group(0, signal)).records.find(({ kind }) => kind === 'group');
    assert.equal(record?.kind === 'group' && record.notes.excluded?.value, true);
  });
});
