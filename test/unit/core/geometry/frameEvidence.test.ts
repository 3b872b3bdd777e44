import { describe, expect, it } from 'vitest';
import type { Box } from '../../../../src/core/geometry/box';
import type { FrameSpec } from '../../../../src/core/geometry/frame';
import { decideFrame } from '../../../../src/core/geometry/frameDecision';
import { type FrameSample, frameEvidence } from '../../../../src/core/geometry/frameEvidence';
import { fromOriginal } from '../../../../src/core/geometry/frameMap';
import { framePresets } from '../../../../src/core/geometry/framePresets';

const photo = { width: 2250, height: 1500 };
const original: FrameSpec = { kind: 'original' };
const input = framePresets.find((p) => p.id === 'qwen2.5-vl')!.spec;
const specs = framePresets.map((p) => p.spec);
const box = (x1: number, y1: number, x2: number, y2: number): Box => ({ x1, y1, x2, y2 });
/** The traffic light of ACTIVE-O3's sample sa_17063: xywh 887, 751, 154, 42. */
const light = box(887, 751, 887 + 154, 751 + 42);

/** `count` small boxes strewn over the photo, in original pixels. */
function strewn(count: number): Box[] {
  return Array.from({ length: count }, (_, i) => {
    const x = 60 + ((i * 137) % 2000);
    const y = 60 + ((i * 211) % 1330);
    return box(x, y, x + 60, y + 40);
  });
}

function answered(truth: readonly Box[], spec: FrameSpec, image = photo): FrameSample[] {
  return truth.map((t) => ({ boxes: [fromOriginal(t, spec, image)], truth: [t], image }));
}

describe('evidence for a frame', () => {
  it('shows that a perfect box scores only 0.71 when input pixels are taken for original ones', () => {
    const evidence = frameEvidence(answered([light], input), [original, input]);
    expect(evidence[0]).toMatchObject({ boxes: 1, insideShare: 1 });
    expect(evidence[0]!.meanIou).toBeCloseTo(0.71, 2);
    expect(evidence[1]!.meanIou).toBeCloseTo(1, 9);
  });

  it('has no IoU without ground truth and no share without boxes', () => {
    const [noTruth] = frameEvidence([{ boxes: [light], truth: [], image: photo }], [original]);
    expect(noTruth).toMatchObject({ boxes: 1, insideShare: 1, meanIou: Number.NaN });
    const [noBoxes] = frameEvidence([{ boxes: [], truth: [light], image: photo }], [original]);
    expect(noBoxes).toMatchObject({ boxes: 0, insideShare: Number.NaN, meanIou: Number.NaN });
  });

  it('counts a box up to 2 % outside as inside, as models overshoot a little', () => {
    const at = (x2: number) => frameEvidence([{ boxes: [box(0, 0, x2, 10)], truth: [], image: photo }], [original])[0]!;
    expect(at(2250 * 1.02).insideShare).toBe(1);
    expect(at(2250 * 1.021).insideShare).toBe(0);
  });

  it('says which candidates mean the same on these images', () => {
    const multiple = { width: 2240, height: 1512 };
    const evidence = frameEvidence(
      [{ boxes: [light], truth: [], image: multiple }],
      [original, input, { kind: 'relative1' }],
    );
    expect(evidence.map((e) => e.sameAs)).toEqual([null, original, null]);
  });

  it('leaves out an image that a candidate cannot be made of', () => {
    const strip = { width: 6000, height: 20 };
    const samples = [
      { boxes: [light], truth: [], image: strip },
      { boxes: [light], truth: [], image: photo },
    ];
    expect(frameEvidence(samples, [original, input]).map((e) => e.boxes)).toEqual([2, 1]);
  });
});

describe('the decision', () => {
  const decide = (samples: readonly FrameSample[], candidates = specs) =>
    decideFrame(frameEvidence(samples, candidates));

  it('cannot tell 2250×1500 from its 2240×1512 input without ground truth: both look right', () => {
    const boxes = strewn(200).map((b) => fromOriginal(b, input, photo));
    const { spec, reason } = decide([{ boxes, truth: [], image: photo }], [original, input]);
    expect(spec).toBeNull();
    expect(reason).toContain('original pixels (100 % inside)');
    expect(reason).toContain('model input');
  });

  it('cannot tell them apart from a single perfect box either, and gives both numbers', () => {
    const { spec, reason } = decide(answered([light], input), [original, input]);
    expect(spec).toBeNull();
    expect(reason).toMatch(/too close after 1 box.*IoU 1\.00.*IoU 0\.71/);
  });

  it('cannot tell from large boxes, whose IoU barely depends on the frame', () => {
    const large = Array.from({ length: 100 }, (_, i) => box(100 + i, 100, 1700 + i, 1300));
    expect(decide(answered(large, input), [original, input]).spec).toBeNull();
  });

  it('decides by many small boxes with ground truth', () => {
    const { spec, reason } = decide(answered(strewn(60), input), [original, input]);
    expect(spec).toEqual(input);
    expect(reason).toMatch(/Mean IoU with the ground truth is 1\.00 in model input.*60 boxes/);
  });

  it('takes numbers that all lie in 0–1 for relative ones, with one outlier among many', () => {
    const boxes = strewn(30).map((b) => fromOriginal(b, { kind: 'relative1' }, photo));
    expect(decide([{ boxes: [...boxes, box(0.2, 0.2, 1.2, 0.9)], truth: [], image: photo }]).spec).toEqual({
      kind: 'relative1',
    });
  });

  it('is not moved by one box beyond the edge', () => {
    const small = { width: 800, height: 600 };
    const boxes = [
      ...Array.from({ length: 9 }, (_, i) => box(50 * i, 40 * i, 50 * i + 30, 40 * i + 30)),
      box(850, 10, 990, 90),
    ];
    expect(decide([{ boxes, truth: [], image: small }], [original, { kind: 'relative1000' }]).spec).toBeNull();
  });

  it('rules out a frame that leaves many boxes outside', () => {
    const small = { width: 640, height: 480 };
    const boxes = strewn(40).map((b) => fromOriginal(b, { kind: 'relative1000' }, photo));
    const { spec, reason } = decide([{ boxes, truth: [], image: small }], [original, { kind: 'relative1000' }]);
    expect(spec).toEqual({ kind: 'relative1000' });
    expect(reason).toBe('Only relative 0–1000 puts the boxes inside the image (100 % of 40 boxes).');
  });

  it('counts candidates that mean the same as one', () => {
    const multiple = { width: 2240, height: 1512 };
    const { spec } = decide(answered(strewn(60), original, multiple), [original, input, { kind: 'relative1000' }]);
    expect(spec).toEqual(original);
  });

  it('says so when there is nothing to go by', () => {
    expect(decide([])).toEqual({ spec: null, reason: 'Cannot tell: there are no boxes to compare frames by.' });
  });
});
