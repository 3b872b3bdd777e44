import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, openTrace, startClient, verlLine } from '../data/openClient';

const [cup, mug] = ['\x89PNG\r\n\x1a\na cup', '\x89PNG\r\n\x1a\na mug'].map((text) =>
  Buffer.from(text.repeat(30), 'latin1'),
);
if (cup === undefined || mug === undefined) throw new Error('two pictures');

/** A reward function's `image_path` is dumped by verl with everything else that it returns. */
const asks = (image_path: string, step = 1) => verlLine({ step, uid: `${image_path}-${step}`, image_path });

async function compared(files: Readonly<Record<string, string | Uint8Array>>, log = '') {
  const folder = await makeFolder(files);
  const { client } = await startClient();
  const [a, b] = [await openTrace(client, join(folder, 'a', log)), await openTrace(client, join(folder, 'b', log))];
  const side = ({ traceId }: { readonly traceId: number }) => ({ traceId, steps: null });
  const asked = { column: log === '' ? 'reward' : 'response_length', right: 1, kind: null };
  return client.call('compare/traces', { a: side(a), b: side(b), ...asked });
}

describe('samples of two runs are joined by the bytes of their images', () => {
  test('one name may be two pictures', async () => {
    const logs = { 'a/1.jsonl': asks('images/1.png'), 'b/1.jsonl': asks('images/1.png') };
    const other = await compared({ ...logs, 'a/images/1.png': cup, 'b/images/1.png': mug });
    expect(other).toMatchObject({ both: 0, onlyA: 1, onlyB: 1 });
    const same = await compared({ ...logs, 'a/images/1.png': cup, 'b/images/1.png': cup });
    expect(same).toMatchObject({ both: 1, onlyA: 0, onlyB: 0, byName: 0 });
  });

  test('one picture may have two names', async () => {
    const found = await compared({
      'a/1.jsonl': asks('images/cup.png') + asks('images/mug.png'),
      'b/1.jsonl': asks('cache/0017.png') + asks('cache/0018.png'),
      'a/images/cup.png': cup,
      'a/images/mug.png': mug,
      'b/cache/0017.png': mug,
      'b/cache/0018.png': cup,
    });
    expect(found).toMatchObject({ both: 2, onlyA: 0, onlyB: 0, byName: 0 });
    expect(found.samples.map(({ a, b }) => [a.group, b.group]).sort()).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  test('a picture that stands in the log is the same as a file', async () => {
    const messages = (content: string) =>
      `${JSON.stringify({
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: content } },
              { type: 'text', text: 'Where?' },
            ],
          },
          { role: 'assistant', content: '<answer>A</answer>' },
        ],
      })}\n`;
    const files = {
      'a/log.jsonl': messages(`data:image/png;base64,${cup.toString('base64')}`),
      'b/log.jsonl': messages('cup.png') + messages('mug.png'),
      'b/cup.png': cup,
      'b/mug.png': mug,
    };
    const found = await compared(files, 'log.jsonl');
    expect(found).toMatchObject({ both: 1, onlyA: 0, onlyB: 1, byName: 0 });
  });

  test('where an image is missing its name stands for it, and the sample says so', async () => {
    const found = await compared({
      'a/1.jsonl': asks('images/cup.png') + asks('images/mug.png'),
      'b/1.jsonl': asks('/elsewhere/cup.png') + asks('/elsewhere/pot.png'),
      'a/images/cup.png': cup,
      'a/images/mug.png': mug,
    });
    expect(found).toMatchObject({ both: 1, onlyA: 1, onlyB: 1, byName: 1 });
    expect(found.samples).toMatchObject([{ a: { group: 0 }, b: { group: 0 }, byName: true }]);
  });
});

test('then and now: a name that is another picture in another folder is another sample, a copy is the same', async () => {
  const folder = await makeFolder({
    '1.jsonl': asks('first/1.png', 1),
    '2.jsonl': asks('second/1.png', 2),
    '3.jsonl': asks('copies/step3.png', 3),
    'first/1.png': cup,
    'second/1.png': mug,
    'copies/step3.png': cup,
  });
  const { client } = await startClient();
  const { traceId, scanned } = await openTrace(client, folder);
  await scanned();
  const { groups, byName } = await client.call('trace/occurrences', { traceId, group: 0 });
  expect(groups.map(({ step }) => step)).toEqual([1, 3]);
  expect(byName).toBe(false);
});

describe('validation', () => {
  test('is compared with validation alone, and training with training', async () => {
    const row = (split: string, score: number) => verlLine({ split, score, uid: split });
    const logs = { 'a/1.jsonl': row('train', 1) + row('val', 0), 'b/1.jsonl': row('train', 1) + row('val', 1) };
    const folder = await makeFolder(logs);
    const { client } = await startClient();
    const [a, b] = [await openTrace(client, join(folder, 'a')), await openTrace(client, join(folder, 'b'))];
    const ask = (kind: 'training' | 'validation' | null) =>
      client.call('compare/traces', {
        a: { traceId: a.traceId, steps: null },
        b: { traceId: b.traceId, steps: null },
        column: 'reward',
        right: 1,
        kind,
      });
    const kinds = ['training', 'validation'];
    expect(await ask(null)).toMatchObject({ kind: 'training', kinds, both: 1, flips: { bothRight: 1, won: 0 } });
    expect(await ask('validation')).toMatchObject({ kind: 'validation', both: 1, flips: { bothRight: 0, won: 1 } });
  });

  test('in one step file makes groups of its own, and then and now leaves it aside', async () => {
    const prompt = (split: string, score: number) => verlLine({ split, score });
    const folder = await makeFolder({ '7.jsonl': prompt('train', 1) + prompt('val', 0) + prompt('train', 0) });
    const { client } = await startClient();
    const { traceId, groups, scanned } = await openTrace(client, folder);
    await scanned();
    expect((await groups()).map(({ size }) => size)).toEqual([2, 1]);
    expect((await client.call('trace/occurrences', { traceId, group: 0 })).total).toBe(1);
  });
});
