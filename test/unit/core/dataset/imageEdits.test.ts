import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Annotations, idOf } from '../../../../src/core/annotation/annotation';
import { type AnnotationDiff, applyDiff, inverse } from '../../../../src/core/annotation/diff';
import { mergeAnnotations } from '../../../../src/core/annotation/merge';
import { isNoteAt } from '../../../../src/core/annotation/noteShapes';
import { readSidecar, readSidecarLines, writeSidecar } from '../../../../src/core/annotation/sidecar';
import type { DatasetAnnotation, DatasetImage } from '../../../../src/core/dataset/datasetImage';
import {
  annotationDiff,
  answerDiff,
  type EditedImage,
  markDiff,
  marksDiff,
  newAnnotation,
  questionDiff,
  reshaped,
  withoutId,
} from '../../../../src/core/dataset/edit/imageEdits';
import { effectiveImage, type ImageNotes } from '../../../../src/core/dataset/edit/imageNotes';
import type { Shape } from '../../../../src/core/dataset/shape';
import type { JsonValue } from '../../../../src/core/text/jsonValue';

const by = { author: 'Ada', time: '2026-01-02T03:04:05.000Z' };
const log = { head: 'ab12', size: 99 };
const boxOf = (x1: number, y1: number, x2: number, y2: number): Shape => ({ kind: 'box', box: { x1, y1, x2, y2 } });

function annotation(id: string, shape: Shape, more: Partial<DatasetAnnotation> = {}): DatasetAnnotation {
  return { id, ...newAnnotation('cat', shape), ...more };
}

const photo: DatasetImage = {
  index: 4,
  key: '139',
  file: '000139.jpg',
  size: { width: 640, height: 426 },
  split: 'train',
  annotations: [annotation('a', boxOf(1, 2, 11, 12)), annotation('b', boxOf(5, 5, 9, 9), { score: 0.5 })],
  questions: [{ text: 'What is it?', options: ['a cat', 'a dog'], answer: 'a cat' }],
  attributes: {},
};

function edited(state: Annotations, key = photo.key): EditedImage {
  const record = state.get(idOf({ kind: 'image', key }));
  return { key, hints: { line: 5, step: null }, notes: (record?.notes ?? {}) as ImageNotes };
}
const standing = (state: Annotations) => effectiveImage(photo, edited(state).notes);

/** Any edit that a person can make of the picture, from where its notes are. */
const anyEdit: fc.Arbitrary<(state: Annotations) => AnnotationDiff> = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b', 'n1', '__proto__'), fc.option(fc.integer({ min: 1, max: 9 })))
    .map(([id, side]) => (state: Annotations) => {
      const wanted = side === null ? null : newAnnotation('dog', boxOf(0, 0, side, side));
      return annotationDiff('Edit', edited(state), photo, [{ id, annotation: wanted }], by);
    }),
  fc
    .constantFrom('accept', 'reject', null)
    .map((value) => (state: Annotations) => markDiff('Mark', [edited(state)], { kind: 'verdict', value } as const, by)),
  fc.tuple(fc.constantFrom('small', 'blurred'), fc.boolean()).map(
    ([tag, on]) =>
      (state: Annotations) =>
        markDiff('Tag', [edited(state), edited(state, '140')], { kind: 'tag', tag, on }, by),
  ),
  fc.option(fc.string()).map((answer) => (state: Annotations) => answerDiff('Answer', edited(state), 0, answer, by)),
  fc.option(fc.string()).map((text) => (state: Annotations) => questionDiff('Word', edited(state), 0, text, by)),
);
const anyHistory = fc.array(anyEdit, { maxLength: 15 });

function played(edits: readonly ((state: Annotations) => AnnotationDiff)[]) {
  const states: Annotations[] = [new Map()];
  const diffs = edits.map((make) => {
    const state = states.at(-1) as Annotations;
    const diff = make(state);
    states.push(applyDiff(state, diff));
    return diff;
  });
  return { states, diffs, last: states.at(-1) as Annotations };
}

