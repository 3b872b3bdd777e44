import { type AnnotationRecord, type Annotations, idOf } from '../../../src/core/annotation/annotation';
import { type AnnotationDiff, applyDiff, inverse } from '../../../src/core/annotation/diff';
import { type ImageMark, markDiff, marksDiff } from '../../../src/core/dataset/edit/imageEdits';
import { marksOf } from '../../../src/core/dataset/edit/imageMarks';
import type { ImageNotes } from '../../../src/core/dataset/edit/imageNotes';
import type { Handlers } from '../../../src/protocol/channel';
import type { DatasetEditHostEvents, DatasetEditHostMethods } from '../../../src/protocol/datasetEdits';
import type { ImageRow } from '../../../src/protocol/imageSet';
import { editedRow } from './fakeEditedRows';
import { rowOf } from './fakeImages';

const by = { author: 'Ada', time: '2026-01-02T03:04:05.000Z' };

/** The notes of a made-up set, with the undo that VS Code has. */
export class FakeImageNotes {
  readonly done: AnnotationDiff[] = [];
  /** What the next edits are refused with; null while they are taken. */
  refusal: Error | null = null;
  private notes: Annotations = new Map();
  private revision = 0;

  constructor(private readonly tell: (changed: DatasetEditHostEvents['edits/changed']) => void) {}

  undo(): void {
    const last = this.done.pop();
    if (last !== undefined) this.take(inverse(last));
  }

  /** A row as the edits have left it. */
  row(row: ImageRow): ImageRow {
    return editedRow(row, this.edited(row.key, row.index).notes);
  }

  handlers(): Handlers<DatasetEditHostMethods> {
    return {
      'edits/image': ({ key, index }) => ({ ...by, revision: this.revision, ...this.edited(key, index) }),
      'edits/apply': ({ diff }) => this.apply(diff),
      'edits/mark': ({ indices, mark }) => this.mark(indices, mark),
      'edits/markEach': ({ label, marks }) => {
        const each = marks.map(({ indices, mark }) => ({ mark, images: indices.map((index) => this.image(index)) }));
        const diff = marksDiff(label, each, by);
        if (diff.changes.length > 0) this.apply(diff);
        return diff.changes.length;
      },
      'edits/export': () => null,
      'edits/marks': () => ({
        revision: this.revision,
        marks: [...this.notes.values()].flatMap(({ key, notes }) => {
          const marks = marksOf(notes as ImageNotes);
          return marks === null ? [] : [[key, marks] as const];
        }),
      }),
    };
  }

  private edited(key: string, index: number) {
    const notes = (this.notes.get(idOf({ kind: 'image', key }))?.notes ?? {}) as ImageNotes;
    return { key, hints: { line: index + 1, step: null }, notes };
  }

  private image(index: number) {
    return this.edited(rowOf(index, undefined).key, index);
  }

  private mark(indices: readonly number[], mark: ImageMark): number {
    const images = indices.map((index) => this.image(index));
    const diff = markDiff('Mark', images, mark, by);
    if (diff.changes.length > 0) this.apply(diff);
    return diff.changes.length;
  }

  private apply(diff: AnnotationDiff): number {
    if (this.refusal !== null) throw this.refusal;
    this.done.push(diff);
    return this.take(diff);
  }

  private take(diff: AnnotationDiff): number {
    this.notes = applyDiff(this.notes, diff);
    this.revision++;
    const images = diff.changes.map(({ key }): readonly [string, AnnotationRecord | null] => [
      key,
      this.notes.get(idOf({ kind: 'image', key })) ?? null,
    ]);
    this.tell({ revision: this.revision, images });
    return this.revision;
  }
}
