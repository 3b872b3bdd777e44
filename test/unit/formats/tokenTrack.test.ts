import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rlLoggingBoard } from '../../../src/formats/rlLoggingBoard';
import { tokenStarts } from '../../../src/formats/tokenTrack';
import { memoryDir } from './memoryDir';

const place = { file: 'rollout_data_rank0.jsonl', line: 3 };
/** A row as `RLLoggingBoardLogger.log` writes it: tokens decoded one by one, lists of one number for each. */
const read = (more: Record<string, unknown>) => {
  const row = {
    step: 1,
    prompt: 'Which?',
    response: 'The <b>',
    response_tokens: ['The', ' <', 'b', '>'],
    logprobs: [-0.1, -2, -0.5, 0],
    token_rewards: [0, 0, 0, 1],
    reward: 1,
    ...more,
  };
  return rlLoggingBoard.read(JSON.stringify(row), place, memoryDir({}));
};

describe('tokens of a response', () => {
  it('stand where their texts do, one behind the other', () => {
    expect(tokenStarts(['a', 'a', '', 'b'], 'aab')).toEqual([0, 1, 2, 2]);
  });

  it('that share a character begin with it: alone they decode to replacement marks', () => {
    // 🚦 in three tokens, then a token that begins with a blank and ends inside é.
    const text = 'Go 🚦 é!';
    expect(tokenStarts(['Go ', '\ufffd', '\ufffd', '\ufffd', ' \ufffd', '\ufffd', '!'], text)).toEqual([
      0, 3, 3, 3, 5, 6, 7,
    ]);
  });

  it('are found in any text whose rare characters a tokenizer takes apart', () => {
    const rare = new Set(['é', '字', '🚦']);
    const unit = fc.constantFrom('a', ' ', '\n', 'ж', ...rare);
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
        const pieces = units.map((one) =>
          rare.has(one) ? [...new TextEncoder().encode(one)].map(() => '\ufffd') : [one],
        );
        const places = units.map((_, i) => units.slice(0, i).join('').length);
        const starts = tokenStarts(pieces.flat(), units.join(''));
        expect(starts).toHaveLength(pieces.flat().length);
        let token = 0;
        // What is whole stands exactly where it is; a piece no further than its character.
        for (const [i, tokens] of pieces.entries()) {
          if (tokens[0] !== '\ufffd') expect(starts?.[token]).toBe(places[i]);
          else expect(starts?.[token]).toBeLessThanOrEqual(places[i] ?? 0);
          token += tokens.length;
        }
      }),
    );
  });

  it('that do not spell the response have no places', () => {
    expect(tokenStarts(['The', ' dog'], 'The cat')).toBeNull();
    expect(tokenStarts(['The'], 'The cat')).toBeNull();
    expect(tokenStarts(['The', ' cat', ' sat'], 'The cat')).toBeNull();
  });
});

describe('a row of RLLoggingBoard', () => {
  it('says so when its tokens do not spell the response, and keeps them as fields', async () => {
    const { record, problems } = await read({ response: 'Another' });
    expect(record?.tokens).toBeUndefined();
    expect(record?.fields.map(({ name }) => name)).toContain('response_tokens');
    expect(problems).toMatchObject([{ file: place.file, line: 3, field: 'response_tokens', severity: 'warning' }]);
  });

  it('drops a list of another length or of other things, and never shifts it', async () => {
    const { record, problems } = await read({ logprobs: [-1, -2], values: ['a', 'b', 'c', 'd'] });
    expect(record?.tokens).toMatchObject({ rewards: [0, 0, 0, 1], logprobs: null, values: null });
    expect(problems.map(({ field }) => field)).toEqual(['logprobs', 'values']);
  });
});
