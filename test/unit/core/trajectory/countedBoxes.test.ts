import { describe, expect, it } from 'vitest';
import { boxesFor } from '../../../../src/core/trajectory/countedBoxes';
import { parseResponse, type ResponseDialect } from '../../../../src/core/trajectory/parseResponse';
import type { Section } from '../../../../src/core/trajectory/rollout';

const box = (x: number) => `[{"bbox_2d": [${x}, 0, 9, 9]}]`;
const call = `<tool_call>{"name": "zoom", "arguments": {"bbox_2d": [2, 0, 9, 9]}}</tool_call>`;
const counted = (
  text: string,
  answer: 'first' | 'last',
  sections: readonly Section[] = ['answer'],
  dialect: ResponseDialect = 'generic',
) => boxesFor(parseResponse(text, { dialect }), { answer, sections }).map((r) => r.box.x1);

describe('the boxes that count', () => {
  const text = `<think>${box(1)}</think>${call}<answer>${box(3)}</answer><answer>${box(4)}</answer>`;

  it('are those of the first or the last answer, and of the sections wanted', () => {
    expect(counted(text, 'first')).toEqual([3]);
    expect(counted(text, 'last')).toEqual([4]);
    expect(counted(text, 'last', ['tool', 'answer'])).toEqual([2, 4]);
  });

  it('include the thought in ACTIVE-O3’s dialect, where its reader finds them', () => {
    expect(counted(text, 'first', ['think', 'answer'], 'active-o3')).toEqual([1, 3]);
    expect(counted(text, 'first', ['think', 'answer'])).toEqual([3]);
  });

  it('are none where the answer that counts cannot be read', () => {
    expect(counted(`<answer>[{"bbox_2d": [1, 2]}]</answer><answer>${box(4)}</answer>`, 'first')).toEqual([]);
    expect(counted('<answer>[{"bbox_2d": [1, 0, 9, 9]}, {"bbox_2d": [1]}]</answer>', 'last')).toEqual([1]);
  });

  it('stand outside of tags where there is no answer', () => {
    expect(counted(`so: ${box(5)}`, 'first', ['text'])).toEqual([5]);
  });
});
