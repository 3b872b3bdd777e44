import { openCanvasPage } from '../canvasPage/openPage';
import type { FrameTimes } from '../canvasPage/stopwatch';

interface Row {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly budget?: number;
  readonly ok?: boolean;
}

export const name = 'canvas';
export const budget = '60 fps pan and zoom at 5,000 boxes; another rollout of 1,000 regions redrawn in one frame';

/** One frame of a 60 Hz screen, with room for the clock's own unrest. */
const FRAME_MS = 17.5;

/** Frame times in headless Chromium, painted by the processor: the slowest machine a user may have. */
export async function run(): Promise<{ rows: Row[] }> {
  const { page, complaints, close } = await openCanvasPage({ still: true });
  try {
    const motion = await page.evaluate<FrameTimes>('page.then((p) => p.motion(5000, 480))');
    const redraw = await page.evaluate<FrameTimes>('page.then((p) => p.redraw(1000, 120))');
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
    return {
      rows: [...rowsOf('pan and zoom, 5,000 boxes', motion), ...rowsOf('other 1,000 regions and selection', redraw)],
    };
  } finally {
    await close();
  }
}

function rowsOf(what: string, times: FrameTimes): Row[] {
  const row = (metric: string, value: number, limit?: number): Row => ({
    metric: `${what}: ${metric}`,
    value: Math.round(value * 100) / 100,
    unit: 'ms',
    ...(limit === undefined ? {} : { budget: limit, ok: value <= limit }),
  });
  return [
    row('frame p50', percentile(times.deltas, 0.5), FRAME_MS),
    row('frame p95', percentile(times.deltas, 0.95), FRAME_MS),
    row('script p95', percentile(times.work, 0.95)),
    row('script and raster p50', percentile(times.raster, 0.5), 1000 / 60),
    row('script and raster p95', percentile(times.raster, 0.95), 1000 / 60),
  ];
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
