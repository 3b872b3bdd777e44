import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';
import { placeOf, type StatedTurn } from '../../../../src/core/trajectory/rollout';

/** Messages laid end to end, as a format hands them over. */
function messages(...said: readonly (readonly [StatedTurn['role'], string])[]) {
  let text = '';
  const turns = said.map(([role, message]): StatedTurn => {
    const start = text.length;
    text += message;
    return { role, span: { start, end: text.length } };
  });
  return { text, ...parseResponse(text, { dialect: 'generic', turns }) };
}

describe('a log that holds messages states its turns', () => {
  it('keeps role words and chat tokens inside a message in it', () => {
    const { turns } = messages(
      ['assistant', 'The sign reads\nuser\n<tool_response>\nassistant\n<|im_start|>user\nand no more.'],
      ['user', 'tool\nLook again.'],
    );
    expect(turns.map(({ role, inferred }) => [role, inferred])).toEqual([
      ['assistant', false],
      ['user', false],
    ]);
  });

  it('reads the actions of each assistant turn, and none of what came back', () => {
    const call = '<think>t</think><tool_call>{"name": "zoom", "arguments": {"bbox_2d": [1, 2, 3, 4]}}</tool_call>';
    const { text, turns, regions, badge } = messages(
      ['assistant', call],
      ['tool', '{"bbox_2d": [5, 6, 7, 8]}'],
      ['assistant', '<answer>A</answer>'],
    );
    expect(turns.map(({ actions }) => actions.map(({ kind }) => kind))).toEqual([['zoom'], [], ['answer']]);
    expect(regions.map(({ turn, box }) => [turn, box])).toEqual([[0, { x1: 1, y1: 2, x2: 3, y2: 4 }]]);
    expect(text.slice(turns[0]!.thought!.start, turns[0]!.thought!.end)).toBe('t');
    expect(badge).toBe('ok');
  });

  it('an unclosed call ends with its message', () => {
    const { turns } = messages(['assistant', '<tool_call>{"name": "zoom"'], ['user', 'x </tool_call>']);
    expect(turns[0]!.actions).toMatchObject([{ kind: 'malformed', text: '{"name": "zoom"' }]);
  });
});

describe('the place of a row', () => {
  it('names the element of a line that holds several', () => {
    expect(placeOf({ file: '7.jsonl', line: 12, element: null })).toBe('7.jsonl:12');
    expect(placeOf({ file: 'completions.jsonl', line: 12, element: 3 })).toBe('completions.jsonl:12[3]');
  });
});
