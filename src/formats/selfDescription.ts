import type { Size } from '../core/geometry/box';
import type { FrameField, StatedFrame } from '../core/geometry/frame';
import type { Columns } from './columns';

/** Columns by which a log describes itself (`docs/self-describing.md`). Trainers write none of them unasked. */
const frameColumns: Readonly<Record<FrameField, string>> = {
  prediction: 'box_frame',
  groundTruth: 'truth_frame',
  tool: 'tool_frame',
};
const frameKinds: readonly StatedFrame[] = ['original', 'input', 'relative1', 'relative1000'];

/** Size of the model's input: `input_size` as `"2240x1512"` or `[2240, 1512]`, or `input_width` and `input_height`. */
export function inputSizeIn(columns: Columns): Size | null {
  const written = columns.take('input_size');
  const width = columns.number('input_width');
  const height = columns.number('input_height');
  if (written === undefined || written === null) return sizeOf(width, height);
  const list = typeof written === 'string' ? written.split(/[x×,]/i).map(Number) : written;
  const size = Array.isArray(list) && list.length === 2 ? sizeOf(list[0], list[1]) : null;
  if (size === null) columns.note('warning', 'input_size', 'is no size such as "2240x1512"');
  return size;
}

/** Frames the row states; a word that is none of them is a problem and states nothing. */
export function statedFramesIn(columns: Columns): Partial<Record<FrameField, StatedFrame>> {
  const stated: Partial<Record<FrameField, StatedFrame>> = {};
  for (const field of ['prediction', 'groundTruth', 'tool'] as const) {
    const column = frameColumns[field];
    const word = columns.take(column);
    if (word === undefined || word === null) continue;
    const kind = frameKinds.find((known) => known === word);
    if (kind === undefined) columns.note('warning', column, `is none of ${frameKinds.join(', ')}`);
    else stated[field] = kind;
  }
  return stated;
}

function sizeOf(width: unknown, height: unknown): Size | null {
  if (typeof width !== 'number' || typeof height !== 'number') return null;
  return width > 0 && height > 0 && Number.isFinite(width * height) ? { width, height } : null;
}
