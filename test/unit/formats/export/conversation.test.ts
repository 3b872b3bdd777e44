import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../../src/core/trajectory/rollout';
import {
  type Conversation,
  conversationOf,
  isLeftOut,
  type LeftOut,
} from '../../../../src/formats/export/conversation';
import { shareGptRecord, v1WeightedRecord } from '../../../../src/formats/export/sft';

type Said = readonly [role: Turn['role'], text: string];

/** A rollout whose log states its turns. */
function rolloutOf(prompt: string, said: readonly Said[]) {
  let response = '';
  const turns = said.map(([role, text], index): Turn => {
    const start = response.length;
    response += text;
    return { index, role, inferred: false, span: { start, end: response.length }, thought: null, actions: [] };
  });
  return { prompt, response, turns };
}

function conversation(value: Conversation | LeftOut): Conversation {
  if (isLeftOut(value)) throw new Error(value.reason);
  return value;
}

const marksIn = ({ messages }: Conversation) =>
  messages.reduce((sum, { content }) => sum + content.split('<image>').length - 1, 0);

describe('a conversation', () => {
  it('puts each picture where it was shown, and ends with the policy', () => {
    const said: Said[] = [
      ['assistant', 'Closer.<|im_end|>'],
      ['tool', '<tool_response>\n<image>Here.\n</tool_response>'],
      ['user', 'Go on.'],
      ['assistant', 'It is 968.'],
      ['user', 'Nobody answers.'],
    ];
    const pictures = { question: ['a.png'], replies: [{ turn: 0, path: 'crop.webp' }] };
    const { messages, images, asked } = conversation(conversationOf(rolloutOf('Which?', said), pictures));
    expect(messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', '<image>Which?'],
      ['assistant', 'Closer.'],
      ['tool', '<image>Here.\nGo on.'],
      ['assistant', 'It is 968.'],
    ]);
    expect([images, asked]).toEqual([['a.png', 'crop.webp'], 1]);
  });

  it('is left out where marks and pictures differ', () => {
    const answer: Said[] = [['assistant', 'x']];
    const one = { question: ['a.png'], replies: [] };
    expect(conversationOf(rolloutOf('<image><image>Which?', answer), one)).toEqual({
      reason: 'its prompt marks 2 pictures and has 1',
    });
    const unseen: Said[] = [...answer, ['tool', '<image>'], ...answer];
    expect(isLeftOut(conversationOf(rolloutOf('Which?', unseen), one))).toBe(true);
    expect(isLeftOut(conversationOf(rolloutOf('Which?', [['assistant', 'an <image> of it']]), one))).toBe(true);
    expect(isLeftOut(conversationOf(rolloutOf('', answer), { question: [], replies: [] }))).toBe(true);
  });

  it('has, whatever is logged, a mark for each picture and alternating sides', () => {
    const text = fc.stringMatching(/^(?:<image>|<\|im_end\|>|user\n|[a-z ]{0,3}){0,4}$/);
    const turn = fc.tuple(fc.constantFrom<Turn['role']>('assistant', 'tool', 'user'), text);
    const pictures = fc.record({
      question: fc.array(fc.constant('q.png'), { maxLength: 2 }),
      replies: fc.array(fc.record({ turn: fc.nat(5), path: fc.constant('r.webp') }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(text, fc.array(turn, { maxLength: 6 }), pictures, (prompt, said, seen) => {
        const found = conversationOf(rolloutOf(prompt, said), seen);
        if (isLeftOut(found)) return;
        expect(marksIn(found)).toBe(found.images.length);
        expect(found.messages.at(-1)?.role).toBe('assistant');
        for (const [i, { role }] of found.messages.entries()) expect(role === 'assistant').toBe(i % 2 === 1);
      }),
    );
  });
});

describe('records of it', () => {
  const said = conversation(
    conversationOf(rolloutOf('system\nBrief.\nuser\nWhich?\nassistant\n', [['assistant', 'x']]), {
      question: ['a.png', 'b.png'],
      replies: [],
    }),
  );

  it('hold a system message as the consumer wants it', () => {
    expect(shareGptRecord(said)).toEqual({
      conversations: [
        { from: 'human', value: '<image><image>Which?' },
        { from: 'gpt', value: 'x' },
      ],
      system: 'Brief.',
      images: ['a.png', 'b.png'],
    });
    expect(v1WeightedRecord(said, () => 0.5)).toEqual({
      messages: [
        { role: 'system', content: [{ type: 'text', value: 'Brief.' }], loss_weight: 0 },
        {
          role: 'user',
          content: [
            { type: 'image_url', value: 'a.png' },
            { type: 'image_url', value: 'b.png' },
            { type: 'text', value: 'Which?' },
          ],
          loss_weight: 0,
        },
        { role: 'assistant', content: [{ type: 'text', value: 'x' }], loss_weight: 0.5 },
      ],
    });
  });
});
