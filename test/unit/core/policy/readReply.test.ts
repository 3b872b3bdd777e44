import { describe, expect, it } from 'vitest';
import { readAnswer, showOptions } from '../../../../src/core/policy/choices';
import { familyOf } from '../../../../src/core/policy/convention';
import { mergeBoxes } from '../../../../src/core/policy/mergeBoxes';
import { readTaskPoints } from '../../../../src/core/policy/readPoints';
import { readRegions, readTaskBoxes } from '../../../../src/core/policy/readReply';
import { readVerdicts } from '../../../../src/core/policy/readVerdicts';
import { fillTemplate } from '../../../../src/core/policy/template';

const qwen25 = familyOf('Qwen2.5-VL-7B-Instruct');
const qwen3 = familyOf('Qwen/Qwen3-VL-8B-Instruct');
/** A region of 100 × 50 pixels at (200, 100), shown as 840 × 840. */
const crop = { cut: { x1: 200, y1: 100, x2: 300, y2: 150 }, size: { width: 840, height: 840 } };

describe('numbers of a model', () => {
  it('come back to the original by its own convention', () => {
    const box = (numbers: readonly number[]) => JSON.stringify([{ bbox_2d: numbers, label: 'a' }]);
    const whole = { x1: 250, y1: 125, x2: 300, y2: 150 };
    expect(readTaskBoxes(box([420, 420, 840, 840]), qwen25, crop).boxes).toEqual([{ box: whole, label: 'a' }]);
    expect(readTaskBoxes(box([500, 500, 1000, 1000]), qwen3, crop).boxes).toEqual([{ box: whole, label: 'a' }]);
    const shares = { ...qwen25, convention: 'rel-1' } as const;
    expect(readTaskBoxes(box([0.5, 0.5, 1, 1]), shares, crop).boxes).toEqual([{ box: whole, label: 'a' }]);
    const points = '[{"point_2d": [420, 84], "label": "negative"}, {"point_2d": [9000, 1], "label": "positive"}]';
    expect(readTaskPoints(points, qwen25, crop).points).toEqual([
      { x: 250, y: 105, positive: false, label: 'negative' },
    ]);
  });

  it('beyond the picture are cut at its edge; a box wholly outside it is none', () => {
    const text = '[{"bbox_2d": [-84, 0, 420, 8400], "label": "a"}, {"bbox_2d": [900, 0, 990, 20], "label": "b"}]';
    expect(readTaskBoxes(text, qwen25, crop).boxes).toEqual([
      { box: { x1: 200, y1: 100, x2: 250, y2: 150 }, label: 'a' },
    ]);
  });
});

describe('an answer', () => {
  const shown = { cut: { x1: 0, y1: 0, x2: 280, y2: 280 }, size: { width: 280, height: 280 } };

  it('is read with its mends, the regions of the thought left out where the answer has some', () => {
    const text =
      '<think>Not {"bbox_2d": [0, 0, 9, 9]}.</think><answer>[{"bbox_2d": [90, 10, 50, 60], "label": "a"}]</answer>';
    const { boxes, chosen, parsed, malformed } = readRegions(text, qwen25, shown, 3);
    expect(boxes).toHaveLength(2);
    expect(chosen).toEqual([1]);
    expect(parsed.regions[1]?.repairs.map(({ kind }) => kind)).toEqual(['swappedCorners']);
    expect(malformed).toBeNull();
  });

  it('tells an empty list from rubbish', () => {
    expect(readRegions('<think>x</think><answer>[]</answer>', qwen25, shown, 3).malformed).toBeNull();
    for (const rubbish of ['', 'no', '<answer>[{"bbox_2d": [1, 2</answer>', '{"bbox_2d": "left"}'])
      expect(readRegions(rubbish, qwen25, shown, 3).malformed).toMatch(/./);
  });

  it('names an option by its words or by the letter it was shown with', () => {
    const options = ['red', 'green', 'blue'];
    const { order, text } = showOptions(options, 3);
    const letter = 'ABC'[order.indexOf(0)]!;
    expect(text).toContain(`${letter}. red`);
    for (const said of [`<answer>${letter}</answer>`, `<think>A?</think> (${letter})`, 'Red.'])
      expect(readAnswer(said, options, order)).toEqual({ text: 'red', option: 0 });
    expect(readAnswer('mauve', options, order)).toEqual({ text: 'mauve', option: null });
  });
});

describe('what several crops find', () => {
  it('is one list in the model’s order, the first of boxes that overlap', () => {
    const at = (x1: number, label: string) => ({ box: { x1, y1: 0, x2: x1 + 10, y2: 10 }, label });
    expect(mergeBoxes([at(0, 'a'), at(20, 'b'), at(1, 'c')], 0.5).map(({ label }) => label)).toEqual(['a', 'b']);
  });
});

describe('a template', () => {
  it('is filled in one pass: what is filled in is not read again, and other braces stay', () => {
    const filled = fillTemplate('{object} {"bbox_2d": [x]} {question}', {
      object: '{question}',
      question: '$& {object}',
    });
    expect(filled).toBe('{question} {"bbox_2d": [x]} $& {object}');
  });
});

describe('a judge’s verdicts', () => {
  it('are read wherever they stand behind its thought, in words or numbers', () => {
    const text = `<think>{"step": 1, "label": -1}</think>Here: [{"step": 1, "label": "good", "reason": "seen"},
      {'step': 2, 'label': '-1'}, {"step": 9, "label": 1}, {"step": 2, "label": 0}, {"step": 3, "label": "maybe"}]`;
    expect(readVerdicts(text, 3)).toEqual([
      { turn: 0, label: 1, reason: 'seen' },
      { turn: 1, label: 0, reason: null },
    ]);
    expect(readVerdicts('{'.repeat(100_000), 3)).toEqual([]);
  });
});
