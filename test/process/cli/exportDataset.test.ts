import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { writeSidecar } from '../../../src/core/annotation/sidecar';
import { openParquetImages } from '../../../src/data/process/images/parquetDataset';
import { TableDatabase } from '../../../src/data/process/images/tableDatabase';
import { makeFolder, openTrace, startClient } from '../data/openClient';
import { png, temporaryFolder, writeTables } from '../images/tables';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);
const saccade = (...args: readonly string[]) => runCli(entry, at('cache'), args);
const noted = <T>(value: T, time = '2026-01-02T03:04:05.000Z') => ({ author: 'Ada', time, value });

const asked = 6;
/** As verl's dump has it: the decoded prompt, and `reward_model.ground_truth` under `gts`. */
const lines = (step: number) =>
  Array.from({ length: asked * 2 }, (_, i) =>
    JSON.stringify({
      input: `user\nWhere is dog ${i >> 1}?\nassistant\n`,
      output: `<answer>[{"bbox_2d": [1, 2, 30, ${40 + i}], "label": "dog"}]</answer>`,
      gts: truth(i >> 1),
      score: i % 2,
      step,
    }),
  ).join('\n');
const truth = (i: number) => `[{"bbox_2d": [10, 20, 30, ${40 + i}],  "label": "dog ${i}"}]`;

/** As verl's `examples/data_preprocess` writes a row, with `datasets`' own metadata; one column of another kind at the end. */
const dataset = (from: number, to: number) => `SELECT 'vstar' AS data_source,
  [{content: '<image>Where is dog ' || i || '?', role: 'user'}] AS prompt,
  [{bytes: ${png(7)} || encode(i::VARCHAR), path: CASE WHEN i % 2 = 0 THEN i || '.png' END}] AS images, 'grounding' AS ability,
  {ground_truth: '[{"bbox_2d": [10, 20, 30, ' || (40 + i) || '],  "label": "dog ' || i || '"}]', style: 'rule'} AS reward_model,
  {index: i, split: 'train', weight: (i / 3)::FLOAT} AS extra_info, (i % 200)::UTINYINT AS small
  FROM range(${from}, ${to}) rows(i)`;
const huggingface = `{"info": {"features": {"images": {"_type": "List", "feature": {"_type": "Image"}}, "it''s": 1}}}`;

async function rowsOf(file: string, select = '*'): Promise<readonly (readonly unknown[])[]> {
  const database = new TableDatabase();
  try {
    return await database.rows(`SELECT ${select}`, [file]);
  } finally {
    await database.dispose();
  }
}

const json = (file: string) => rowsOf(file, 'to_json(t)::VARCHAR FROM read_parquet(?) t');

/** Image bytes as our own page walker reads them, which shares nothing with what wrote them. */
async function imagesOf(file: string, rows: number): Promise<readonly string[]> {
  const database = new TableDatabase();
  const images = await openParquetImages(database, file, undefined);
  const found = [];
  for (let row = 0; row < rows; row++) found.push(Buffer.from(await images.bytes(row, 'images', 0)).toString('latin1'));
  await database.dispose();
  return found;
}

const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });

beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
  const files = {
    'run/dumps/1.jsonl': `${lines(1)}\n`,
    'run/dumps/2.jsonl': `${lines(2)}\n`,
    'run/.hydra/config.yaml': 'data: {train_files: train.parquet}\nactor_rollout_ref: {rollout: {n: 2}}\n',
  };
  const made = await makeFolder(files);
  await writeTables(
    `COPY (${dataset(0, 2500)}) TO '${join(made, 'run/train.parquet')}'
     (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048, KV_METADATA {huggingface: '${huggingface}', "ARROW:schema": 'QUJD'})`,
  );
  await cp(join(made, 'run'), at('run'), { recursive: true });
  const { client } = await startClient();
  const trace = await openTrace(client, at('run/dumps'));
  await trace.scanned();
  const { traceId } = trace;
  const groups = await trace.groups();
  const keys = await client.call('notes/keys', { traceId, rows: [8, 9, 10] });
  const keyOf = (step: number, i: number) => groups.filter((group) => group.step === step)[i]?.key ?? '';
  const hints = { line: 1, step: 1 };
  const group = (key: string, notes: object) => ({ kind: 'group', key, hints, notes }) as AnnotationRecord;
  const rollout = (i: number) =>
    ({ kind: 'rollout', key: keys[i]?.key ?? '', hints, notes: { excluded: noted(true) } }) as AnnotationRecord;
  const sidecar = (...records: readonly AnnotationRecord[]) => writeSidecar({ head: '', size: 0 }, records);
  await writeFile(
    at('run/dumps/1.jsonl.saccade'),
    sidecar(
      group(keyOf(1, 1), { truth: { 0: noted(box(11.4, 20, 31, 41)) } }),
      group(keyOf(1, 2), { excluded: noted(true) }),
      // Every rollout of one sample, and one of another's two.
      rollout(0),
      rollout(1),
      rollout(2),
    ),
  );
  await writeFile(
    at('run/dumps/2.jsonl.saccade'),
    // The same sample at a later step, and later.
    sidecar(group(keyOf(2, 1), { truth: { 0: noted(box(12, 20, 32, 41), '2026-02-01T00:00:00.000Z') } })),
  );
}, 60_000);
afterAll(() => folder[Symbol.asyncDispose]());

