import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { makeFolder, openTrace, startClient } from '../data/openClient';

const row = (output: string) =>
  JSON.stringify({ input: 'user\nWo ist “es”?\u007f\t\nassistant\n', output, gts: 'A', score: 1, step: 7 });
const noted = <T>(value: T) => ({ author: 'Ada', time: '2026-01-02T03:04:05.000Z', value });

it('the reader in docs/sidecar.md finds every row of a verl dump by its key', async () => {
  const folder = await makeFolder({ '7.jsonl': [row('same'), row('ändert'), row('same')].join('\n') });
  const { client } = await startClient();
  const trace = await openTrace(client, folder);
  await trace.scanned();
  const { traceId } = trace;
  const places = await client.call('notes/keys', { traceId, rows: [0, 1, 2] });
  const records = places.map(({ key, hints }, i): AnnotationRecord => {
    return { kind: 'rollout', key, hints, notes: { total: noted(i), labels: { 0: noted(-1 as const) } } };
  });
  await client.call('notes/save', { traceId, file: '7.jsonl', place: null, stamp: null, records });
  const [, code = ''] = /```python\n([\s\S]*?)```/.exec(readFileSync('docs/sidecar.md', 'utf8')) ?? [];
  const reader = join(folder, 'reader.py');
  writeFileSync(reader, code);
  const out = execFileSync('python3', [reader, join(folder, '7.jsonl')], { encoding: 'utf8' });
  const read = out
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(read).toEqual([0, 1, 2].map((score) => ({ score, notes: { total: score, labels: { 0: -1 } } })));
});
