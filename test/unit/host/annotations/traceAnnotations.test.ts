import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../../src/core/annotation/annotation';
import { type AnnotationDiff, inverse } from '../../../../src/core/annotation/diff';
import type { JsonValue } from '../../../../src/core/text/jsonValue';
import { Journal } from '../../../../src/host/annotations/journal';
import { type NotesBackend, TraceAnnotations, wholeKey } from '../../../../src/host/annotations/traceAnnotations';
import type { SidecarStamp } from '../../../../src/protocol/notes';

/** The data child's answers over sidecars in memory; the real child's own tests are in `test/process/notes`. */
class Disk implements NotesBackend {
  readonly files = new Map<string, { stamp: SidecarStamp; version: number; records: readonly AnnotationRecord[] }>();
  saves = 0;
  failure: Error | null = null;
  /** Takes nothing beside the logs. */
  readOnly = false;
  /** Where the sidecars are. */
  place: string | null = null;
  /** Runs in the middle of a save. */
  meanwhile: (() => Promise<unknown>) | null = null;

  write(file: string, records: readonly AnnotationRecord[], version = 1): SidecarStamp {
    const stamp = { size: records.length, changed: (this.files.get(file)?.stamp.changed ?? 0) + 1 };
    this.files.set(file, { stamp, version, records });
    return stamp;
  }

  ask: NotesBackend['ask'] = async (method, params) => this.answer(method, params as never) as never;

  private async answer(method: string, p: Record<string, never>): Promise<unknown> {
    if (method === 'notes/open')
      return [...this.files].map(([file, { stamp, version, records }]) => {
        return {
          file,
          path: `/log/${file}.saccade`,
          place: this.place,
          stamp,
          version,
          records: records.length,
          problems: [],
        };
      });
    if (method === 'notes/slice')
      return JSON.stringify(this.files.get(p.file ?? '')?.records.slice(p.start ?? 0) ?? []);
    if (method !== 'notes/save') throw new Error(method);
    if (this.failure !== null) throw this.failure;
    const { place } = p as unknown as { place: string | null };
    if (this.readOnly && place === null)
      return { kind: 'unwritable', path: '/log/7.jsonl.saccade', reason: 'the disk is full' };
    if (place !== this.place) this.files.clear();
    this.place = place;
    await this.meanwhile?.();
    this.meanwhile = null;
    const { file, stamp, records } = p as unknown as { file: string; stamp: SidecarStamp | null; records: [] };
    if (this.files.get(file)?.stamp.changed !== stamp?.changed) return { kind: 'changed' };
    this.saves++;
    return { kind: 'saved', stamp: this.write(file, records) };
  }
}

const noted = (value: JsonValue) => ({ author: 'Ada', time: '2026-01-02T03:04:05.000Z', value });
const hints = { line: 3, step: 7 };
const key = (own: string, file = '7.jsonl') => wholeKey(file, own);

function edit(own: string, value: JsonValue, before: JsonValue = null, file = '7.jsonl'): AnnotationDiff {
  const after = value === null ? null : noted(value);
  const change = { kind: 'rollout', key: key(own, file), hints, path: ['total'], before, after } as const;
  return { label: 'Set the reward', changes: [change] };
}

let folder = '';
let disk: Disk;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'saccade-journal-'));
  disk = new Disk();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const journal = () => new Journal(folder, '/log');
const open = () => new TraceAnnotations(disk, journal());
const total = (annotations: TraceAnnotations, own: string, file?: string) => {
  const [record] = annotations.records('rollout', [key(own, file)]);
  return record?.kind === 'rollout' ? record.notes.total?.value : undefined;
};

