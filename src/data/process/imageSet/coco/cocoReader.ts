import type { DatasetAnnotation, PixelFrame } from '../../../../core/dataset/datasetImage';
import type { Shape } from '../../../../core/dataset/shape';
import type { Problem } from '../../../../core/text/problem';
import { parseTolerantJson } from '../../../../core/text/tolerantJson';
import { UserError } from '../../../../core/text/userError';
import { isObject, type JsonObject } from '../../../../formats/columns';
import { cocoAnnotation, rest } from '../../../../formats/imageSet/coco/cocoAnnotation';
import { splitOfName } from '../../../../formats/imageSet/coco/detectCoco';
import type { ImageContent, ImageSetDetection } from '../../../../formats/imageSet/imageSetFormat';
import { plainAnnotation } from '../../../../formats/imageSet/plainAnnotation';
import { PackedFile } from '../../files/packedFile';
import type { TraceFolder } from '../../files/traceFolder';
import type { Workers } from '../../scan/wide/workers';
import type { ScanPace, SetReader } from '../setReader';
import type { SetTables } from '../setTables';
import { CocoProblems } from './cocoProblems';
import { CocoScan } from './cocoScan';
import { CocoTables } from './cocoTables';
import { FileWindow } from './fileWindow';
import { eitherWay, readAlone, readWide } from './readList';

/** Bytes of a document from which on it is worth threads, which take time to start and memory. */
const worthThreads = 16 * 2 ** 20;
/** Annotations whose bytes are read at once: those of one image mostly stand beside each other. */
const gap = 16 * 1024;
const mostAtOnce = 8 * 2 ** 20;

const ofImage = new Set('id file_name coco_url width height'.split(' '));

export const cocoTitles: Readonly<Record<string, string>> = {
  coco: 'COCO',
  lvis: 'LVIS',
  'coco-results': 'COCO results',
};

/** COCO documents and lists of results, of any size. */
export class CocoReader implements SetReader {
  readonly title: string;
  /** pycocotools and everything built on it read images as they are stored. */
  readonly frame: PixelFrame = 'stored';
  private readonly documents = new Map<string, CocoTables>();
  /** Of each document the row of its first annotation. */
  private readonly firstRows = new Map<string, number>();
  private readonly noted = new Set<string>();

  constructor(
    private readonly dir: TraceFolder,
    private readonly detection: ImageSetDetection,
    /** Null where there are no threads. */
    private readonly workers: (() => Workers) | null,
    private readonly log: (error: unknown) => void,
  ) {
    this.title = cocoTitles[detection.format] ?? 'COCO';
  }

  async scan(tables: SetTables, pace: ScanPace): Promise<void> {
    let before = 0;
    for (const file of this.detection.files) {
      const source = this.dir.source(file);
      const size = await source.size();
      await this.scanFile(file, size, tables, (bytes) => pace(before + bytes));
      before += size;
    }
  }

  async readImage(tables: SetTables, index: number): Promise<ImageContent> {
    const { images } = tables;
    const { file, stretch } = images.place(index);
    const element = stretch === undefined ? {} : await this.element(file, stretch.offset, stretch.length);
    const attributes = rest(element, ofImage);
    return { annotations: await this.annotations(tables, index), questions: [], attributes };
  }

  embedded(): Promise<null> {
    return Promise.resolve(null);
  }

  private async scanFile(file: string, size: number, tables: SetTables, pace: ScanPace): Promise<void> {
    const source = this.dir.source(file);
    const location = source instanceof PackedFile ? await source.locate() : this.dir.locate(file);
    const problems = new CocoProblems(file, tables);
    const isResults = this.detection.format === 'coco-results';
    const split = splitOfName(file);
    const document = new CocoTables(tables, problems, file, split, isResults);
    this.documents.set(file, document);
    this.firstRows.set(file, tables.annotations.length);
    const workers = size < worthThreads ? null : (this.workers?.() ?? null);
    try {
      await source.use(async (handle) => {
        const alone = readAlone(handle, size);
        const readList =
          workers === null ? alone : eitherWay(readWide(handle, size, location, workers), alone, this.log);
        await new CocoScan(new FileWindow(handle, size), document, problems, readList, pace).run();
      });
    } finally {
      await workers?.dispose();
    }
  }