describe('edits of an image', () => {
  it('change, remove and add annotations; what the file says stays where it is', () => {
    const moved = reshaped(withoutId(photo.annotations[0] as DatasetAnnotation), boxOf(0, 0, 4, 5));
    const state = applyDiff(
      new Map(),
      annotationDiff(
        'Edit',
        edited(new Map()),
        photo,
        [
          { id: 'a', annotation: moved },
          { id: 'b', annotation: null },
          { id: 'new', annotation: newAnnotation('dog', boxOf(3, 3, 6, 6)) },
        ],
        by,
      ),
    );
    const now = standing(state);
    expect(now.annotations.map(({ id, label, area, edit }) => [id, label, area, edit?.kind])).toEqual([
      ['a', 'cat', 20, 'changed'],
      ['new', 'dog', 9, 'added'],
    ]);
    expect(now.removed.map(({ id }) => id)).toEqual(['b']);
    expect(photo.annotations).toHaveLength(2);
  });

  it('put back by hand leave no trace', () => {
    const [first] = photo.annotations as [DatasetAnnotation];
    const away = annotationDiff('Delete', edited(new Map()), photo, [{ id: 'a', annotation: null }], by);
    const state = applyDiff(new Map(), away);
    const back = annotationDiff('Add', edited(state), photo, [{ id: 'a', annotation: withoutId(first) }], by);
    expect(applyDiff(state, back)).toEqual(new Map());
  });

  it('mark, answer and split the image', () => {
    const { last } = played([
      (state) => markDiff('Reject', [edited(state)], { kind: 'verdict', value: 'reject' }, by),
      (state) => markDiff('Split', [edited(state)], { kind: 'split', value: 'val' }, by),
      (state) => markDiff('Tag', [edited(state)], { kind: 'tag', tag: 'small', on: true }, by),
      (state) => answerDiff('Answer', edited(state), 0, 'a dog', by),
      (state) => questionDiff('Word', edited(state), 0, 'Which animal is it?', by),
    ]);
    expect(standing(last)).toMatchObject({ verdict: 'reject', split: 'val', tags: ['small'], reviewed: false });
    expect(standing(last).questions[0]).toMatchObject({ text: 'Which animal is it?', answer: 'a dog' });
    const back = questionDiff('Word', edited(last), 0, null, by);
    expect(standing(applyDiff(last, back)).questions[0]?.text).toBe('What is it?');
  });

  it('leave alone what is so already', () => {
    const once = played([(state) => markDiff('Accept', [edited(state)], { kind: 'verdict', value: 'accept' }, by)]);
    expect(markDiff('Accept', [edited(once.last)], { kind: 'verdict', value: 'accept' }, by).changes).toEqual([]);
  });

  it('of any kind are undone one by one to where it was', () => {
    fc.assert(
      fc.property(anyHistory, (edits) => {
        const { states, diffs } = played(edits);
        diffs.toReversed().reduce((state, diff, i) => {
          const before = applyDiff(state, inverse(diff));
          expect(before).toEqual(states[states.length - 2 - i]);
          return before;
        }, states.at(-1) as Annotations);
      }),
    );
    expect(({} as Record<string, unknown>).author).toBeUndefined();
  });

  it('come back from their sidecar as they were, and nothing else is in it', () => {
    fc.assert(
      fc.property(anyHistory, (edits) => {
        const { last } = played(edits);
        const read = readSidecar(writeSidecar(log, last.values()));
        expect(read?.problems).toEqual([]);
        expect(new Map(read?.records.map((record) => [idOf(record), record]))).toEqual(last);
      }),
    );
  });

  it('of two people are merged annotation by annotation', () => {
    const base: Annotations = new Map();
    const remove = (id: string) => annotationDiff('Delete', edited(base), photo, [{ id, annotation: null }], by);
    const relabelled = { ...withoutId(photo.annotations[0] as DatasetAnnotation), label: 'lynx' };
    const ours = applyDiff(base, remove('a'));
    const relabel = annotationDiff('Relabel', edited(base), photo, [{ id: 'a', annotation: relabelled }], by);
    const theirs = [remove('b'), relabel].reduce(applyDiff, base);
    const { changes, conflicts } = mergeAnnotations(base, ours, theirs);
    const merged = applyDiff(ours, { label: '', changes });
    expect(standing(merged).annotations).toEqual([]);
    expect(conflicts.map(({ path }) => path)).toEqual([['annotations', 'a']]);
  });

  it('of a newer version are kept where they are not understood', () => {
    const notes = { verdict: { ...by, value: 'accept' }, caption: { ...by, value: 'a cat' } };
    const line = JSON.stringify({ kind: 'image', key: '139', hints: { line: 1, step: null }, notes });
    const read = readSidecarLines(`{"saccade":"annotations","version":1,"log":{}}\n${line}\n`);
    expect(read?.records).toEqual([line]);
    expect(read?.problems).toEqual([]);
  });

  it('from a webview are checked: no shape that is none, no mask without sides', () => {
    const isGood = (value: JsonValue) => isNoteAt('image', ['annotations', 'x'], { ...by, value });
    const good = newAnnotation('cat', boxOf(0, 0, 1, 1)) as unknown as { readonly [key: string]: JsonValue };
    expect(isGood(good)).toBe(true);
    expect(isGood({ removed: true })).toBe(true);
    expect(isGood({ ...good, shape: { kind: 'star' } })).toBe(false);
    expect(isGood({ ...good, shape: { kind: 'toString' } })).toBe(false);
    expect(isGood({ ...good, shape: { kind: 'mask', mask: { size: [-1, 4], counts: '' } } })).toBe(false);
    expect(isNoteAt('image', ['verdict'], { ...by, value: 'perhaps' })).toBe(false);
  });

  it('leaves every annotation that nobody touched the same object', () => {
    const state = applyDiff(
      new Map(),
      annotationDiff(
        'Edit',
        edited(new Map()),
        photo,
        [{ id: 'a', annotation: newAnnotation('dog', boxOf(0, 0, 3, 3)) }],
        by,
      ),
    );
    const [before, after] = [standing(new Map()), standing(state)];
    const same = after.annotations.map((one, at) => one === before.annotations[at]);
    expect(same).toEqual(photo.annotations.map(({ id }) => id !== 'a'));
  });
});

