import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnnotationRecord, Annotations } from '../../../../src/core/annotation/annotation';
import { idOf } from '../../../../src/core/annotation/annotation';
import { type AnnotationDiff, applyDiff, inverse, noteAt } from '../../../../src/core/annotation/diff';
import { mergeAnnotations } from '../../../../src/core/annotation/merge';
import { isNoteAt } from '../../../../src/core/annotation/noteShapes';
import {
  readSidecar,
  readSidecarLines,
  recordLine,
  sidecarVersion,
  writeSidecar,
} from '../../../../src/core/annotation/sidecar';
import type { JsonValue } from '../../../../src/core/text/jsonValue';

const stamp = { author: 'Ada', time: '2026-01-02T03:04:05.000Z' };
const noted = <T extends JsonValue>(value: T) => ({ ...stamp, value });
const none: Annotations = new Map();
const log = { head: 'ab12', size: 99 };
const at = (key: string, line: number) => ({ kind: 'rollout', key, hints: { line, step: 3 } }) as const;

function edit(label: string, key: string, path: AnnotationDiff['changes'][0]['path'], after: JsonValue, from = none) {
  const place = { ...at(key, 7), path };
  return { label, changes: [{ ...place, before: noteAt(from, place), after }] };
}

describe('an edit', () => {
  it('sets what was not there, is taken back whole, and leaves no trace then', () => {
    const total = edit('Set the reward', 'k1', ['total'], noted(2));
    const once = applyDiff(none, total);
    expect(once.get('rollout:k1')).toEqual({ ...at('k1', 7), notes: { total: noted(2) } });
    const label = edit('Label turn 1', 'k1', ['labels', '0'], noted(-1), once);
    const twice = applyDiff(once, label);
    expect(noteAt(twice, { kind: 'rollout', key: 'k1', path: ['labels', '0'] })).toEqual(noted(-1));
    expect(applyDiff(twice, inverse(label))).toEqual(once);
    expect(applyDiff(once, inverse(total))).toEqual(none);
  });

  it('replayed from a journal ends where it ended before', () => {
    const total = edit('Set the reward', 'k1', ['total'], noted(2));
    const once = applyDiff(none, total);
    expect(applyDiff(once, total)).toEqual(once);
  });

  it('keeps 0 and unset apart', () => {
    const zero = applyDiff(none, edit('Label', 'k', ['labels', '2'], noted(0)));
    expect(noteAt(zero, { kind: 'rollout', key: 'k', path: ['labels', '2'] })).toEqual(noted(0));
    expect(noteAt(zero, { kind: 'rollout', key: 'k', path: ['labels', '1'] })).toBeNull();
  });

  it('of any kind is undone by its inverse', () => {
    const path = fc.constantFrom<AnnotationDiff['changes'][0]['path']>(
      ['total'],
      ['rationale'],
      ['labels', '0'],
      ['labels', '1'],
      ['components', '__proto__'],
      ['components', 'constructor'],
    );
    const change = fc.record({ key: fc.constantFrom('a', 'b'), path, value: fc.option(fc.integer()) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        let state = none;
        const done: AnnotationDiff[] = [];
        for (const { key, path: place, value } of changes) {
          const diff = edit('x', key, place, value === null ? null : noted(value), state);
          done.push(diff);
          state = applyDiff(state, diff);
        }
        for (const diff of done.reverse()) state = applyDiff(state, inverse(diff));
        expect(state).toEqual(none);
      }),
    );
    expect(({} as Record<string, unknown>).author).toBeUndefined();
  });

  it('from a webview is checked: only what a place may hold', () => {
    expect(isNoteAt('rollout', ['labels', '0'], noted(1))).toBe(true);
    expect(isNoteAt('rollout', ['labels', '0'], noted(2))).toBe(false);
    expect(isNoteAt('rollout', ['labels', 'x'], noted(1))).toBe(false);
    expect(isNoteAt('rollout', ['total', '0'], noted(1))).toBe(false);
    expect(isNoteAt('rollout', ['__proto__'], noted(1))).toBe(false);
    expect(isNoteAt('group', ['truth', '0'], noted({ x1: 0, y1: 0, x2: 1, y2: 1 }))).toBe(true);
    expect(isNoteAt('group', ['truth', '0'], noted({ x1: 0, y1: 0, x2: 1 }))).toBe(false);
    expect(isNoteAt('group', ['truth', '0'], null)).toBe(true);
  });
});

