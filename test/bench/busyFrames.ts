import type { Page } from 'playwright-core';

/** What a page's own thread did from one step to the next, milliseconds of processor time: holds on a busy machine too. */
export interface BusyStep {
  /** The longest task: script, style, layout and painting of a frame, or anything else that input has to wait for. */
  readonly longest: number;
  /** All tasks together. */
  readonly busy: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Processor time, microseconds. */
  readonly tdur?: number;
}

const mark = 'bench-step';
const frame = `new Promise((done) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = done;
  channel.port2.postMessage(null);
}))`;

/**
 * Does `step` `steps` times, a frame painted behind each, under Chromium's own tracing: a JavaScript expression of a function of the
 * step's number, which runs in the page, or a function that drives the page from here. Throws where the browser does not trace
 * processor time.
 */
export async function busySteps(
  page: Page,
  step: string | ((i: number) => Promise<unknown>),
  steps: number,
): Promise<readonly BusyStep[]> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page has no browser to trace');
  await browser.startTracing(page, { categories: ['-*', 'toplevel', 'blink.user_timing'] });
  for (let i = 0; typeof step === 'function' && i <= steps; i++) {
    await page.evaluate(`performance.mark('${mark}')`);
    if (i === steps) break;
    await step(i);
    await page.evaluate(frame);
  }
  if (typeof step === 'string')
    await page.evaluate(`(async () => {
      const step = ${step};
      for (let i = 0; i <= ${steps}; i++) {
        performance.mark('${mark}');
        if (i === ${steps}) break;
        await step(i);
        await ${frame};
      }
    })()`);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const marks = traceEvents.filter(({ name }) => name === mark).sort((a, b) => a.ts - b.ts);
  const [first] = marks;
  const tasks = traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && pid === first?.pid && tid === first.tid)
    .sort((a, b) => a.ts - b.ts);
  if (marks.length !== steps + 1 || tasks.every(({ tdur }) => tdur === undefined))
    throw new Error('Chromium traced no processor time');
  const found = Array.from({ length: steps }, () => ({ longest: 0, busy: 0 }));
  let at = 0;
  for (const { ts, tdur = 0 } of tasks) {
    while (at < steps && ts >= (marks[at + 1]?.ts ?? 0)) at++;
    const step = found[at];
    if (step === undefined || ts < (marks[0]?.ts ?? 0)) continue;
    step.longest = Math.max(step.longest, tdur / 1000);
    step.busy += tdur / 1000;
  }
  return found;
}

/** The value below which `share` of them lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
