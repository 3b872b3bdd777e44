import { describe, expect, it } from 'vitest';
import { promptMessages } from '../../../../src/core/trajectory/promptMessages';

describe('messages of a prompt', () => {
  it('are those of verl, whose tokens were stripped', () => {
    expect(promptMessages('system\nYou are a helpful assistant.\nuser\nWhere?\nLook.\nassistant\n')).toEqual([
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: 'Where?\nLook.' },
    ]);
  });

  it('keep a line of the question that reads like a role', () => {
    expect(promptMessages('user\nWho is the\nuser\nhere?\nsystem\nassistant\n')).toEqual([
      { role: 'user', content: 'Who is the\nuser\nhere?\nsystem' },
    ]);
    expect(promptMessages('The role is\nuser\nor not?')).toEqual([
      { role: 'user', content: 'The role is\nuser\nor not?' },
    ]);
  });

  it('are those of ChatML, picture tokens marked', () => {
    const pads = '<|vision_start|><|image_pad|><|image_pad|><|vision_end|>';
    const chat = `<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n${pads}Where?\nuser\n<|im_end|>\n<|im_start|>assistant\n`;
    expect(promptMessages(chat)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: '<image>Where?\nuser' },
    ]);
    expect(promptMessages('<|vision_start|>[151655 * 1024]<|vision_end|>Where? <image>')[0]?.content).toBe(
      '<image>Where? <image>',
    );
  });

  it('take linear time with whatever they are given', () => {
    for (const noise of ['<|vision_start|>', '<|image_pad|>', '[1', '\nuser', '<|im_start|>', ' '])
      expect(promptMessages(noise.repeat(100_000)).length).toBeLessThan(100_001);
  });
});