describe('several marks at once', () => {
  const image = (key: string, notes: ImageNotes = {}): EditedImage => ({ key, hints: { line: 1, step: null }, notes });

  it('are one diff, a later one on top of those before, and are taken back whole', () => {
    const tagged = image('b', { tags: { ...by, value: ['old', 'mine'] } });
    const diff = marksDiff(
      'Tag by difficulty',
      [
        { mark: { kind: 'tag', tag: 'old', on: false }, images: [image('a'), tagged] },
        { mark: { kind: 'tag', tag: 'new', on: true }, images: [image('a'), tagged] },
        { mark: { kind: 'verdict', value: 'accept' }, images: [tagged] },
        { mark: { kind: 'verdict', value: 'reject' }, images: [image('a')] },
      ],
      by,
    );
    const value = (key: string, name: string) =>
      diff.changes.filter((one) => one.key === key && one.path[0] === name).map(({ after }) => after);
    expect(value('a', 'tags')).toMatchObject([{ value: ['new'] }]);
    expect(value('b', 'tags')).toMatchObject([{ value: ['mine', 'new'] }]);
    expect([value('a', 'verdict'), value('b', 'verdict')]).toMatchObject([
      [{ value: 'reject' }],
      [{ value: 'accept' }],
    ]);
    const before: Annotations = new Map([
      [idOf({ kind: 'image', key: 'b' }), { kind: 'image', key: 'b', hints: tagged.hints, notes: tagged.notes }],
    ]);
    expect(applyDiff(applyDiff(before, diff), inverse(diff))).toEqual(before);
  });
});
