import type { FrameSpec, ResizeSpec } from './frame';

/** What a run's configuration says about the images its model saw. */
export interface RunImages {
  /** Name or path of the model. */
  readonly model: string | null;
  readonly minPixels: number | null;
  readonly maxPixels: number | null;
}

/** Bounds of the Hugging Face processor and of qwen-vl-utils; verl and EasyR1 leave them when the config has none. */
const usualBounds = { minPixels: 3136, maxPixels: 12_845_056 };

/**
 * Model families by the pixels they were trained to answer in. Qwen2.5-VL and Qwen2.5-Omni: absolute pixels of the
 * resized input (Qwen2.5-VL report, 2502.13923). Qwen2-VL, Qwen3-VL and InternVL: relative 0–1000.
 */
const families: readonly {
  readonly name: string;
  readonly pattern: RegExp;
  readonly kind: 'input' | 'relative1000';
}[] = [
  { name: 'Qwen2.5-VL', pattern: /qwen-?2[._]5-?(vl|omni)/i, kind: 'input' },
  { name: 'Qwen3-VL', pattern: /qwen-?3([._]\d+)?-?vl/i, kind: 'relative1000' },
  { name: 'Qwen2-VL', pattern: /qwen-?2-?vl/i, kind: 'relative1000' },
  { name: 'InternVL', pattern: /internvl/i, kind: 'relative1000' },
];

/** The resize of a run's images: factor 28, or 32 for Qwen3-VL, with the run's own pixel bounds where it states them. */
export function resizeOfRun(run: RunImages | null): ResizeSpec {
  const factor = run?.model != null && /qwen-?3/i.test(run.model) ? 32 : 28;
  const minPixels = run?.minPixels ?? usualBounds.minPixels;
  return { factor, minPixels, maxPixels: run?.maxPixels ?? usualBounds.maxPixels, before: null };
}

/** The frame a run's model answers in, by its family; null when the config names no model known here. */
export function frameOfRun(run: RunImages): { readonly spec: FrameSpec; readonly reason: string } | null {
  const { model } = run;
  const family = model === null ? undefined : families.find(({ pattern }) => pattern.test(model));
  if (family === undefined) return null;
  if (family.kind === 'relative1000')
    return { spec: { kind: 'relative1000' }, reason: `The run trains ${family.name}, which answers in 0–1000.` };
  const bounded = run.minPixels !== null || run.maxPixels !== null ? ', with the pixel bounds of its config' : '';
  return {
    spec: { kind: 'input', resize: resizeOfRun(run) },
    reason: `The run trains ${family.name}, which answers in pixels of its resized input${bounded}.`,
  };
}