  private async annotations(tables: SetTables, index: number): Promise<readonly DatasetAnnotation[]> {
    const { annotations, images, labels } = tables;
    const file = images.source(index);
    const firstRow = this.firstRows.get(file) ?? 0;
    const { starts, order } = tables.byImage();
    const rows = order.subarray(starts[index] ?? 0, starts[index + 1] ?? 0);
    const found: DatasetAnnotation[] = [];
    for (const part of together(rows, annotations)) {
      const first = annotations.offsets[part[0] ?? 0] ?? 0;
      const lastRow = part.at(-1) ?? 0;
      const end = (annotations.offsets[lastRow] ?? 0) + (annotations.lengths[lastRow] ?? 0);
      const bytes = Buffer.from(await this.dir.source(file).read(first, end - first));
      for (const row of part) {
        const from = (annotations.offsets[row] ?? 0) - first;
        const element = parsed(bytes.subarray(from, from + (annotations.lengths[row] ?? 0)));
        const label = labels.at(annotations.labels[row] ?? -1);
        const keypoints = this.documents.get(file)?.keypointsOf(label) ?? null;
        const note = (field: string | null, message: string) => this.note(tables, row, { file, field, message });
        if (element === null) note(null, `The annotation ${unreadable}`);
        if (element === null) found.push(plainAnnotation(`#${row}`, label, shapeAt(annotations, row)));
        else found.push(cocoAnnotation(element, { id: idOf(element, row - firstRow), label, keypoints }, note));
      }
    }
    return found;
  }

  /** What is found only when somebody looks, once. */
  private note({ problems }: SetTables, row: number, what: Pick<Problem, 'file' | 'field' | 'message'>): void {
    const place = `${row} ${what.field}`;
    if (this.noted.has(place)) return;
    this.noted.add(place);
    const element = row - (this.firstRows.get(what.file) ?? 0);
    problems.add({ severity: 'error', line: null, element, ...what });
  }

  private async element(file: string, offset: number, length: number): Promise<JsonObject> {
    const element = parsed(Buffer.from(await this.dir.source(file).read(offset, length)));
    if (element === null) throw new UserError(`${file}: an image ${unreadable}`);
    return element;
  }
}

/** Rows whose bytes are read in one go: in the order of the file, with little between them. */
function together(rows: Uint32Array, { offsets, lengths }: SetTables['annotations']): readonly number[][] {
  const parts: number[][] = [];
  let [start, end] = [0, -Infinity];
  for (const row of rows) {
    const offset = offsets[row] ?? 0;
    const behind = offset + (lengths[row] ?? 0);
    const near = offset >= end && offset - end <= gap && behind - start <= mostAtOnce;
    if (near) parts.at(-1)?.push(row);
    else {
      parts.push([row]);
      start = offset;
    }
    end = behind;
  }
  return parts;
}

const unreadable = 'cannot be read: it is nested too deep, or the file was changed since it was opened.';

/** Null for what is no object, also because the file is not what it was when it was scanned. */
function parsed(bytes: Buffer): JsonObject | null {
  try {
    const value = parseTolerantJson(bytes.toString('utf8'));
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What the columns know of an annotation that cannot be read again. */
function shapeAt({ x1, y1, x2, y2 }: SetTables['annotations'], row: number): Shape {
  const [left, top, right, bottom] = [x1, y1, x2, y2].map((side) => side[row] ?? Number.NaN);
  if (left === undefined || top === undefined || right === undefined || bottom === undefined || Number.isNaN(left))
    return { kind: 'tag' };
  return { kind: 'box', box: { x1: left, y1: top, x2: right, y2: bottom } };
}

/** Unique in the set: ids of annotations that lack one are made of their place. */
/** @param element its place in the file's list. */
function idOf({ id }: JsonObject, element: number): string {
  return typeof id === 'number' || typeof id === 'string' ? String(id) : `#${element}`;
}
