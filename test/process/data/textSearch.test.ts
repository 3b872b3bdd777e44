import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefilterOf, textMatcher } from '../../../src/data/process/columns/textPrefilter';
import { everything, type FilterChip } from '../../../src/protocol/query';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

type Where = Extract<FilterChip, { kind: 'text' }>['where'];

async function openSearch(files: Readonly<Record<string, string>>, name: string) {
  const folder = await makeFolder(files);
  const { client } = await startClient();
  const trace = await openTrace(client, join(folder, name));
  await trace.scanned();
  const { traceId } = trace;
  const search = async (text: string, where: Where = 'either', matchCase = false): Promise<readonly number[]> => {
    const chip: FilterChip = { kind: 'text', text, where, matchCase };
    const { view } = await client.call('trace/query', { traceId, query: { ...everything, chips: [chip] } });
    const groups = await client.call('trace/groups', { traceId, start: 0, count: 1000, view });
    return groups.flatMap(({ rollouts }) => rollouts.map(({ row }) => row)).sort((a, b) => a - b);
  };
  return { client, traceId, search };
}

describe('a search for a text', () => {
  it('finds what was said in prompts and responses, however the log escapes it', async () => {
    const dump = [
      verlLine({ input: 'user\nWhere is the Café?\n', output: 'It says "Open"\nuntil 5 <b>pm</b>' }),
      // json.dumps with ensure_ascii, as verl's older trainers write it.
      verlLine({ output: 'Der Schlüssel 😀' }).replace('ü', '\\u00fc').replace('😀', '\\ud83d\\ude00'),
      // A writer may escape any letter.
      verlLine({ output: 'PLAIN' }).replace('PLAIN', '\\u0070l\\u0061in'),
      verlLine({ output: 'C:\\u0041\\temp' }),
    ].join('');
    const { search } = await openSearch({ '7.jsonl': dump }, '7.jsonl');
    expect(await search('café')).toEqual([0]);
    expect(await search('CAFÉ', 'prompt')).toEqual([0]);
    expect(await search('café', 'response')).toEqual([]);
    expect(await search('café', 'either', true)).toEqual([]);
    expect(await search('Café', 'either', true)).toEqual([0]);
    expect(await search('"open"\nuntil')).toEqual([0]);
    expect(await search('<B>')).toEqual([0]);
    expect(await search('schlüssel 😀')).toEqual([1]);
    expect(await search('plain')).toEqual([2]);
    expect(await search(':\\u0041\\t', 'either', true)).toEqual([3]);
    expect(await search('nowhere')).toEqual([]);
    // Keys and other columns of the line are not its prompt or response.
    expect(await search('score')).toEqual([]);
  });

  it('reads what a reader puts together itself, which the bytes do not hold in a row', async () => {
    const messages = (answer: string) =>
      `${JSON.stringify({
        images: ['a.png'],
        messages: [
          { role: 'user', content: 'What stands there?' },
          {
            role: 'assistant',
            content: [
              { type: 'text', text: 'It ' },
              { type: 'text', text: answer },
            ],
          },
        ],
      })}\n`;
    const { search } = await openSearch({ 'a.jsonl': messages('is red') + messages('is blue') }, 'a.jsonl');
    expect(await search('is BLUE')).toEqual([1]);
    expect(await search('stands there')).toEqual([0, 1]);
  });

  it('tells how far it is, can be stopped, and looks only at rows that are left', async () => {
    const rows = 40_000;
    const dump = Array.from({ length: rows }, (_, row) =>
      verlLine({ input: `user\nQuestion ${row}\n`, score: row % 2, output: `${'word '.repeat(40)}${row}é` }),
    ).join('');
    const { client, traceId } = await openSearch({ '7.jsonl': dump }, '7.jsonl');
    const told: { done: number; total: number }[] = [];
    client.on('trace/searched', (searched) => told.push(searched));
    const text: FilterChip = { kind: 'text', text: '9é', where: 'response', matchCase: false };
    const odd: FilterChip = { kind: 'range', column: 'reward', from: 1, to: 1 };
    const ask = (chips: readonly FilterChip[], signal?: AbortSignal) =>
      client.call('trace/query', { traceId, query: { ...everything, chips } }, signal === undefined ? {} : { signal });
    expect((await ask([text])).rows).toBe(rows / 10);
    const all = told.at(-1)!;
    expect(all.done).toBe(all.total);
    expect((await ask([text, { ...odd, to: 0, from: 0 }])).rows).toBe(0);
    expect(told.at(-1)!.total).toBeLessThan(all.total * 0.6);
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 5);
    await expect(ask([{ ...text, text: 'é9' }], stopping.signal)).rejects.toThrow('cancelled');
  });
});

describe('the prefilter', () => {
  const letters = fc.constantFrom(...'aAbé"\\\n\u0001/<😀 u0041x', '\\u0041', '\\x41');
  const texts = fc.array(letters, { maxLength: 30 }).map((parts) => parts.join(''));

  it('never loses a row that matches', () => {
    const ascii = (json: string) =>
      json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    fc.assert(
      fc.property(
        texts,
        fc.nat(30),
        fc.nat(8),
        fc.boolean(),
        fc.boolean(),
        (text, from, length, matchCase, escapes) => {
          const part = text.slice(from, from + length);
          const needle = matchCase ? part : part.toUpperCase();
          fc.pre(needle !== '' && textMatcher(needle, matchCase)(text));
          const json = JSON.stringify({ before: 'x', text });
          const bytes = Buffer.from(escapes ? ascii(json) : json);
          const made = prefilterOf(needle, matchCase);
          if (made !== null) expect(made(bytes).mayMatch(0, bytes.length)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
