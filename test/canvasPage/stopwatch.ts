import type { CanvasRegion, ImageCanvas } from '../../webview/canvas/imageCanvas';

/** Milliseconds, one entry a frame. */
export interface FrameTimes {
  /** Between one animation frame and the next: what the eye gets. */
  readonly deltas: number[];
  /** Spent in the canvas's own frame callback: deciding what to paint and recording it. */
  readonly work: number[];
  /** The same with the pixels forced out by reading one back from every layer: the whole cost of painting. */
  readonly raster: number[];
}

/** Moves the view in every frame: drags of the pointer and a wheel at the cursor, in turn. */
export async function measureMotion(canvas: ImageCanvas, frames: number): Promise<FrameTimes> {
  const step = (i: number) => {
    if (i % 120 < 60) canvas.panBy(i % 60 < 30 ? 9 : -9, i % 40 < 20 ? 5 : -5);
    else canvas.zoomBy(i % 60 < 30 ? 1.03 : 1 / 1.03, { x: 500, y: 300 });
  };
  return measure(canvas, frames, step);
}

/** Sets other regions and another selection in every frame, as stepping through rollouts does. */
export async function measureRedraw(
  canvas: ImageCanvas,
  sets: readonly (readonly CanvasRegion[])[],
  times: number,
): Promise<FrameTimes> {
  const step = (i: number) => {
    const regions = sets[i % sets.length] ?? [];
    canvas.setRegions(regions);
    canvas.setSelection(regions[i % regions.length]?.id ?? null);
  };
  return measure(canvas, times, step);
}

async function measure(canvas: ImageCanvas, frames: number, step: (i: number) => void): Promise<FrameTimes> {
  const layers = Array.from(canvas.element.querySelectorAll('canvas'), (layer) => layer.getContext('2d')!);
  await run(30, step, null, [], []);
  const deltas: number[] = [];
  const work: number[] = [];
  await run(frames, step, null, deltas, work);
  const raster: number[] = [];
  await run(Math.ceil(frames / 2), step, layers, [], raster);
  return { deltas, work, raster };
}

/** Wraps the browser's own frame request for the time of a run, so that the canvas is measured without knowing it. */
async function run(
  frames: number,
  step: (i: number) => void,
  layers: readonly CanvasRenderingContext2D[] | null,
  deltas: number[],
  work: number[],
): Promise<void> {
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    request((now) => {
      const start = performance.now();
      callback(now);
      for (const layer of layers ?? []) layer.getImageData(0, 0, 1, 1);
      work.push(performance.now() - start);
    });
  let previous = await new Promise<number>((resolve) => request(resolve));
  for (let i = 0; i < frames; i++) {
    const before = performance.now();
    step(i);
    const setting = performance.now() - before;
    const now = await new Promise<number>((resolve) => request(resolve));
    // Work done when the change was made belongs to its frame.
    if (work.length > 0) work[work.length - 1] = (work.at(-1) ?? 0) + setting;
    deltas.push(now - previous);
    previous = now;
  }
  window.requestAnimationFrame = request;
}
