import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { annotationChanges } from '../../../core/dataset/edit/annotationChanges';
import { marksOf } from '../../../core/dataset/edit/imageMarks';
import type { ImageNotes } from '../../../core/dataset/edit/imageNotes';
import type { ImageEdits, ImageSetMarks } from '../../../protocol/imageSet';
import { editedRows } from './editedRows';
import type { EffectiveTables, LabelledRow } from './effectiveTables';

/** Images whose annotations are read at a time. */
const together = 16;

/** What notes by image key come to, as a host tells it. */
export function toldOf(notes: ReadonlyMap<string, ImageNotes>): {
  readonly marks: ImageSetMarks;
  readonly edits: readonly ImageEdits[];
} {
  const all = [...notes].map(([key, of]) => ({ key, marks: marksOf(of), changes: annotationChanges(of) }));
  return {
    marks: all.flatMap(({ key, marks }) => (marks === null ? [] : [{ ...marks, key }])),
    edits: all.flatMap(({ key, changes }) => (changes.length === 0 ? [] : [{ key, changes }])),
  };
}

/** What people changed of a set's annotations, by image, and its way into the tables that columns are made of. */
export class SetEdits {
  private readonly changes = new Map<string, ImageEdits['changes']>();
  private readonly rows = new Map<number, readonly LabelledRow[]>();
  /** Keys of images whose rows are not made yet. */
  private readonly waiting = new Set<string>();
  private working: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly tables: EffectiveTables,
    private readonly read: (index: number) => Promise<readonly DatasetAnnotation[]>,
    private readonly log: (error: unknown) => void,
  ) {}

  /** @param whole these are all there are: what was told of other images counts no more. */
  take(edits: readonly ImageEdits[], whole: boolean): void {
    const told = new Set(edits.map(({ key }) => key));
    if (whole)
      for (const key of [...this.changes.keys()].filter((key) => !told.has(key))) this.put({ key, changes: [] });
    for (const one of edits) this.put(one);
  }

  /** Makes columns of what was taken; answers the images that changed. To be called once the scan is done. */
  settle(): Promise<readonly number[]> {
    const done = this.working.then(() => this.apply());
    this.working = done.catch(() => undefined);
    return done;
  }

  private put({ key, changes }: ImageEdits): void {
    if (changes.length === 0) this.changes.delete(key);
    else this.changes.set(key, changes);
    this.waiting.add(key);
  }

  private async apply(): Promise<readonly number[]> {
    const touched: number[] = [];
    while (this.waiting.size > 0) {
      const keys = [...this.waiting].slice(0, together);
      for (const key of keys) this.waiting.delete(key);
      const changed = await Promise.all(keys.map((key) => this.applyTo(key)));
      touched.push(...changed.filter((index) => index !== null));
    }
    if (touched.length > 0) this.tables.replace(this.rows);
    return touched;
  }

  /** Answers the image, null where nothing changed. */
  private async applyTo(key: string): Promise<number | null> {
    const index = this.tables.images.indexOf(key);
    if (index === null) return null;
    const changes = this.changes.get(key);
    const rows = changes === undefined ? null : await this.rowsOf(index, changes);
    if (rows === null) return this.rows.delete(index) ? index : null;
    this.rows.set(index, rows);
    return index;
  }

  /** Null where the image’s own annotations cannot be read again: then they stay as they were scanned. */
  private async rowsOf(index: number, changes: ImageEdits['changes']): Promise<readonly LabelledRow[] | null> {
    try {
      return editedRows(await this.read(index), changes, this.tables.images.size(index));
    } catch (error) {
      this.log(error);
      return null;
    }
  }
}
