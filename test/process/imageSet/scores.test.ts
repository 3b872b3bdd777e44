import { writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScoreSource } from '../../../src/protocol/imageSetScores';
import { openSet, sharedSet } from './openSet';

const image = (id: number, file_name: string, split = 'gen') => ({
  id,
  file_name: `${split}/${file_name}`,
  width: 64,
  height: 64,
});
const document = {
  images: [image(11, 'a.jpg'), image(12, 'b.jpg'), image(13, 'c.jpg'), image(14, 'd.jpg', 'real'), image(15, 'd.jpg')],
  annotations: [11, 11, 12, 13, 14].map((image_id, i) => ({
    id: i + 1,
    image_id,
    category_id: 1 + (i % 2),
    bbox: [0, 0, 8 * (i + 1), 8],
    area: 64 * (i + 1),
  })),
  categories: [
    { id: 1, name: 'boat' },
    { id: 2, name: 'car' },
  ],
};

/** As `numpy.save` writes it, format 1. */
function npy(descr: string, shape: readonly number[], bytes: Uint8Array): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const header = `${text.padEnd(117)}\n`;
  return Buffer.concat([
    Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'),
    Buffer.from([header.length & 255, header.length >> 8]),
    Buffer.from(header, 'latin1'),
    bytes,
  ]);
}
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

