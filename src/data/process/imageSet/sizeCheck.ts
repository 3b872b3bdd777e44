import type { Size } from '../../../core/geometry/box';
import type { SetFiles } from './setFiles';
import type { SetTables } from './setTables';

export interface SizeCheckParts {
  readonly tables: SetTables;
  readonly files: SetFiles;
  /** Size of the stored pixels from an image's header; null when it is none. */
  readonly imageSize: (path: string) => Promise<Size | null>;
  /** A problem was added. */
  readonly noted: () => void;
  readonly log: (error: unknown) => void;
}

/** Notes, once and without anyone waiting for it, when an image is not as large as its set says. */
export class SizeCheck {
  private readonly compared = new Set<number>();

  constructor(private readonly parts: SizeCheckParts) {}

  compare(index: number, stated: Size | null): void {
    if (stated === null || this.compared.has(index)) return;
    this.compared.add(index);
    this.look(index, stated).catch(this.parts.log);
  }

  private async look(index: number, stated: Size): Promise<void> {
    const { tables, files, imageSize, noted } = this.parts;
    const path = await files.find(tables, index);
    const found = path === null ? null : await imageSize(path);
    if (found === null || isSize(found, stated)) return;
    const { file, line } = tables.images.place(index);
    const name = tables.images.files[index];
    const message = `The image ${name} is ${found.width} × ${found.height} pixels; the set says ${stated.width} × ${stated.height}.`;
    tables.problems.add({ severity: 'warning', file, line, element: null, field: null, message });
    noted();
  }
}

/** Also turned by a quarter, as EXIF may say. */
function isSize(found: Size, stated: Size): boolean {
  const same = found.width === stated.width && found.height === stated.height;
  return same || (found.width === stated.height && found.height === stated.width);
}
