import type { CanvasRegion, ImageCanvas } from '../../webview/canvas/imageCanvas';

/** Milliseconds, one entry a frame. */
export interface FrameTimes {
  /** Between one animation frame and the next: what the eye gets. */
  readonly deltas: number[];
  /** Spent in the canvas's own frame callback: deciding what to paint and recording it. */
  readonly work: number[];
  /** The same with the pixels forced out by reading one back from every layer: the whole cost of painting. */
  readonly raster: number[];
  /** Frames painted in all. */
  readonly frames: number;
}

/** Frames until the browser has compiled what runs often. */
const WARM_UP = 60;

/** Moves the view in every frame, there and back, so that nearly all boxes stay in sight all the time. */
export async function measureMotion(canvas: ImageCanvas, frames: number): Promise<FrameTimes> {
  const step = (i: number) => {
    const forth = i % 60 < 30;
    if (i % 120 < 60) canvas.panBy(forth ? 4 : -4, forth ? 3 : -3);
    else canvas.zoomBy(forth ? 1.005 : 1 / 1.005);
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
  canvas.fit();
  await run(WARM_UP, step, null, [], []);
  const deltas: number[] = [];
  const work: number[] = [];
  await run(frames, step, null, deltas, work);
  const raster: number[] = [];
  await run(Math.ceil(frames / 2), step, layers, [], raster);
  return { deltas, work, raster, frames: WARM_UP + deltas.length + raster.length };
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