describe('scores out of a table', () => {
  let shared: Awaited<ReturnType<typeof sharedSet>>;
  let set: Awaited<ReturnType<typeof openSet>>;
  beforeAll(async () => {
    shared = await sharedSet({ 'set.json': JSON.stringify(document) });
    set = await openSet(shared.client, shared.path('set.json'));
  });

  const written = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(shared.path(name), content);
    return shared.path(name);
  };
  const look = (path: string) => shared.client.call('imageset/scoreTable', { setId: set.setId, path });
  const take = (source: ScoreSource) => shared.client.call('imageset/importScores', { setId: set.setId, source });
  const number = (path: string, column: string, rule: NonNullable<ScoreSource['key']>['rule'], value: string) =>
    take({ path, key: { column, rule }, value, kind: 'number' });
  const vector = (path: string, value: string, key: ScoreSource['key'] = null) =>
    take({ path, key, value, kind: 'vector' });
  const above = async (column: string, from: number | null) => [
    ...(await set.query({ chips: [{ kind: 'range', column, from, to: null }] })).order,
  ];
  const sample = (
    strategy: Parameters<typeof shared.client.call<'imageset/sample'>>[1]['strategy'],
    count: number,
    seed = 1,
  ) => shared.client.call('imageset/sample', { setId: set.setId, view: null, strategy, count, seed });

  it('of CSV become a column; what matches nothing, is twice there or has no number is counted', async () => {
    const path = await written(
      'contribution.csv',
      'file,rank,contribution\n/data/gen/a.jpg,1,0.75\n/data/gen/b.jpg,2,nan\n/data/gen/a.jpg,3,0.1\n/data/gen/zebra.jpg,4,0.5\n/data/gen/c.jpg,5,-1e-3\n/data/gen/d.jpg,6,1\n',
    );
    const table = await look(path);
    expect(table).toMatchObject({ looked: 6, inOrder: false });
    expect(table.columns).toMatchObject([
      { name: 'file', kind: 'text', rule: 'name', matches: 3 },
      { name: 'rank', kind: 'number', matches: 0 },
      { name: 'contribution', kind: 'number', matches: 0 },
    ]);
    const done = await number(path, 'file', 'name', 'contribution');
    expect(done).toMatchObject({ name: 'contribution', images: 2, rows: 6, unmatched: 2, duplicates: 1, absent: 1 });
    expect(done.problems.map(({ message }) => message)).toEqual([
      'contribution.csv: row 3 has another value for “/data/gen/a.jpg”; the first stays.',
      'contribution.csv: row 4 names “/data/gen/zebra.jpg”, which no image is called.',
      'contribution.csv: row 6 names “/data/gen/d.jpg”, which several images are called.',
    ]);
    expect(await above('contribution', 0)).toEqual([0]);
    expect([...(await set.query({ where: 'contribution < 0.5' })).order]).toEqual([2]);
    const sorted = await shared.client.call('imageset/sortedValues', {
      setId: set.setId,
      view: null,
      column: 'contribution',
      end: 'highest',
    });
    expect([[...sorted.images], [...sorted.values], sorted.absent]).toEqual([[2, 0], [-0.001, 0.75], 3]);
  });

  it('of JSON Lines match by id; a broken line, a text and a column of a taken name harm nothing', async () => {
    const rows = [
      '{"image_id": 11, "score": 0.5}',
      '{broken',
      '{"image_id": "12", "score": NaN}',
      '{"image_id": 13.0, "score": "0.25"}',
      '["__proto__"]',
      '{"__proto__": 1, "image_id": 14, "score": {"x": 1}}',
    ];
    const path = await written('clip-scores.jsonl', rows.join('\n'));
    const { columns } = await look(path);
    expect(columns.find(({ name }) => name === 'image_id')).toMatchObject({ rule: 'key', matches: 4 });
    const done = await number(path, 'image_id', 'key', 'score');
    // `score` is a column of annotations already.
    expect(done).toMatchObject({ name: 'clip_scores_score', images: 2, rows: 6, unmatched: 2, absent: 2 });
    expect(await number(path, 'image_id', 'key', 'score')).toEqual(done);
    expect(await above('clip_scores_score', 0)).toEqual([0, 2]);
  });

  it('of JSON may be a list in a document, or values by name', async () => {
    const nested = await written(
      'list.json',
      JSON.stringify({
        info: {},
        annotations: [
          { image_id: 11, clip_score: 0.9 },
          { image_id: 12, clip_score: 0.3 },
        ],
      }),
    );
    expect(await number(nested, 'image_id', 'key', 'clip_score')).toMatchObject({ images: 2, unmatched: 0 });
    const byName = await written('by-name.json', '{"gen/a.jpg": 0.5, "gen/c.jpg": NaN, "real/d": 2}');
    expect((await look(byName)).columns[0]).toMatchObject({ name: 'key', rule: 'file', matches: 2 });
    expect(await number(byName, 'key', 'file', 'value')).toMatchObject({ images: 1, unmatched: 1, absent: 1 });
  });

  it('of parquet are numbers and vectors; farthest points are chosen by these', async () => {
    const path = shared.path("it's [one].parquet");
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT * FROM (VALUES ('a', 1::BIGINT, [0, 0]::FLOAT[], 'x'::BLOB), ('b', NULL, [0, 1]::FLOAT[], NULL), ('c', 3, [9, 0]::FLOAT[], NULL), ('a', 4, NULL, NULL)) t(name, score2, clip, image)) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    expect((await look(path)).columns).toMatchObject([
      { name: 'name', kind: 'text', rule: 'stem', matches: 3 },
      { name: 'score2', kind: 'number' },
      { name: 'clip', kind: 'vector' },
    ]);
    expect(await number(path, 'name', 'stem', 'score2')).toMatchObject({ images: 2, duplicates: 1, absent: 1 });
    expect(await vector(path, 'clip', { column: 'name', rule: 'stem' })).toMatchObject({
      name: 'clip',
      images: 3,
      absent: 1,
    });
    expect(await shared.client.call('imageset/embeddings', { setId: set.setId })).toEqual([
      { name: 'clip', dimensions: 2, images: 3 },
    ]);
    const farthest = { kind: 'farthest', embedding: 'clip', metric: 'L2' } as const;
    const found = await sample(farthest, 2, 5);
    expect([...found.images]).toContain(2);
    expect(found.absent).toBe(2);
    expect((await sample(farthest, 9, 5)).images).toHaveLength(3);
    // The vector of nothing has no direction.
    expect((await sample({ ...farthest, metric: 'cosine' }, 9)).absent).toBe(3);
    await expect(sample({ ...farthest, embedding: 'dino' }, 2)).rejects.toThrow('no embedding “dino”');
  });

  it('of .npy stand in the order of the set, halves and doubles alike', async () => {
    const halves = new Uint8Array(Uint16Array.from([0x3c00, 0xc000, 0x7e00, 0x3800, 0x0001]).buffer);
    const path = await written('influence.npy', npy('<f2', [5], halves));
    expect(await look(path)).toMatchObject({ inOrder: true, columns: [{ name: 'values', kind: 'number' }] });
    expect(await take({ path, key: null, value: 'values', kind: 'number' })).toMatchObject({
      name: 'influence',
      images: 4,
      absent: 1,
    });
    expect(await above('influence', 0.4)).toEqual([0, 3]);
    const vectors = await written(
      'dino.npy',
      npy('<f4', [5, 3], floats(1, 0, 0, 0, 1, 0, 0, 0, 1, Number.NaN, 0, 0, 2, 0, 0)),
    );
    expect(await vector(vectors, 'values')).toMatchObject({ name: 'dino', images: 4, absent: 1 });
    expect((await sample({ kind: 'farthest', embedding: 'dino', metric: 'cosine' }, 5)).images).toHaveLength(3);
  });

  it('that cannot be read are refused in a sentence', async () => {
    const refused = async (name: string, content: string | Uint8Array) =>
      look(await written(name, content)).then(() => 'taken', String);
    expect(await refused('scores.pkl', '')).toContain('pickle');
    expect(await refused('scores.txt', '')).toContain('no table that is read');
    expect(await refused('broken.json', '{"a": ')).toContain('is not JSON');
    expect(await refused('text.json', '"hello"')).toContain('neither a list of records');
    expect(await refused('broken.parquet', 'PAR1 not really')).toContain('broken.parquet');
    expect(await refused('objects.npy', npy('|O', [5], floats()))).toContain('pickles');
    expect(await refused('short.npy', npy('<f4', [5, 1000], floats(1)))).toContain('ends before the last');
    expect(await refused('deep.npy', npy('<f4', [5, 1, 1], floats(1, 1, 1, 1, 1)))).toContain('3 axes');
    expect(await refused('none.npy', 'PK')).toContain('no array of numpy');
    await expect(look(shared.path('gone.csv'))).rejects.toThrow();
    const four = await written('four.npy', npy('<f4', [4], floats(1, 2, 3, 4)));
    await expect(take({ path: four, key: null, value: 'values', kind: 'number' })).rejects.toThrow(
      'has 4 rows, and the set 5 images',
    );
    const strange = await written('strange.csv', 'file,score3\nq.jpg,1\n');
    await expect(number(strange, 'file', 'name', 'score3')).rejects.toThrow('names an image of the set by file');
  });

  it('bear any text: a sentence or a table, never a crash', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('csv', 'json', 'jsonl', 'npy'),
        fc.string({ maxLength: 80 }),
        async (ending, text) => {
          const start = ending === 'npy' ? '\u0093NUMPY\u0001\u0000\u0020\u0000' : '';
          const path = await written(`any.${ending}`, Buffer.from(start + text, ending === 'npy' ? 'latin1' : 'utf8'));
          const told = await look(path).catch((error: { readonly name: string; readonly kind?: string }) => error);
          expect(told).toSatisfy((one: object) => 'columns' in one || !('code' in one && one.code === 'disposed'));
        },
      ),
      { numRuns: 60 },
    );
    expect((await set.rows()).length).toBe(5);
  });
});

