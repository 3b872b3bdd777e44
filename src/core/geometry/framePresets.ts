import type { FrameSpec, ResizeSpec } from './frame';

/** A frame that a system is known to write, under a name the user can choose. */
export interface FramePreset {
  readonly id: string;
  readonly label: string;
  readonly spec: FrameSpec;
}

/** The Hugging Face processor's 56² and 16384 · 28² are the same numbers as qwen-vl-utils' 4 · 28² and 16384 · 28². */
const QWEN25_BOUNDS = { factor: 28, minPixels: 3136, maxPixels: 12_845_056 };

/** Frames offered to the user and tried as evidence, the likelier first. */
export const framePresets: readonly FramePreset[] = [
  { id: 'original', label: 'Original pixels', spec: { kind: 'original' } },
  {
    id: 'qwen2.5-vl',
    label: 'Qwen2.5-VL input (Hugging Face processor, qwen-vl-utils)',
    spec: input({ ...QWEN25_BOUNDS, before: null }),
  },
  {
    id: 'active-o3-demo',
    label: 'ACTIVE-O3 demo: short side at least 1024, then Qwen2.5-VL input',
    spec: input({ ...QWEN25_BOUNDS, before: { shortSide: 1024, mode: 'atLeast' } }),
  },
  {
    id: 'active-o3-training',
    label: 'ACTIVE-O3 / Omni-R1 training: short side 1024, then at most 1600 · 28² pixels',
    spec: input({
      factor: 28,
      minPixels: 50_176,
      maxPixels: 1_254_400,
      before: { shortSide: 1024, mode: 'exact' },
    }),
  },
  {
    id: 'qwen3-vl',
    label: 'Qwen3-VL input (qwen-vl-utils, factor 32)',
    spec: input({ factor: 32, minPixels: 4 * 1024, maxPixels: 16_384 * 1024, before: null }),
  },
  { id: 'relative1000', label: 'Relative 0–1000 (Qwen3-VL, Qwen2-VL)', spec: { kind: 'relative1000' } },
  { id: 'relative1', label: 'Relative 0–1', spec: { kind: 'relative1' } },
];

function input(resize: ResizeSpec): FrameSpec {
  return { kind: 'input', resize };
}
