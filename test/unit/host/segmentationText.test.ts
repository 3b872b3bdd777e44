import { describe, expect, it } from 'vitest';
import { segmentationText } from '../../../src/host/models/segmentationText';
import type { InferenceState, LoadedModel } from '../../../src/protocol/segment';

const sam: LoadedModel = {
  model: '/models/sam.onnx',
  title: 'SAM: sam',
  provider: 'cpu',
  precision: 'float32',
  encodeMs: 2140,
  decodeMs: 52.4,
};
const idle: InferenceState = { loaded: [sam], providers: [], now: null, waiting: 0 };

describe('the status bar about segmentation', () => {
  it('says nothing while no model is loaded', () => {
    expect(segmentationText(null, 0)).toBeNull();
    expect(segmentationText({ ...idle, loaded: [] }, 0)).toBeNull();
  });

  it('says what runs the model used last, its precision, and how long a click took', () => {
    const basic: LoadedModel = { ...sam, title: 'Basic', precision: 'uint8', encodeMs: 0, decodeMs: 70 };
    const said = segmentationText(
      { ...idle, loaded: [{ ...sam, provider: 'webgpu', precision: 'float16' }, basic] },
      0,
    );
    expect(said?.text).toBe('$(wand) WebGPU · fp16 · 52 ms');
    expect(said?.spoken).toBe(
      'SAM: sam on WebGPU, fp16: last image 2.1 s, last click 52 ms\nBasic on CPU, 8 bit: last image 1 ms, last click 70 ms',
    );
  });

  it('names the image that is encoded, and for how long already', () => {
    const now = {
      kind: 'encoding',
      model: sam.model,
      title: sam.title,
      image: '/a/b.jpg',
      crop: null,
      urgency: 'visible',
      since: 1000,
    } as const;
    expect(segmentationText({ ...idle, now }, 1500)?.text).toBe('$(loading~spin) Encoding b.jpg');
    expect(segmentationText({ ...idle, now }, 4200)?.text).toBe('$(loading~spin) Encoding b.jpg · 3 s');
    const loading = { kind: 'loading', model: sam.model, title: sam.title, since: 1000 } as const;
    expect(segmentationText({ ...idle, loaded: [], now: loading }, 1000)?.text).toBe(
      '$(loading~spin) Loading SAM: sam',
    );
  });
});