describe('difficulty and samples', () => {
  it('come of pass rates that others tell, or of quartiles of a column', async () => {
    const { client, path } = await sharedSet({ 'set.json': JSON.stringify(document) });
    const set = await openSet(client, path('set.json'));
    const { setId } = set;
    const tell = (name: string, values: readonly number[]) =>
      client.call('imageset/values', {
        setId,
        values: { name, about: '', images: Uint32Array.from(values.keys()), values: Float64Array.from(values) },
      });
    const sections = async (groupBy: string) =>
      (await set.query({ groupBy })).sections.map(({ title, images }) => `${title} ${images}`);
    const columns = async () => (await client.call('imageset/columns', { setId })).map(({ name }) => name);
    expect(await columns()).not.toContain('difficulty');
    await expect(client.call('imageset/difficulty', { setId, source: { by: 'passRate' } })).rejects.toThrow(
      'No rollouts are joined',
    );
    await tell('passRate', [0, 0.25, 1, Number.NaN, 0.8]);
    expect(await sections('difficulty')).toEqual(['unsolved 1', 'hard 1', 'easy 1', 'solved 1', 'no difficulty 1']);
    expect([...(await set.query({ where: "difficulty IN ('hard', 'unsolved')" })).order]).toEqual([0, 1]);
    await tell('passRate', [1, 1, 1, 1, 1]);
    expect(await sections('difficulty')).toEqual(['solved 5']);
    await tell('loss', [5, 4, 3, 2, 1]);
    const { about } = await client.call('imageset/difficulty', {
      setId,
      source: { by: 'quartiles', column: 'loss', hardest: 'highest' },
    });
    expect(about).toContain('quartiles of loss (2, 3, 4)');
    expect(await sections('difficulty')).toEqual(['hardest 1', 'harder 1', 'easier 1', 'easiest 2']);
    // As a set is told that is opened again, whose traces are joined later.
    const byReward = { by: 'quartiles', column: 'reward', hardest: 'highest' } as const;
    await expect(client.call('imageset/difficulty', { setId, source: byReward })).rejects.toThrow(
      'No rollouts are joined',
    );
    expect(await columns()).not.toContain('difficulty');
    await tell('reward', [3, 3, 3, 3, 9]);
    expect(await sections('difficulty')).toEqual(['hardest 1', 'easiest 4']);

    const sample = async (
      strategy: Parameters<typeof client.call<'imageset/sample'>>[1]['strategy'],
      count: number,
      view: number | null = null,
    ) => [...(await client.call('imageset/sample', { setId, view, strategy, count, seed: 2 })).images];
    expect(await sample({ kind: 'extreme', column: 'loss', end: 'highest' }, 2)).toEqual([0, 1]);
    // Of an annotation's column an image has its extreme one.
    expect(await sample({ kind: 'extreme', column: 'boxWidth', end: 'lowest' }, 2)).toEqual([0, 1]);
    const { view } = await set.query({ chips: [{ kind: 'category', column: 'label', values: ['boat'] }] });
    expect(await sample({ kind: 'random' }, 99, view)).toEqual([0, 1, 3]);
    expect(new Set(await sample({ kind: 'stratified', column: 'label' }, 3)).size).toBe(3);
    await expect(sample({ kind: 'extreme', column: 'label', end: 'lowest' }, 1)).rejects.toThrow('holds names');
  });
});
