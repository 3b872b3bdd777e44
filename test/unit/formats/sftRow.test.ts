import { describe, expect, it } from 'vitest';
import { framePresets } from '../../../src/core/geometry/framePresets';
import { llamaFactoryRow, type SftSample, swiftRow } from '../../../src/formats/imageSet/train/sftRow';

/** smart_resize makes 112 × 56 of it: 28 is the factor. */
const size = { width: 100, height: 60 };
const sample = {
  id: 'a/kite',
  label: 'kite',
  question: null,
  prompt: 'Find kites.',
  truth: [{ box: { x1: 10, y1: 6, x2: 50, y2: 30 }, label: 'kite' }],
  answer: null,
};
const of = (frame: string, more: Partial<SftSample> = {}): SftSample => ({
  sample,
  size,
  image: 'images/a.jpg',
  system: '',
  frame: framePresets.find(({ id }) => id === frame)?.spec ?? { kind: 'original' },
  ...more,
});

describe('a record of LLaMA-Factory', () => {
  it('is a ShareGPT conversation with as many marks as images, and says what its boxes count in', () => {
    expect(llamaFactoryRow(of('original', { system: 'Be brief.' }))).toEqual({
      conversations: [
        { from: 'human', value: '<image>Find kites.' },
        { from: 'gpt', value: '[{"bbox_2d": [10, 6, 50, 30], "label": "kite"}]' },
      ],
      system: 'Be brief.',
      images: ['images/a.jpg'],
      box_frame: 'original',
    });
  });

  it('has boxes in thousandths, parts, or pixels of the picture as Qwen2.5-VL resizes it', () => {
    const answer = (frame: string) => {
      const row = llamaFactoryRow(of(frame)) as { conversations: { value: string }[]; input_size?: number[] };
      return [JSON.parse(row.conversations[1]?.value ?? '')[0].bbox_2d, row.input_size];
    };
    expect(answer('relative1000')).toEqual([[100, 100, 500, 500], undefined]);
    expect(answer('relative1')).toEqual([[0.1, 0.1, 0.5, 0.5], undefined]);
    expect(answer('qwen2.5-vl')).toEqual([
      [11, 6, 56, 28],
      [112, 56],
    ]);
  });
});

describe('a record of ms-swift', () => {
  it('keeps boxes as objects where the trainer can place them, one mark a box and a name', () => {
    expect(swiftRow(of('original'))).toEqual({
      messages: [
        { role: 'user', content: '<image>Find kites.' },
        { role: 'assistant', content: '[{"bbox_2d": <bbox>, "label": "<ref-object>"}]' },
      ],
      images: ['images/a.jpg'],
      objects: { ref: ['kite'], bbox: [[10, 6, 50, 30]], bbox_type: 'real' },
    });
    expect(swiftRow(of('relative1'))).toMatchObject({ objects: { bbox: [[0.1, 0.1, 0.5, 0.5]], bbox_type: 'norm1' } });
  });

  it('has other frames in the text, and answers to questions as they are', () => {
    expect(swiftRow(of('relative1000'))).not.toHaveProperty('objects');
    const question = { text: 'Why?', options: [], answer: 'Because.' };
    const asked = swiftRow(of('relative1000', { sample: { ...sample, question, answer: 'Because.' } }));
    expect(asked).toMatchObject({ messages: [{ role: 'user' }, { role: 'assistant', content: 'Because.' }] });
    expect(asked).not.toHaveProperty('box_frame');
  });
});
