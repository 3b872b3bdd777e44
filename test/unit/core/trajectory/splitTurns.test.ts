import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';

/** Role, text and whether the boundary was inferred, turn by turn. */
function turns(text: string): [string, string, boolean][] {
  return parseResponse(text, { dialect: 'generic' }).turns.map((t) => [
    t.role,
    text.slice(t.span.start, t.span.end).trim(),
    t.inferred,
  ]);
}

const CALL = '<tool_call>\n{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [1, 2, 3, 4]}}\n</tool_call>';

describe('turns of a verl dump without special tokens', () => {
  it('splits the shape that verl documents: a leading assistant line, a tool line after the call', () => {
    const text = `assistant\n<think>compute</think>\n${CALL}\ntool\n220000.0\n\nassistant\n<think>done</think> #### 220000.0`;
    expect(turns(text)).toEqual([
      ['assistant', `<think>compute</think>\n${CALL}`, true],
      ['tool', '220000.0', true],
      ['assistant', '<think>done</think> #### 220000.0', true],
    ]);
  });

  it('takes a user line around <tool_response> for the tool, as Qwen2.5 and DeepEyes write it', () => {
    const response = '<tool_response>\nThink in <think> tags, then <answer>.\n</tool_response>';
    expect(turns(`<think>a</think>${CALL}\nuser\n${response}\nassistant\n<answer>B</answer>`)).toEqual([
      ['assistant', `<think>a</think>${CALL}`, false],
      ['tool', response, true],
      ['assistant', '<answer>B</answer>', true],
    ]);
  });

  it('does not split at such words in a thought or an answer', () => {
    const text = '<think>The sign reads\nuser\nand below\nassistant\nand\ntool\n</think><answer>a\nuser\nb</answer>';
    expect(turns(text)).toEqual([['assistant', text, false]]);
  });

  it('does not split at such words in text that a tool read', () => {
    const ocr = 'Menu\nassistant\nmanager\nuser\ntool\nbox';
    expect(turns(`${CALL}\ntool\n${ocr}\nassistant\n<answer>menu</answer>`)).toEqual([
      ['assistant', CALL, false],
      ['tool', ocr, true],
      ['assistant', '<answer>menu</answer>', true],
    ]);
    expect(turns(`${CALL}\nuser\n<tool_response>\n${ocr}\n</tool_response>\nassistant\n<answer>menu</answer>`)).toEqual(
      [
        ['assistant', CALL, false],
        ['tool', `<tool_response>\n${ocr}\n</tool_response>`, true],
        ['assistant', '<answer>menu</answer>', true],
      ],
    );
  });

  it('reads an error that came back to the user role', () => {
    expect(turns(`${CALL}\nuser\nError: box too small\nassistant\n${CALL}`).map(([role]) => role)).toEqual([
      'assistant',
      'user',
      'assistant',
    ]);
  });

  it('splits the answers to parallel calls, no more of them than calls', () => {
    const text = `${CALL}\n${CALL}\ntool\none\ntool\ntwo\ntool\nbox\nassistant\n<answer>x</answer>`;
    expect(turns(text).map(([role, body]) => [role, body.slice(0, 10)])).toEqual([
      ['assistant', '<tool_call'],
      ['tool', 'one'],
      ['tool', 'two\ntool\nb'],
      ['assistant', '<answer>x<'],
    ]);
  });

  it('keeps several <tool_response> blocks of one user turn together', () => {
    const both = '<tool_response>a</tool_response>\n<tool_response>b</tool_response>';
    expect(turns(`${CALL}\nuser\n${both}\nassistant\nB`)).toEqual([
      ['assistant', CALL, false],
      ['tool', both, true],
      ['assistant', 'B', true],
    ]);
  });

  it('splits at tags alone when there is no role line, and such a boundary is not inferred', () => {
    expect(turns(`${CALL}<tool_response>a</tool_response><think>b</think>${CALL}`)).toEqual([
      ['assistant', CALL, false],
      ['tool', '<tool_response>a</tool_response>', false],
      ['assistant', `<think>b</think>${CALL}`, false],
    ]);
  });

  it('takes a line for a role when the log was cut off behind it, not when policy text follows without a way back', () => {
    expect(turns(`${CALL}\ntool\nread text`).map(([role]) => role)).toEqual(['assistant', 'tool']);
    expect(turns(`${CALL}\ntool\n<think>so</think><answer>B</answer>`).map(([role]) => role)).toEqual(['assistant']);
  });

  it('reads many turns, with Windows line ends too', () => {
    const round = `<think>t</think>${CALL}\r\nuser\r\n<tool_response>r</tool_response>\r\nassistant\r\n`;
    const found = turns(`${round.repeat(50)}<answer>B</answer>`);
    expect(found).toHaveLength(101);
    expect(found.filter(([role]) => role === 'tool')).toHaveLength(50);
    expect(found.at(-1)).toEqual(['assistant', '<answer>B</answer>', true]);
  });
});

describe('turns with special tokens kept', () => {
  it('follows the tokens and nothing else', () => {
    const text = `<think>a\nuser\n</think>${CALL}<|im_end|>\n<|im_start|>user\n<tool_response>r\nassistant\n</tool_response><|im_end|>\n<|im_start|>assistant\n<answer>B</answer><|im_end|>`;
    expect(turns(text)).toEqual([
      ['assistant', `<think>a\nuser\n</think>${CALL}`, false],
      ['tool', '<tool_response>r\nassistant\n</tool_response>', false],
      ['assistant', '<answer>B</answer>', false],
    ]);
  });

  it('names unknown roles the tool', () => {
    const text = '<|im_start|>assistant\na<|im_end|>\n<|im_start|>observation\nb<|im_end|>\n<|im_start|>user\nc';
    expect(turns(text)).toEqual([
      ['assistant', 'a', false],
      ['tool', 'b', false],
      ['user', 'c', false],
    ]);
  });
});
