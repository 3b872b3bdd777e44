import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainPng } from '../../fixtures/images';
import { datasetTableFile } from '../../fixtures/tables';
import { writeTables } from '../images/tables';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

describe('a parquet dataset', () => {
  it('of verl opens as samples, each with the image out of its own row', async () => {
    const folder = await makeFolder();
    const file = join(folder, 'train.parquet');
    const png = await plainPng();
    await writeFile(
      file,
      await datasetTableFile([
        { question: 'Where is it?', truth: '[10, 20, 30, 40]', image: png },
        { question: 'Where is it?', truth: '[10, 20, 30, 40]', image: Buffer.concat([png, Buffer.from('2')]) },
        { question: 'What is 1 + 1?', truth: '2', image: null },
      ]),
    );
    const { client } = await startClient(() => ({ width: 200, height: 100 }));
    const trace = await openTrace(client, file);
    expect(trace.opened.format).toBe('dataset-table');
    expect(await trace.scanned()).toMatchObject({
      rollouts: 0,
      samples: 3,
      groups: 3,
      images: { resolved: 2, missing: 1 },
    });
    const { rollouts, image } = await trace.group(1);
    expect(rollouts[0]).toMatchObject({
      prompt: 'user\n<image>Where is it?',
      groundTruth: '[10, 20, 30, 40]',
      truthBoxes: [{ box: { x1: 10, y1: 20, x2: 30, y2: 40 } }],
      dataSource: 'hiyouga/geometry3k',
      line: 2,
    });
    expect(JSON.stringify(rollouts[0])).not.toContain('PNG');
    if (image.kind !== 'resolved') throw new Error(`the image is ${image.kind}`);
    const { path } = await client.call('image/file', { traceId: trace.traceId, ref: image.ref });
    expect((await readFile(path)).length).toBe(png.length + 1);
    expect((await trace.group(2)).image).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining('no image'),
    });
  });

  it('of Hugging Face opens from its folder: one image a row, a plain question, a model’s answer', async () => {
    const folder = await makeFolder({ 'beside.png': await plainPng() });
    const write = (name: string, path: string) =>
      writeTables(`COPY (SELECT {bytes: NULL::BLOB, path: '${path}'} AS image, 'Which?' AS problem,
        '<answer>[1, 2, 3, 4]</answer>' AS response, 'red' AS answer) TO '${join(folder, name)}' (FORMAT parquet)`);
    await write('train-00000-of-00002.parquet', 'beside.png');
    await write('train-00001-of-00002.parquet', 'gone.png');
    const { client } = await startClient(() => ({ width: 200, height: 100 }));
    const trace = await openTrace(client, folder);
    expect(trace.opened.files).toEqual(['train-00000-of-00002.parquet', 'train-00001-of-00002.parquet']);
    expect(await trace.scanned()).toMatchObject({ rollouts: 2, groups: 2, images: { resolved: 1, missing: 1 } });
    const { rollouts, image } = await trace.group(0);
    expect(rollouts[0]).toMatchObject({ groundTruth: 'red', regions: [{ box: { x1: 1, y1: 2, x2: 3, y2: 4 } }] });
    expect(image).toMatchObject({ ref: { kind: 'file', path: join(folder, 'beside.png') } });
  });

  it('beside a run’s dumps is not what opening the run means', async () => {
    const folder = await makeFolder({ 'rollouts/7.jsonl': verlLine() });
    await writeFile(
      join(folder, 'train.parquet'),
      await datasetTableFile([{ question: 'Where?', truth: 'A', image: await plainPng() }]),
    );
    const { client } = await startClient();
    expect((await openTrace(client, folder)).opened.format).toBe('verl-dump');
  });

  it('without images, or no parquet at all, is left alone', async () => {
    const folder = await makeFolder();
    await writeTables(
      `COPY (SELECT 'Which?' AS problem, 'red' AS answer) TO '${join(folder, 'text.parquet')}' (FORMAT parquet)`,
    );
    await writeFile(join(folder, 'no.parquet'), 'PAR1 no PAR1');
    const { client } = await startClient();
    for (const name of ['text.parquet', 'no.parquet'])
      expect(await client.call('path/detect', { path: join(folder, name) })).toBeNull();
  });
});