describe('annotations of a trace', () => {
  it('are edited, undone, saved into the sidecar of their own log, and read again', async () => {
    const annotations = open();
    const first = edit('a', 2);
    await annotations.apply(first);
    await annotations.apply(edit('b', 5, null, '8.jsonl'));
    expect(total(annotations, 'a')).toBe(2);
    await annotations.apply(inverse(first));
    expect(total(annotations, 'a')).toBeUndefined();
    await annotations.save();
    expect([...disk.files.keys()]).toEqual(['8.jsonl']);
    expect(disk.files.get('8.jsonl')?.records).toMatchObject([{ key: 'b', notes: { total: noted(5) } }]);
    expect(await readdir(folder)).toEqual([]);
    const again = open();
    await again.load();
    expect(total(again, 'b', '8.jsonl')).toBe(5);
  });

  it('survive a host that dies before anything was saved: the journal brings every acknowledged edit back', async () => {
    await open().apply(edit('a', 2));
    await open().apply(edit('b', 3));
    const [name] = await readdir(folder);
    await appendFile(join(folder, name ?? ''), '{"label":"torn","chan');
    const again = open();
    expect(await again.load()).toMatchObject([{ label: 'Set the reward' }, { label: 'Set the reward' }]);
    // The torn line takes no later one with it.
    await again.apply(edit('c', 4));
    expect(await journal().read()).toHaveLength(3);
    expect([total(again, 'a'), total(again, 'b')]).toEqual([2, 3]);
    expect(again.dirty).toBe(true);
    await again.save();
    expect(await open().load()).toEqual([]);
  });

  it('asked for just before a save are in it', async () => {
    const annotations = open();
    await annotations.load();
    const applied = annotations.apply(edit('a', 2));
    await annotations.save();
    await applied;
    expect(disk.files.get('7.jsonl')?.records).toHaveLength(1);
    expect(annotations.dirty).toBe(false);
  });

  it('that were undone are no change to what was saved, and leave nothing to bring back', async () => {
    const annotations = open();
    await annotations.apply(edit('a', 2));
    await annotations.save();
    const second = edit('a', 3, noted(2));
    await annotations.apply(second);
    expect(annotations.dirty).toBe(true);
    await annotations.apply(inverse(second));
    expect(annotations.dirty).toBe(false);
    const again = open();
    expect(await again.load()).toEqual([]);
    expect(total(again, 'a')).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are not lost where somebody writes the sidecar during a save', async () => {
    const annotations = open();
    await annotations.apply(edit('a', 2));
    const saving = annotations.save();
    const reloading = annotations.reload();
    await Promise.all([saving, reloading]);
    expect([total(annotations, 'a'), annotations.dirty]).toEqual([2, false]);
  });

  it('made while a save is under way are not in it, and not lost', async () => {
    const annotations = open();
    await annotations.apply(edit('a', 2));
    disk.meanwhile = () => annotations.apply(edit('b', 3));
    await annotations.save();
    expect(disk.files.get('7.jsonl')?.records).toHaveLength(1);
    expect(annotations.dirty).toBe(true);
    const again = open();
    expect(await again.load()).toHaveLength(1);
    expect(total(again, 'b')).toBe(3);
  });

  it('stay where a save fails, and are saved by the next', async () => {
    const annotations = open();
    await annotations.apply(edit('a', 2));
    disk.failure = new Error('The disk is full.');
    await expect(annotations.save()).rejects.toThrow('full');
    disk.failure = null;
    expect(await readdir(folder)).toHaveLength(1);
    await annotations.save();
    expect(disk.saves).toBe(1);
  });

  it('stay, in the journal too, where the disk takes nothing; another folder takes them all', async () => {
    const annotations = open();
    disk.write('7.jsonl', [{ kind: 'rollout', key: 'old', hints, notes: { total: noted(1) as never } }]);
    disk.readOnly = true;
    await annotations.apply(edit('a', 2));
    await expect(annotations.save()).rejects.toThrow(
      '/log/7.jsonl.saccade was not written: the disk is full. Your annotations are kept.',
    );
    expect(annotations.dirty).toBe(true);
    expect(await journal().read()).toHaveLength(1);
    annotations.takeRefuge('/home/ada');
    await annotations.save();
    expect(annotations.dirty).toBe(false);
    expect([disk.place, await journal().read()]).toEqual(['/home/ada', []]);
    expect(disk.files.get('7.jsonl')?.records.map(({ key }) => key)).toEqual(['old', 'a']);
    // From then on that is where they are.
    await annotations.apply(edit('a', 3, noted(2)));
    await annotations.save();
    const again = open();
    await again.load();
    expect(total(again, 'a')).toBe(3);
  });

  it('of two windows share a journal: a save of one leaves what the other has not saved', async () => {
    const [first, second] = [open(), open()];
    await first.load();
    await second.load();
    await first.apply(edit('a', 2));
    await second.apply(edit('b', 3));
    await first.save();
    const third = open();
    expect(await third.load()).toHaveLength(1);
    expect([total(third, 'a'), total(third, 'b')]).toEqual([2, 3]);
    // What the third window brought back, it may save; what is edited meanwhile stays.
    await second.apply(edit('c', 4));
    await third.save();
    expect((await journal().read()).map(({ changes }) => changes[0]?.key)).toEqual([key('c')]);
    await second.save();
    expect(await readdir(folder)).toEqual([]);
  });

  it('are given up by revert', async () => {
    const annotations = open();
    await annotations.apply(edit('a', 2));
    await annotations.revert();
    expect(total(annotations, 'a')).toBeUndefined();
    expect(annotations.dirty).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('take in what somebody else wrote: other records are merged, the same place is a conflict and ours stands', async () => {
    const annotations = open();
    await annotations.apply(edit('a', 2));
    const theirs = (own: string, value: number): AnnotationRecord => {
      return { kind: 'rollout', key: own, hints, notes: { total: { ...noted(value), value } } };
    };
    disk.write('7.jsonl', [theirs('a', 9), theirs('c', 4)]);
    const conflicts = await annotations.save();
    expect(conflicts).toMatchObject([{ key: key('a'), ours: noted(2), theirs: noted(9) }]);
    expect(
      disk.files
        .get('7.jsonl')
        ?.records.map(({ key: own }) => own)
        .sort(),
    ).toEqual(['a', 'c']);
    expect([total(annotations, 'a'), total(annotations, 'c')]).toEqual([2, 4]);
  });

  it('of a newer version are shown and not changed', async () => {
    disk.write('7.jsonl', [{ kind: 'rollout', key: 'a', hints, notes: { total: { ...noted(1), value: 1 } } }], 2);
    const annotations = open();
    await annotations.load();
    expect(total(annotations, 'a')).toBe(1);
    await expect(annotations.apply(edit('a', 2))).rejects.toThrow('newer version of Saccade');
    expect(await readdir(folder)).toEqual([]);
  });

  it('tell every view of what changed, with a revision that only grows', async () => {
    const annotations = open();
    const heard: [number, readonly string[]][] = [];
    annotations.listen({ changed: (revision, records) => heard.push([revision, [...records.keys()]]) });
    await annotations.apply(edit('a', 2));
    await annotations.apply(edit('a', null, noted(2)));
    expect(heard.map(([, ids]) => ids)).toEqual([[], [`rollout:${key('a')}`], [`rollout:${key('a')}`]]);
    expect(heard.map(([revision]) => revision)).toEqual([1, 2, 3]);
  });
});
