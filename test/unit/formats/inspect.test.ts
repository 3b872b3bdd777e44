import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../src/core/text/jsonValue';
import { inspectEval } from '../../../src/formats/inspectEval';
import { inspectSample } from '../../fixtures/inspect';
import { memoryDir } from './memoryDir';

const uri = `data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAA'.repeat(8)}`;
const good = inspectSample({ id: 7, epoch: 1, question: 'Which?', answer: 'red', score: 1, image: uri });
const place = { file: 'samples/7_epoch_1.json', line: 1 };
const read = (sample: unknown) =>
  inspectEval.read(typeof sample === 'string' ? sample : JSON.stringify(sample), place, memoryDir({}));

describe('a sample of Inspect', () => {
  it('holds each score under its scorer’s name, as logged', async () => {
    const scores = { match: { value: 'C' }, parts: { value: { a: 1, b: 0.5 } }, none: { value: null } };
    const { record } = await read(
      `{"scores": {"f1": {"value": NaN}}, ${JSON.stringify({ ...good, scores: undefined }).slice(1)}`,
    );
    expect(record?.fields).toContainEqual({ name: 'f1', value: Number.NaN });
    expect((await read({ ...good, scores })).record?.fields).toEqual([
      { name: 'match', value: 'C' },
      { name: 'parts.a', value: 1 },
      { name: 'parts.b', value: 0.5 },
      { name: 'none', value: null },
      { name: 'epoch', value: 1 },
      expect.objectContaining({ name: 'model_usage' }),
    ]);
  });

  it('resolves attachments in both notations; one that is missing stays as it is', async () => {
    const said = (content: JsonValue, attachments: JsonValue) =>
      read({ ...good, messages: [{ role: 'assistant', content }], attachments }).then(({ record }) => record?.response);
    expect(await said('attachment://ab', { ab: 'whole text' })).toBe('whole text');
    expect(await said('tc://ab', { ab: 'whole text' })).toBe('whole text');
    expect(await said('attachment://__proto__', { ab: 'x' })).toBe('attachment://__proto__');
    expect(await said([{ type: 'text', text: 'see attachment://ab' }], { ab: 'x' })).toBe('see attachment://ab');
  });

  it('without an answer is a sample of its input', async () => {
    const { record } = await read({
      id: 1,
      epoch: 1,
      input: 'Which?',
      target: 'red',
      messages: [],
      error: { message: 'x' },
    });
    expect(record).toMatchObject({ kind: 'sample', prompt: 'user\nWhich?', response: '' });
  });

  it('with anything in any place opens or says why not', async () => {
    const column = fc.constantFrom(...Object.keys(good));
    await fc.assert(
      fc.asyncProperty(column, fc.jsonValue({ maxDepth: 4 }), async (name, value) => {
        const { record, problems } = await read({ ...good, [name]: value });
        if (record === null) expect(problems.length).toBeGreaterThan(0);
        else
          for (const { span } of record.statedTurns ?? []) expect(span.end).toBeLessThanOrEqual(record.response.length);
      }),
      { numRuns: 200 },
    );
  });

  it('in chunks of which one is missing or damaged is left out, as later messages would take its place', async () => {
    const messages = [
      { role: 'user', content: 'Which?' },
      { role: 'assistant', content: 'red' },
      { role: 'user', content: 'Sure?' },
      { role: 'assistant', content: 'blue' },
    ];
    const text = JSON.stringify({ ...good, messages: undefined, message_refs: [[0, 2]] });
    const chunked = (files: Readonly<Record<string, string>>) =>
      inspectEval.read(text, { file: 's/7_epoch_1/sample.json', line: 1 }, memoryDir(files));
    const first = { 's/7_epoch_1/messages/0.json': JSON.stringify(messages.slice(0, 2)) };
    const second = { 's/7_epoch_1/messages/2.json': JSON.stringify(messages.slice(2)) };
    expect((await chunked({ ...first, ...second })).record?.response).toBe('red');
    for (const files of [second, { ...second, 's/7_epoch_1/messages/0.json': '[{"role": "us' }]) {
      const { record, problems } = await chunked(files);
      expect(record).toBeNull();
      expect(problems[0]?.message).toContain('messages/0.json');
    }
  });

  it('in chunks with anything in them opens or says why not', async () => {
    const shell = { ...good, messages: undefined, message_refs: [[0, 9]] };
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), async (refs, messages, attachments) => {
        const dir = memoryDir({
          's/7_epoch_1/messages/0.json': JSON.stringify(messages),
          's/7_epoch_1/attachments/0.json': JSON.stringify([attachments]),
        });
        const text = JSON.stringify({ ...shell, message_refs: refs });
        const { record, problems } = await inspectEval.read(text, { file: 's/7_epoch_1/sample.json', line: 1 }, dir);
        expect(record !== null || problems.length > 0).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