describe('the RL dataset of a run', () => {
  it('comes back with mended ground truth, without excluded samples, and otherwise as it was', async () => {
    const ran = await saccade(
      'export',
      at('run/dumps'),
      '--to',
      'rl-parquet',
      '-o',
      at('out'),
      '--frame',
      'groundTruth=original',
      '--json',
    );
    expect(ran.err).toBe('');
    expect((await readdir(at('out'))).sort()).toEqual(['manifest.json', 'train.parquet']);
    const [from, to] = [at('run/train.parquet'), at('out/train.parquet')];
    const kept = Array.from({ length: 2500 }, (_, i) => i).filter((i) => i !== 2 && i !== 4);
    const before = await json(from);
    const after = await json(to);
    const mended = truth(1).replace('[10, 20, 30, 41]', '[12, 20, 32, 41]');
    const expected = kept.map((i) => JSON.parse(String(before[i]?.[0])) as Record<string, unknown>);
    expected[1] = { ...expected[1], reward_model: { ground_truth: mended, style: 'rule' } };
    expect(after.map(([text]) => JSON.parse(String(text)) as unknown)).toEqual(expected);
    const images = await imagesOf(to, 20);
    expect(images).toEqual((await imagesOf(from, 22)).filter((_, i) => kept.includes(i)));
    for (const what of [
      'column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(?))',
      'key, value FROM parquet_kv_metadata(?)',
      'DISTINCT compression FROM parquet_metadata(?)',
      'name, type, num_children FROM parquet_schema(?)',
    ])
      expect(await rowsOf(to, what)).toEqual(await rowsOf(from, what));
    const manifest = JSON.parse(await readFile(at('out/manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      written: { records: 2498, rollouts: 4 },
      leftOut: [{ reason: 'its sample is excluded by an annotation', rollouts: 4 }],
      datasets: [
        {
          from,
          file: 'train.parquet',
          rows: 2500,
          kept: 2498,
          dropped: [2, 4],
          truth: 'reward_model.ground_truth',
          mended: [{ row: 1, before: truth(1), after: mended }],
          compression: 'zstd',
          metadata: ['huggingface', 'ARROW:schema'],
        },
      ],
    });
  });

  it('is only told of in a dry run, and is refused where there is nothing to change', async () => {
    const told = await saccade(
      'export',
      at('run/dumps'),
      '--to',
      'rl-parquet',
      '--dry-run',
      '--frame',
      'groundTruth=original',
      '--json',
    );
    expect(JSON.parse(told.out)).toMatchObject({ written: { records: 2498 }, preview: [{ row: 1 }] });
    const folder = await makeFolder({ '1.jsonl': `${lines(1)}\n` });
    const ran = await saccade('export', folder, '--to', 'rl-parquet', '-o', at('none'));
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('There is nothing to change in the dataset');
    const chosen = await saccade('export', folder, '--to', 'rl-parquet', '-o', at('none'), '--select', 'best');
    expect(chosen).toMatchObject({ code: 2, err: expect.stringContaining('--select does not belong to') });
  });

  it('is not written over a truth that the log does not have, nor where its sample is unknown', async () => {
    await writeTables(
      `COPY (SELECT * REPLACE ({ground_truth: replace(reward_model.ground_truth, '10, 20', '11, 20'), style: 'rule'} AS reward_model)
       FROM (${dataset(0, 2)})) TO '${at('other.parquet')}' (FORMAT parquet)`,
    );
    const ran = await saccade(
      'export',
      at('run/dumps'),
      '--to',
      'rl-parquet',
      '--dry-run',
      '--frame',
      'groundTruth=original',
      '--json',
      '--dataset',
      at('other.parquet'),
    );
    expect(JSON.parse(ran.out)).toMatchObject({
      leftOut: [
        { reason: 'it is annotated, but no row of its dataset asks its prompt', rollouts: 4 },
        { reason: 'its row in the dataset has other boxes than the log', rollouts: 4 },
      ],
    });
  });
});
