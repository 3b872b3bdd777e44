import type { Interval, TextSpan } from './rollout';

const clock = String.raw`(\d{1,6}):(\d{1,6})\.(\d{1,6})`;
const interval = new RegExp(
  String.raw`"start_time"\s{0,20}:\s{0,20}"\s{0,20}${clock}\s{0,20}"\s{0,20},\s{0,20}"end_time"\s{0,20}:\s{0,20}"\s{0,20}${clock}\s{0,20}"(?:\s{0,20},\s{0,20}"description"\s{0,20}:\s{0,20}"([^"\\]{0,2000})")?`,
  'g',
);
const mostIntervals = 1000;

/**
 * Stretches of a video that Omni-R1's first system names: bare objects `{"start_time": "mm:ss.ff", "end_time": …,
 * "description": …}`, hundredths behind the dot as its rewards read them (min · 60 + s + ff · 10 / 1000).
 */
export function readIntervals(text: string, span: TextSpan): readonly Interval[] {
  const source = text.slice(span.start, span.end);
  if (!source.includes('"start_time"')) return [];
  const found: Interval[] = [];
  for (const match of source.matchAll(interval)) {
    if (found.length === mostIntervals) break;
    const [m = 0, s = 0, f = 0, n = 0, t = 0, g = 0] = match.slice(1, 7).map(Number);
    found.push({ start: m * 60 + s + f / 100, end: n * 60 + t + g / 100, description: match[7] ?? null });
  }
  return found;
}
