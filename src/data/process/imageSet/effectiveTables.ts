import { type AnnotationRow, type AnnotationsByImage, AnnotationTable, annotationsByImage } from './annotationTable';
import type { ImageTable } from './imageTable';
import { Names } from './names';
import type { SetTables } from './setTables';

/** An annotation as somebody left it, by the name of its label. */
export interface LabelledRow extends AnnotationRow {
  readonly label: string | null;
}

/**
 * The set as people left it, which is what columns are made of. The file's rows of an edited image belong to no image any
 * more, and those that stand in their place follow behind the file's last row, in the same arrays: nothing is copied but
 * which image a row belongs to. Only tables whose scan is done can be edited.
 */
export class EffectiveTables {
  readonly images: ImageTable;
  private edited: { readonly annotations: AnnotationTable; readonly labels: Names } | null = null;
  private editions = 0;
  /** Rows of the file that stand back. */
  private replaced = 0;
  private sorted: (AnnotationsByImage & { readonly of: string }) | null = null;

  constructor(private readonly file: SetTables) {
    this.images = file.images;
  }

  /** `images` of a row is −1 where it does not count. */
  get annotations(): AnnotationTable {
    return this.edited?.annotations ?? this.file.annotations;
  }

  /** The file's, then those that only edits name. */
  get labels(): Names {
    return this.edited?.labels ?? this.file.labels;
  }

  /** Rises with every change. */
  get version(): number {
    return this.file.version + this.editions;
  }

  /** Annotations there are, those whose image is not there among them. */
  get counted(): number {
    return this.annotations.length - this.replaced;
  }

  byImage(): AnnotationsByImage {
    if (this.edited === null) return this.file.byImage();
    const of = `${this.images.length} ${this.version}`;
    if (this.sorted?.of !== of)
      this.sorted = { ...annotationsByImage(this.edited.annotations, this.images.length), of };
    return this.sorted;
  }

  /** Puts rows in the place of the file's, by image. Images that are not in it are as the file has them. */
  replace(rows: ReadonlyMap<number, readonly LabelledRow[]>): void {
    this.editions++;
    this.sorted = null;
    this.replaced = 0;
    if (rows.size === 0) {
      this.edited = null;
      return;
    }
    const { annotations: stated, labels } = this.file;
    const added = [...rows.values()].reduce((sum, own) => sum + own.length, 0);
    stated.grow(stated.length + added);
    const images = this.edited?.annotations.images ?? new Int32Array(0);
    const annotations = Object.assign(new AnnotationTable(), stated);
    annotations.images = images.length === stated.images.length ? images : new Int32Array(stated.images.length);
    annotations.images.set(stated.images.subarray(0, stated.length));
    const { starts, order } = this.file.byImage();
    const names = this.labelsOf(rows, labels);
    for (const [image, standing] of rows) {
      const own = order.subarray(starts[image] ?? 0, starts[image + 1] ?? 0);
      for (const row of own) annotations.images[row] = -1;
      this.replaced += own.length;
      for (const row of standing) annotations.add(image, row.label === null ? -1 : names.code(row.label), row);
    }
    this.edited = { annotations, labels: names };
  }

  /** The file's own object where edits name no other label. */
  private labelsOf(rows: ReadonlyMap<number, readonly LabelledRow[]>, stated: Names): Names {
    const names = new Set([...rows.values()].flatMap((own) => own.flatMap(({ label }) => label ?? [])));
    if ([...names].every((name) => stated.find(name) !== null)) return stated;
    const all = new Names();
    for (const name of [...stated.list, ...names]) all.code(name);
    return all;
  }
}
