import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../../../../core/text/userError';
import { fileError } from '../../files/fileSource';
import type { ScoreCells, ScoreRow, ScoreTable } from './scoreTable';

/** An array of `numpy.save`: format 1 to 3, one or two axes, numbers. */
interface NpyArray {
  readonly rows: number;
  /** Numbers a row. */
  readonly width: number;
  /** One number a row, not a list of one. */
  readonly flat: boolean;
  readonly type: NumberType;
  readonly littleEndian: boolean;
  /** Of the first number, in the file. */
  readonly offset: number;
}

interface NumberType {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

/** By numpy's letter and size; `O` and records would be pickles. */
const numberTypes: ReadonlyMap<string, NumberType> = new Map([
  ['f2', { bytes: 2, read: (view, at, little) => halfFloat(view.getUint16(at, little)) }],
  ['f4', { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) }],
  ['f8', { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) }],
  ['i1', { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ['i2', { bytes: 2, read: (view, at, little) => view.getInt16(at, little) }],
  ['i4', { bytes: 4, read: (view, at, little) => view.getInt32(at, little) }],
  ['i8', { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) }],
  ['u1', { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ['u2', { bytes: 2, read: (view, at, little) => view.getUint16(at, little) }],
  ['u4', { bytes: 4, read: (view, at, little) => view.getUint32(at, little) }],
  ['u8', { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) }],
]);

const longestHeader = 64 * 1024;
const longestRow = 1 << 20;
/** Bytes read at a time. */
const stretch = 1 << 20;

/** A `.npy`: row i is image i of the set. Throws `UserError` for what is damaged, and for arrays of objects. */
export async function openNpyScores(path: string): Promise<ScoreTable> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    throw fileError(path, error);
  }
  try {
    return new NpyScores(file, await readHeader(file, path));
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: FileHandle, path: string): Promise<NpyArray> {
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(Math.min(size, longestHeader)), 0, Math.min(size, longestHeader), 0);
  const wrong = (what: string) => new UserError(`${path}: ${what}`);
  if (buffer.length < 12 || buffer.toString('latin1', 0, 6) !== '\u0093NUMPY') throw wrong('it is no array of numpy.');
  const wide = (buffer[6] ?? 0) > 1;
  const [start, length] = wide ? [12, buffer.readUInt32LE(8)] : [10, buffer.readUInt16LE(8)];
  if (start + length > buffer.length) throw wrong('its header ends too early.');
  const header = buffer.toString('latin1', start, start + length);
  const [, order = '', name = ''] = /'descr':\s?'([<>|=])([a-zA-Z]\d{1,2})'/.exec(header) ?? [];
  const type = numberTypes.get(name);
  if (type === undefined) throw wrong('it holds no plain numbers. Objects are pickles, which are not read.');
  if (!/'fortran_order':\s?False/.test(header))
    throw wrong('it is in Fortran’s order. Save numpy.ascontiguousarray of it.');
  const shape = (/'shape':\s?\(([\d, ]{0,100})\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '');
  const [rows = Number.NaN, width = 1] = shape.map(Number);
  if (shape.length < 1 || shape.length > 2)
    throw wrong(`it has ${shape.length} axes: images, or images × numbers, are read.`);
  if (width < 1 || width > longestRow) throw wrong(`rows of ${width} numbers are not read.`);
  const offset = start + length;
  if (!(offset + rows * width * type.bytes <= size))
    throw wrong(`it says ${rows} × ${width} numbers, and ends before the last.`);
  return { rows, width, flat: shape.length === 1 || width === 1, type, littleEndian: order !== '>', offset };
}

const column = 'values';

class NpyScores implements ScoreTable {
  readonly inOrder = true;

  constructor(
    private readonly file: FileHandle,
    private readonly array: NpyArray,
  ) {}

  async head(rows: number) {
    const found: unknown[][] = [];
    await this.read(Math.min(rows, this.array.rows), (values) =>
      found.push([this.array.flat ? values[0] : [...values]]),
    );
    return { names: [column], rows: found };
  }

  stream({ kind }: ScoreCells, take: (row: ScoreRow) => void, signal: AbortSignal): Promise<void> {
    const take1 = (values: Float64Array) =>
      take({ key: null, value: kind === 'number' ? (values[0] ?? null) : values });
    return this.read(this.array.rows, take1, signal);
  }

  dispose(): Promise<void> {
    return this.file.close();
  }

  private async read(rows: number, take: (values: Float64Array) => void, signal?: AbortSignal): Promise<void> {
    const { width, type, littleEndian, offset } = this.array;
    const rowBytes = width * type.bytes;
    const together = Math.max(1, Math.floor(stretch / rowBytes));
    for (let first = 0; first < rows; first += together) {
      signal?.throwIfAborted();
      const count = Math.min(together, rows - first);
      const bytes = Buffer.alloc(count * rowBytes);
      await this.file.read(bytes, 0, bytes.length, offset + first * rowBytes);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let row = 0; row < count; row++) {
        const values = new Float64Array(width);
        for (let i = 0; i < width; i++) values[i] = type.read(view, (row * width + i) * type.bytes, littleEndian);
        take(values);
      }
    }
  }
}

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
