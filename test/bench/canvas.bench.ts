import { type OpenPage, openCanvasPage } from '../canvasPage/openPage';
import type { FrameTimes } from '../canvasPage/stopwatch';
import { type BenchRow, within } from './bench';

export const name = 'canvas';
export const budget =
  '60 fps pan and zoom at 5,000 boxes, and at 300 masks; another rollout of 1,000 regions redrawn in one frame';

/** One frame of a 60 Hz screen, and the same with room for the clock's own unrest. */
const FRAME_MS = 1000 / 60;
const FRAME_DELTA_MS = 17.5;

/** Frame times in headless Chromium, painted by the processor: the slowest machine a user may have. */
export async function run(): Promise<{ rows: BenchRow[] }> {
  const open = await openCanvasPage({ still: true });
  try {
    const rows = [
      ...(await measure(open, 'pan and zoom, 5,000 boxes', 'motion(5000, 480)')),
      ...(await measure(open, 'pan and zoom, 300 masks', 'maskMotion(300, 240)')),
      ...(await measure(open, 'other 1,000 regions and selection', 'redraw(1000, 240)')),
    ];
    if (open.complaints.length > 0) throw new Error(open.complaints.join('\n'));
    return { rows };
  } finally {
    await open.close();
  }
}

async function measure({ page }: OpenPage, what: string, call: string): Promise<BenchRow[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const processorMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  const before = await processorMs();
  const times = await page.evaluate<FrameTimes>(`p.${call}`);
  const spent = (await processorMs()) - before;
  await session.detach();
  const p = percentile;
  return [
    within(`${what}: frame p50`, p(times.deltas, 0.5), 'ms', FRAME_DELTA_MS),
    within(`${what}: frame p95`, p(times.deltas, 0.95), 'ms', FRAME_DELTA_MS),
    // Holds on a busy machine too: what the page's thread computed, however long it had to wait for the processor.
    within(`${what}: processor time a frame`, spent / times.frames, 'ms', FRAME_MS),
    { metric: `${what}: script p95`, value: p(times.work, 0.95), unit: 'ms' },
    { metric: `${what}: script and raster p50`, value: p(times.raster, 0.5), unit: 'ms' },
    { metric: `${what}: script and raster p95`, value: p(times.raster, 0.95), unit: 'ms' },
  ];
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
