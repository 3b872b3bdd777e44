import type { FrameEvidence, FrameField, FrameSpec, ResizeSpec } from '../../../src/core/geometry/frame';
import { describeFrame, sameFrame } from '../../../src/core/geometry/frameMap';
import { framePresets } from '../../../src/core/geometry/framePresets';
import type { FrameReport } from '../../../src/protocol/data';

/** The parameters with one of them changed as typed, or a sentence saying why that is no value for it. */
export function parseResize(resize: ResizeSpec, name: string, typed: string): ResizeSpec | string {
  const text = typed.trim().replaceAll(/[\s_,]/g, '');
  if (name === 'mode') {
    const mode = text === 'exact' ? 'exact' : 'atLeast';
    return resize.before === null ? resize : { ...resize, before: { ...resize.before, mode } };
  }
  if (name === 'shortSide' && text === '') return { ...resize, before: null };
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) return `“${typed}” is not a whole number above 0.`;
  if (name === 'shortSide') return { ...resize, before: { shortSide: value, mode: resize.before?.mode ?? 'atLeast' } };
  const next = { ...resize, [name]: value } as ResizeSpec;
  if (next.minPixels > next.maxPixels) return 'Min pixels must not exceed max pixels.';
  return next;
}

/** Evidence for a field of one data source; of all rows together where there is none for it alone. */
export function evidenceFor(
  reports: readonly FrameReport[],
  dataSource: string | null,
  field: FrameField,
): readonly FrameEvidence[] {
  const fitting = reports.filter((report) => report.field === field);
  const own = fitting.find((report) => report.dataSource === dataSource) ?? fitting.find((r) => r.dataSource === null);
  return own?.evidence ?? [];
}

/** A frame in a few words: its preset's short name, or its own description. */
export function describeShort(spec: FrameSpec): string {
  const preset = framePresets.find((candidate) => sameFrame(candidate.spec, spec));
  return preset === undefined ? describeFrame(spec) : preset.label.replace(/ \(.*\)$/, '');
}
