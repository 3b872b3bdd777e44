import type { PixelFrame } from '../../../core/dataset/datasetImage';
import { parseTolerantJson } from '../../../core/text/tolerantJson';
import { isObject } from '../../../formats/columns';
import { hfParquet, type ParquetDetection, readParquetRow } from '../../../formats/imageSet/hfParquet';
import type { ImageContent, ReadImage } from '../../../formats/imageSet/imageSetFormat';
import { recordOrigin } from '../../../formats/imageSet/recordOrigin';
import type { TraceFolder } from '../files/traceFolder';
import { ParquetCells } from '../images/parquet/parquetCells';
import { defaultTableLimits, TableDatabase } from '../images/tableDatabase';
import { ParquetRows } from '../scan/parquetRows';
import type { ScanPace, SetReader } from './setReader';
import type { SetTables } from './setTables';

/** Parquet files with an image a row: rows by DuckDB without the images, an image by its cell when somebody looks. */
export class ParquetReader implements SetReader {
  readonly title = hfParquet.title;
  readonly frame: PixelFrame;
  private readonly rows: ParquetRows;
  private readonly database = new TableDatabase();
  private readonly cells = new Map<string, ParquetCells>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly dir: TraceFolder,
    private readonly detection: ParquetDetection,
  ) {
    this.frame = detection.frame;
    this.rows = new ParquetRows(dir, defaultTableLimits, true);
  }

  async scan(tables: SetTables, pace: ScanPace): Promise<void> {
    const { images, annotations, labels, problems } = tables;
    let before = 0;
    for (const file of this.detection.files) {
      const [size, count] = [await this.dir.source(file).size(), await this.rows.count(file)];
      let line = 0;
      const take = async (texts: readonly string[]): Promise<void> => {
        for (const text of texts) {
          const read = this.read(text, file, ++line);
          for (const problem of read.problems) problems.add(problem);
          const index = images.add({ ...read.image, origin: recordOrigin(read.attributes) });
          for (const one of read.annotations)
            annotations.add(index, one.label === null ? -1 : labels.code(one.label), one);
        }
        // Rows of a table stand at no byte of their own.
        await pace(before + Math.round((size * line) / Math.max(1, count)));
      };
      await this.rows.stream(file, take, this.stopping.signal);
      before += size;
    }
  }

  async readImage({ images }: SetTables, index: number): Promise<ImageContent> {
    const { file, line, stretch } = images.place(index);
    const text = await this.rows.row(file, (line ?? 1) - 1, stretch?.length ?? 1);
    const { annotations, questions, attributes } = this.read(text ?? '{}', file, line ?? 1);
    return { annotations, questions, attributes };
  }

  async embedded({ images }: SetTables, index: number): Promise<Uint8Array | null> {
    const bytes = images.bytesOf(index);
    if (bytes.kind !== 'cell') return null;
    const cells = this.cells.get(bytes.file) ?? new ParquetCells(this.database, this.dir.locate(bytes.file));
    this.cells.set(bytes.file, cells);
    // An image is bytes, or a struct of bytes and path.
    const leaves = await cells.leavesOf(bytes.column);
    const leaf = leaves.find(({ path }) => path.at(-1)?.toLowerCase() === 'bytes') ?? leaves.find(({ text }) => !text);
    return leaf === undefined ? null : ((await cells.cell(leaf, bytes.row))[bytes.index] ?? null);
  }

  async dispose(): Promise<void> {
    this.stopping.abort(new Error('closed'));
    await Promise.all([this.rows.dispose(), this.database.dispose()]);
  }

  private read(text: string, file: string, line: number): ReadImage {
    const row = parseTolerantJson(text);
    const place = { file, line, stretch: { offset: 0, length: Math.max(1, text.length) } };
    return readParquetRow(isObject(row) ? row : {}, place, this.detection.column);
  }
}
