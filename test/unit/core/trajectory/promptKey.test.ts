import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisePrompt, promptFromMessages, promptKeys } from '../../../../src/core/trajectory/promptKey';

const question = 'What is written on the sign?\nAnswer in <answer> tags.';
const dataset = promptFromMessages([{ role: 'user', content: `<image>\n${question}` }])!;

describe('a prompt key', () => {
  it.each([
    [
      'as verl logs it, special tokens stripped',
      `system\nYou are a helpful assistant.\nuser\n${question}\nassistant\n`,
    ],
    [
      'with special tokens kept',
      `<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n<|im_start|>user\n<|vision_start|><|image_pad|><|image_pad|><|vision_end|>${question}<|im_end|>\n<|im_start|>assistant\n`,
    ],
    [
      'as ms-swift logs placeholders',
      `<|im_start|>user\n<|vision_start|>[151655 * 1024]<|vision_end|>${question}<|im_end|>`,
    ],
    ['with other white space', `user\n\n  ${question.replace('\n', '\r\n\r\n')}  \nassistant\n`],
    ['as the bare question', question],
    [
      'as a list of parts',
      promptFromMessages([{ role: 'user', content: [{ type: 'image' }, { type: 'text', text: question }] }])!,
    ],
    ['as conversations', promptFromMessages([{ from: 'human', value: `<image>${question}` }])!],
  ])('is the same %s', (_, logged) => {
    expect(normalisePrompt(logged)).toBe(normalisePrompt(dataset));
    expect(promptKeys(logged)[0]).toBe(promptKeys(dataset)[0]);
  });

  it('keeps what tells prompts apart: another word, and tags of the question itself', () => {
    expect(normalisePrompt(question)).toBe('Whatiswrittenonthesign?Answerin<answer>tags.');
    expect(normalisePrompt(question.replace('sign', 'door'))).not.toBe(normalisePrompt(question));
  });

  it('keeps a system block that is not a default, and offers the user turns as a weaker key', () => {
    const tools = `system\nYou are a helpful assistant.\n# Tools\nYou may call image_zoom_in_tool.\nuser\n${question}\nassistant\n`;
    expect(normalisePrompt(tools)).not.toBe(normalisePrompt(dataset));
    expect(promptKeys(tools)).toEqual([normalisePrompt(tools), normalisePrompt(question)]);
    expect(promptKeys(dataset)).toEqual([normalisePrompt(question)]);
  });

  it('is absent for a prompt without words', () => {
    expect(promptKeys('user\n<image>\nassistant\n')).toEqual([]);
    expect(promptKeys('')).toEqual([]);
  });

  it('is the same for any question, logged or in the dataset', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const logged = `system\nYou are a helpful assistant.\nuser\n${text}\nassistant\n`;
        const message = promptFromMessages([{ role: 'user', content: [{ type: 'image' }, { type: 'text', text }] }])!;
        expect(normalisePrompt(logged)).toBe(normalisePrompt(message));
        expect(normalisePrompt(logged)).not.toMatch(/\s/);
      }),
    );
  });

  it('is quick on megabytes of anything', () => {
    for (const unit of ['<|', 'user\n', ' ', '[1 * ', '<image>', '\t']) {
      expect(promptKeys(unit.repeat(500_000)).length).toBeLessThanOrEqual(2);
    }
  });
});

describe('the prompt of a dataset row', () => {
  it('is refused when it is no conversation', () => {
    expect(promptFromMessages({ role: 'user' })).toBeNull();
    expect(promptFromMessages([])).toBeNull();
    expect(promptFromMessages([{ role: 'user', content: 7 }])).toBeNull();
    expect(promptFromMessages(null)).toBeNull();
    expect(promptFromMessages('plain')).toBe('plain');
  });
});
