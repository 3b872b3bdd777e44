import type { FrameSpec, ResizeSpec, StatedFrame } from '../geometry/frame';

/**
 * Which pixels a model writes coordinates in. `abs-resized`: of the picture it was sent (Qwen2.5-VL). `rel-1000` and `rel-1`:
 * parts of its sides (Qwen3-VL, Qwen2-VL and InternVL write thousandths). `abs-original`: of the file on disk.
 */
export const conventions = ['abs-resized', 'rel-1000', 'rel-1', 'abs-original'] as const;
export type CoordinateConvention = (typeof conventions)[number];

/** How a model is asked: what its numbers count in, and how a picture is resized before it is sent. */
export interface ModelInput {
  readonly convention: CoordinateConvention;
  readonly resize: ResizeSpec;
}

/** What is known of a model by its name, with where that stands. */
export interface ModelFamily extends ModelInput {
  readonly reason: string;
}

/** Bounds of qwen-vl-utils and of the Hugging Face processor, which are the same numbers. */
const qwen25: ResizeSpec = { factor: 28, minPixels: 3136, maxPixels: 12_845_056, before: null };
const qwen3: ResizeSpec = { factor: 32, minPixels: 4096, maxPixels: 16_777_216, before: null };

const families: readonly { readonly name: RegExp; readonly family: ModelFamily }[] = [
  {
    name: /active[-_ ]?o3/i,
    family: {
      convention: 'abs-resized',
      resize: { ...qwen25, before: { shortSide: 1024, mode: 'atLeast' } },
      reason: 'ACTIVE-O3 is a Qwen2.5-VL; its demo enlarges pictures to a short side of 1024 first.',
    },
  },
  {
    name: /qwen3(?:[._]\d)?-?(?:vl|omni)/i,
    family: { convention: 'rel-1000', resize: qwen3, reason: 'Qwen3-VL writes thousandths of the picture.' },
  },
  {
    name: /qwen2[._]5-?(?:vl|omni)|deepeyes|mini-?o3|pixel-?reasoner/i,
    family: { convention: 'abs-resized', resize: qwen25, reason: 'Qwen2.5-VL writes pixels of its resized input.' },
  },
  {
    name: /qwen2-?vl/i,
    family: { convention: 'rel-1000', resize: qwen25, reason: 'Qwen2-VL writes thousandths of the picture.' },
  },
  {
    name: /intern-?vl/i,
    family: { convention: 'rel-1000', resize: qwen25, reason: 'InternVL writes thousandths of the picture.' },
  },
];

const unknown: ModelFamily = {
  convention: 'abs-resized',
  resize: qwen25,
  reason: 'Nothing is known of this model by its name: it is taken to write pixels of the picture it was sent.',
};

/** How a model of that name is asked; a name that is not known gets pixels of the picture it was sent. */
export function familyOf(model: string): ModelFamily {
  return families.find(({ name }) => name.test(model))?.family ?? unknown;
}

/** What a trace states of numbers in a convention. */
export function statedFrame(convention: CoordinateConvention): StatedFrame {
  return frames[convention];
}

/** The frame that maps numbers of a convention to the original, where the input's size is known besides. */
export function frameSpec({ convention, resize }: ModelInput): FrameSpec {
  const kind = frames[convention];
  return kind === 'input' ? { kind, resize } : { kind };
}

const frames: Readonly<Record<CoordinateConvention, StatedFrame>> = {
  'abs-resized': 'input',
  'rel-1000': 'relative1000',
  'rel-1': 'relative1',
  'abs-original': 'original',
};
