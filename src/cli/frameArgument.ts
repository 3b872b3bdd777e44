import type { FrameChoice, FrameField, FrameSpec, ResizeSpec } from '../core/geometry/frame';
import { framePresets } from '../core/geometry/framePresets';
import { UsageError } from './usage';

const fields: readonly FrameField[] = ['prediction', 'groundTruth', 'tool'];

/** `prediction=input:28,3136,12845056,short1024`, `tool@vstar=original`, `prediction=qwen2.5-vl`. Throws `UsageError`. */
export function parseFrame(argument: string): FrameChoice {
  const [, name = '', source, text = ''] = /^([^=@]+)(?:@(.*?))?=(.*)$/s.exec(argument) ?? [];
  const field = fields.find((one) => one === name);
  if (field === undefined)
    throw new UsageError(`--frame ${argument}: expected FIELD=SPEC, where FIELD is ${fields.join(', ')}`);
  const spec = frameSpecOf(text);
  if (spec === null) throw new UsageError(`--frame ${argument}: expected ${frameWords}`);
  return { dataSource: source ?? null, field, spec, origin: 'user', reason: `set by --frame ${argument}` };
}

/** What a frame may be called. */
export const frameWords = `original, input:FACTOR,MIN,MAX[,shortN], relative1, relative1000 or one of ${framePresets.map(({ id }) => id).join(', ')}`;

/** `input:28,3136,12845056`, `relative1000`, `qwen2.5-vl`; null for anything else. */
export function frameSpecOf(text: string): FrameSpec | null {
  return framePresets.find(({ id }) => id === text)?.spec ?? parseSpec(text);
}

function parseSpec(text: string): FrameSpec | null {
  if (text === 'original' || text === 'relative1' || text === 'relative1000') return { kind: text };
  const input = /^input:(\d{1,5}),(\d{1,12}),(\d{1,12})(?:,(short|exact)=?(\d{1,6}))?$/.exec(text);
  if (input === null) return null;
  const [factor = 0, minPixels = 0, maxPixels = 0] = input.slice(1, 4).map(Number);
  if (factor === 0 || maxPixels === 0 || minPixels > maxPixels) return null;
  const before: ResizeSpec['before'] =
    input[5] === undefined ? null : { shortSide: Number(input[5]), mode: input[4] === 'short' ? 'atLeast' : 'exact' };
  return { kind: 'input', resize: { factor, minPixels, maxPixels, before } };
}
