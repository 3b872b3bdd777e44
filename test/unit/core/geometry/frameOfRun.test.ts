import { describe, expect, it } from 'vitest';
import { frameOfRun, resizeOfRun } from '../../../../src/core/geometry/frameOfRun';

const run = (model: string | null, minPixels: number | null = null, maxPixels: number | null = null) => ({
  model,
  minPixels,
  maxPixels,
});

describe('the frame a run states by the model it trains', () => {
  it('is the resized input for Qwen2.5-VL, with the bounds of the config', () => {
    const resize = { factor: 28, minPixels: 50_176, maxPixels: 1_254_400, before: null };
    expect(frameOfRun(run('/models/Qwen2.5-VL-7B-Instruct', 50_176, 1_254_400))?.spec).toEqual({
      kind: 'input',
      resize,
    });
  });

  it('takes the processor’s own bounds where the config has none', () => {
    expect(resizeOfRun(run('Qwen/Qwen2.5-VL-3B-Instruct'))).toEqual({
      factor: 28,
      minPixels: 3136,
      maxPixels: 12_845_056,
      before: null,
    });
    expect(resizeOfRun(null).factor).toBe(28);
    expect(resizeOfRun(run('Qwen/Qwen3-VL-8B-Instruct')).factor).toBe(32);
  });

  it.each(['Qwen/Qwen2-VL-7B-Instruct', 'Qwen/Qwen3-VL-8B-Instruct', 'OpenGVLab/InternVL3-8B'])(
    'is 0–1000 for %s',
    (model) => expect(frameOfRun(run(model))?.spec).toEqual({ kind: 'relative1000' }),
  );

  it.each([null, 'checkpoints/step_400', 'Qwen/Qwen2.5-7B-Instruct'])('is not stated by %s', (model) =>
    expect(frameOfRun(run(model))).toBeNull(),
  );
});