describe('a sidecar', () => {
  const records: readonly AnnotationRecord[] = [
    { ...at('late', 9), notes: { total: noted(1) } },
    { ...at('early', 2), notes: { labels: { '1': noted(0), '0': noted(1) }, tags: noted(['hack', 'box']) } },
  ];

  it('is a header and a line a record, in the order of the log, and reads back as it was', () => {
    const text = writeSidecar(log, records);
    const lines = text.split('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual({ saccade: 'annotations', version: sidecarVersion, log });
    expect(lines[1]).toContain('"early"');
    expect(lines.at(-1)).toBe('');
    const read = readSidecar(text);
    expect(read).toMatchObject({ header: { version: sidecarVersion, log }, problems: [] });
    expect(writeSidecar(log, read?.records ?? [])).toBe(text);
  });

  it('lets a later line stand for an earlier one, and a line without notes take a record away', () => {
    const [late, early] = records as [AnnotationRecord, AnnotationRecord];
    const appended = [
      writeSidecar(log, records),
      `${recordLine({ ...late, notes: { total: noted(5) } } as AnnotationRecord)}\n`,
      `${recordLine({ ...early, notes: {} })}\n`,
    ].join('');
    const read = readSidecar(appended)?.records;
    expect(read).toEqual([{ ...at('late', 9), notes: { total: noted(5) } }]);
  });

  it('passes over a last line that a crash tore, and names lines that are wrong; the others stand', () => {
    const text = writeSidecar(log, records);
    expect(readSidecar(text + recordLine(records[0] as AnnotationRecord).slice(0, 20))).toMatchObject({
      records: { length: 2 },
      problems: [],
    });
    const bad = text.replace('"kind":"rollout","key":"late"', '"kind":"row","key":"late"');
    expect(readSidecar(bad)).toMatchObject({
      records: [{ key: 'early' }],
      problems: [{ line: 3, message: '"kind" is none of "rollout", "group" and "image"' }],
    });
    const wrong = text.replace('"value":1}}}', '"value":"high"}}}');
    expect(readSidecar(wrong)?.problems).toEqual([{ line: 3, message: 'total is not what a note of total holds' }]);
    expect(readSidecar('{"a": 1}\n')).toBeNull();
  });

  it('of any bytes is read without harm', () => {
    const line = fc.oneof(fc.json(), fc.string(), fc.constant(recordLine(records[0] as AnnotationRecord)));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = [writeSidecar(log, []).trimEnd(), ...lines].join('\n');
        const read = readSidecar(text);
        for (const record of read?.records ?? []) expect(recordLine(record)).toContain(record.key);
        expect(readSidecarLines(text)?.records.map((written) => JSON.parse(written))).toEqual(read?.records);
      }),
    );
  });
});

describe('a change of the sidecar from outside', () => {
  const base = applyDiff(none, edit('x', 'k', ['total'], noted(1)));
  const place = { kind: 'rollout', key: 'k' } as const;

  it('is taken where only they changed, and kept ours where only we did', () => {
    const ours = applyDiff(base, edit('x', 'k', ['labels', '0'], noted(1), base));
    const theirs = applyDiff(base, edit('x', 'other', ['total'], noted(7)));
    const { changes, conflicts } = mergeAnnotations(base, ours, theirs);
    expect(conflicts).toEqual([]);
    const merged = applyDiff(ours, { label: 'merge', changes });
    expect(noteAt(merged, { ...place, path: ['labels', '0'] })).toEqual(noted(1));
    expect(noteAt(merged, { kind: 'rollout', key: 'other', path: ['total'] })).toEqual(noted(7));
  });

  it('is a conflict where both changed one place; what both did alike is none', () => {
    const ours = applyDiff(base, edit('x', 'k', ['total'], noted(2), base));
    const theirs = applyDiff(base, edit('x', 'k', ['total'], noted(3), base));
    expect(mergeAnnotations(base, ours, theirs)).toEqual({
      changes: [],
      conflicts: [{ ...place, path: ['total'], ours: noted(2), theirs: noted(3) }],
    });
    expect(mergeAnnotations(base, ours, ours)).toEqual({ changes: [], conflicts: [] });
    expect(mergeAnnotations(base, ours, none).conflicts).toMatchObject([{ theirs: null }]);
    expect(idOf({ kind: 'group', key: 'k' })).not.toBe(idOf(place));
  });
});
