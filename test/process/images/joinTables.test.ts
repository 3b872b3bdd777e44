import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RolloutRecord } from '../../../src/core/trajectory/rollout';
import { createImageResolver, type ImageResolver } from '../../../src/data/process/images/resolver';
import type { ImageState, TraceOverrides } from '../../../src/protocol/data';
import { bytesRead, png, record, temporaryFolder, verlPrompt, writeTables } from './tables';

const messages = (text: string) =>
  `[{role: 'system', content: 'You are a helpful assistant.'}, {role: 'user', content: ${text}}]`;

async function resolverOver(folder: string, overrides: TraceOverrides = {}): Promise<ImageResolver> {
  await mkdir(join(folder, 'dumps'), { recursive: true });
  return createImageResolver({
    tracePath: join(folder, 'dumps'),
    format: 'verl-dump',
    overrides,
    cacheDir: join(folder, 'cache'),
  });
}

const ask = (resolver: ImageResolver, fields: Partial<RolloutRecord>, groupKey = 'g') =>
  resolver.resolve({ groupKey, record: record(fields), file: '1.jsonl' });

async function contentOf(resolver: ImageResolver, state: ImageState): Promise<string> {
  if (state.kind !== 'resolved') throw new Error(JSON.stringify(state));
  return (await readFile(await resolver.file(state.ref))).toString('latin1');
}

describe('a verl dump joined with its parquet dataset', () => {
  it('by the prompt, with the configuration Hydra saved and files that were moved beside the trace', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, '.hydra'));
    await writeFile(
      join(folder.path, '.hydra', 'config.yaml'),
      'data: {train_files: /data/run/train.parquet, val_files: gone/test.parquet}\nactor_rollout_ref: {rollout: {n: 8}}\nalgorithm: {adv_estimator: grpo}\n',
    );
    await writeTables(
      `COPY (SELECT 'vstar' AS data_source, ${messages(`'<image>\n' || 'What colour is car ' || i || '?'`)} AS prompt,
        [{bytes: '\\x89PNG\\x0D\\x0A\\x1A\\x0A'::BLOB || encode(i::VARCHAR), path: NULL}] AS images, {style: 'rule', ground_truth: 'A'} AS reward_model
        FROM range(500) rows(i)) TO '${join(folder.path, 'train.parquet')}' (FORMAT parquet)`,
    );
    const resolver = await resolverOver(folder.path);
    expect(resolver.config).toMatchObject({ groupSize: 8, advantageEstimator: 'grpo', imageKey: 'images' });
    expect(resolver.config?.trainFiles).toEqual([join(folder.path, 'train.parquet')]);
    const state = await ask(resolver, { prompt: verlPrompt('What colour is car 321?'), groundTruth: 'A' });
    expect(state).toMatchObject({ kind: 'resolved', count: 1 });
    expect(state.kind === 'resolved' && state.how).toMatch(
      /^joined by the prompt: .*train\.parquet, row 321 \(\/data\/run\/train\.parquet is not here; used /,
    );
    expect(await contentOf(resolver, state)).toBe('\x89PNG\r\n\x1a\n321');
    expect(resolver.problems().map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the dataset gone\/test\.parquet is not here/),
    ]);
    expect(await ask(resolver, { prompt: verlPrompt('What colour is car 501?') })).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining('asks this prompt'),
    });
    await resolver.dispose();
  });

  it('ties: ground truth and data source narrow, equal images are one, different images are never guessed', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'ties.parquet');
    const row = (question: string, truth: string, source: string, image: number) =>
      `SELECT '${question}' AS problem, '${truth}' AS answer, '${source}' AS data_source, [{bytes: ${png(image)}, path: 'image.png'}] AS images`;
    await writeTables(
      `COPY (${[
        row('How many?', '3', 'a', 1),
        row('How many?', '4', 'a', 2),
        row('How many?', '4', 'b', 3),
        row('Which one?', 'x', 'a', 4),
        row('Which one?', 'x', 'a', 4),
        row('Where?', 'left', 'a', 5),
        row('Where?', 'left', 'a', 6),
      ].join(' UNION ALL ')}) TO '${file}' (FORMAT parquet)`,
    );
    const resolver = await resolverOver(folder.path, { datasetFiles: [file] });
    expect(resolver.config).toMatchObject({ source: 'settings', trainFiles: [file] });
    const rowOf = (state: ImageState) =>
      state.kind === 'resolved' && state.ref.kind === 'table' ? state.ref.row : state.kind;
    const prompt = verlPrompt('How many?');
    expect(rowOf(await ask(resolver, { prompt, groundTruth: '3' }))).toBe(0);
    expect(rowOf(await ask(resolver, { prompt, groundTruth: '4', dataSource: 'b' }))).toBe(2);
    expect(rowOf(await ask(resolver, { prompt, groundTruth: '4' }))).toBe('ambiguous');
    expect(rowOf(await ask(resolver, { prompt: verlPrompt('Which one?') }))).toBe(3);
    const tie = await ask(resolver, { prompt: verlPrompt('Where?'), groundTruth: 'left' }, 'where');
    if (tie.kind !== 'ambiguous') throw new Error(tie.kind);
    expect(tie.candidates.map(({ label }) => label)).toEqual(['../ties.parquet, row 5', '../ties.parquet, row 6']);
    await resolver.setOverrides({ datasetFiles: [file], images: { where: tie.candidates[1]!.ref } });
    const chosen = await ask(resolver, { prompt: verlPrompt('Where?'), groundTruth: 'left' }, 'where');
    expect(chosen).toMatchObject({ kind: 'resolved', how: 'chosen by you' });
    expect(await contentOf(resolver, chosen)).toContain('-6');
    await resolver.dispose();
  });

  it.each([
    ['a struct', `{bytes: ${png(1)}, path: 'a.png'}`],
    ['a list of structs', `[{bytes: ${png(1)}, path: 'a.png'}]`],
    ['bytes', png(1)],
    ['a list of bytes', `[${png(1)}]`],
    ['a path', `'a.png'`],
    ['a list of paths', `['a.png']`],
    ['a struct whose bytes are null', `{bytes: NULL::BLOB, path: 'a.png'}`],
    ['an object with the key image', `[{image: 'a.png', max_pixels: 100}]`],
    ['base64 text', `'data:image/png;base64,' || to_base64(${png(1)})`],
  ])('image column as %s', async (_, expression) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'data.parquet');
    await writeTables(
      `COPY (SELECT 'Where is the red kite?' AS question, ${expression} AS image) TO '${file}' (FORMAT parquet)`,
    );
    await mkdir(join(folder.path, 'pictures'));
    await writeFile(join(folder.path, 'pictures', 'a.png'), Buffer.from('\x89PNG\r\n\x1a\n-1', 'latin1'));
    const resolver = await resolverOver(folder.path, {
      datasetFiles: [file],
      imageRoots: [join(folder.path, 'pictures')],
    });
    const state = await ask(resolver, { prompt: verlPrompt('Where is the red kite?') });
    expect(await contentOf(resolver, state)).toBe('\x89PNG\r\n\x1a\n-1');
    await resolver.dispose();
  });

  it('the question inside a prompt that the trainer wrapped in its template', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'data.parquet');
    await writeTables(
      `COPY (SELECT 'What is written on sign number ' || i || '?' AS problem, [${png(7)}] AS images FROM range(50) rows(i)) TO '${file}' (FORMAT parquet)`,
    );
    const resolver = await resolverOver(folder.path, { datasetFiles: [file] });
    const prompt = verlPrompt('What is written on sign number 12? Think first, then answer inside <answer> tags.');
    expect(await ask(resolver, { prompt })).toMatchObject({
      ref: { row: 12 },
      how: expect.stringContaining('question inside the prompt'),
    });
    await resolver.dispose();
  });
});

describe('a dataset of 47,000 rows', () => {
  it('is joined within 64 MB of DuckDB memory, reading the key columns and one image only', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'train.parquet');
    const noise = Array.from({ length: 40 }, (_, i) => `md5((i * 40 + ${i})::VARCHAR)`).join(' || ');
    await writeTables(
      `COPY (SELECT ${messages(`'<image>\n' || 'Which of the boats has the number ' || i || '?'`)} AS prompt,
        [{bytes: (${noise} || '-' || i)::BLOB, path: NULL}] AS images
        FROM range(47000) rows(i)) TO '${file}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 8192)`,
    );
    const { size } = await stat(file);
    const resolver = await createImageResolver({
      tracePath: folder.path,
      format: 'verl-dump',
      overrides: { datasetFiles: [file] },
      cacheDir: join(folder.path, 'cache'),
      limits: { threads: 2, memoryMb: 64 },
    });
    const before = bytesRead();
    const state = await ask(resolver, { prompt: verlPrompt('Which of the boats has the number 46001?') });
    expect(state).toMatchObject({ kind: 'resolved', ref: { row: 46001 } });
    expect(await contentOf(resolver, state)).toMatch(/-46001$/);
    expect(size).toBeGreaterThan(40e6);
    expect(bytesRead() - before).toBeLessThan(size / 3);
    await resolver.dispose();
  });
});

describe('other datasets', () => {
  it('JSON Lines with a broken line, a JSON list, and a folder of images with a JSON file each', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await mkdir(at('images'));
    await mkdir(at('vstar'));
    for (const name of ['images/1.png', 'images/2.png', 'vstar/sa_1.jpg']) await writeFile(at(name), name);
    await writeFile(
      at('swift.jsonl'),
      [
        JSON.stringify({ messages: [{ role: 'user', content: '<image>Count the boats.' }], images: ['images/1.png'] }),
        '{"messages": [{"role": "user", "content": "cut o',
        '{"messages": [{"role": "user", "content": "<image>Count the gulls."}], "images": ["images/2.png"], "score": NaN}',
      ].join('\n'),
    );
    await writeFile(
      at('mini.json'),
      JSON.stringify([
        { problem: '<image>\nRead the plate.', images: ['images/2.png'], solution: 'B 7' },
        { conversations: [{ from: 'human', value: '<image>Read the clock.' }], image: 'images/1.png' },
      ]),
    );
    await writeFile(at('vstar/sa_1.json'), JSON.stringify({ question: 'What is on the roof?', bbox: [[1, 2, 3, 4]] }));
    const datasetFiles = [at('swift.jsonl'), at('mini.json'), at('vstar')];
    const resolver = await resolverOver(folder.path, { datasetFiles });
    const contents = async (question: string) =>
      contentOf(resolver, await ask(resolver, { prompt: verlPrompt(question) }));
    expect(await contents('Count the boats.')).toBe('images/1.png');
    expect(await contents('Count the gulls.')).toBe('images/2.png');
    expect(await contents('Read the plate.')).toBe('images/2.png');
    expect(await contents('Read the clock.')).toBe('images/1.png');
    expect(await contents('What is on the roof?')).toBe('vstar/sa_1.jpg');
    expect(resolver.problems().map(({ file, message }) => [file, message])).toEqual([
      [at('swift.jsonl'), '1 rows are not JSON'],
    ]);
    await resolver.dispose();
  });
});

describe('hostile datasets', () => {
  it('each is a problem that names the file, and the good ones still join', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await writeFile(at('corrupt.parquet'), 'PAR1 this is no parquet file PAR1');
    await writeFile(at('empty.jsonl'), '');
    await writeFile(at('half.json'), '[{"problem": "Which door?", "images": ["a.png"]}, {"prob');
    await writeFile(at('weights.bin'), 'x');
    await writeTables(
      `COPY (SELECT 1 AS id, 'x' AS "odd ""name""") TO '${at('nokey.parquet')}' (FORMAT parquet)`,
      `COPY (SELECT 'Which door?' AS problem) TO '${at('noimage.parquet')}' (FORMAT parquet)`,
      `COPY (SELECT * FROM (VALUES ('Which gate?', NULL), ('Which path?', [${png(1)}])) rows(problem, images)) TO '${at('null[1]?*.parquet')}' (FORMAT parquet)`,
    );
    const names = [
      'corrupt.parquet',
      'empty.jsonl',
      'half.json',
      'weights.bin',
      'nokey.parquet',
      'noimage.parquet',
      'null[1]?*.parquet',
      'absent.parquet',
    ];
    const resolver = await resolverOver(folder.path, { datasetFiles: names.map(at) });
    expect(await ask(resolver, { prompt: verlPrompt('Which path?') })).toMatchObject({
      kind: 'resolved',
      ref: { row: 1 },
    });
    expect(await ask(resolver, { prompt: verlPrompt('Which gate?') })).toMatchObject({
      kind: 'missing',
      reason: expect.stringMatching(/row 0 asks this prompt, but its image is empty/),
    });
    expect(await ask(resolver, { prompt: verlPrompt('Which door?') })).toMatchObject({ kind: 'missing' });
    const problems = new Map(resolver.problems().map(({ file, message }) => [file, message]));
    expect(problems.get(at('corrupt.parquet'))).toBeDefined();
    expect(problems.get(at('empty.jsonl'))).toMatch(/no row has a prompt/);
    expect(problems.get(at('half.json'))).toBeDefined();
    expect(problems.get(at('weights.bin'))).toMatch(/none of them/);
    expect(problems.get(at('nokey.parquet'))).toMatch(/no column holds the prompt .*id, odd "name"/);
    expect(problems.get(at('noimage.parquet'))).toMatch(/no column holds images/);
    expect([...problems.values()].some((message) => message.includes('absent.parquet is not here'))).toBe(true);
    await expect(
      resolver.file({ kind: 'table', dataset: at('null[1]?*.parquet'), row: 0, column: 'images', index: 0 }),
    ).rejects.toThrow(/row 0, column images holds no image 1/);
    await expect(resolver.file({ kind: 'file', path: '/dev/zero' })).rejects.toThrow(/no such image file/);
    await resolver.dispose();
  });
});

describe('images that the log names', () => {
  it('are looked for around the trace and under the folders the user gave, never outside', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await mkdir(at('run/dumps/.cache'), { recursive: true });
    await mkdir(at('run/example_data'));
    await mkdir(at('elsewhere/set'), { recursive: true });
    await writeFile(at('run/dumps/.cache/a.jpg'), 'a');
    await writeFile(at('run/example_data/b.jpg'), 'b');
    await writeFile(at('elsewhere/set/c.jpg'), 'c');
    await symlink(at('elsewhere/set/c.jpg'), at('run/linked.jpg'));
    const resolver = await resolverOver(at('run'), { imageRoots: [at('elsewhere')] });
    const named = async (imageName: string) => {
      const state = await ask(resolver, { imageName });
      return state.kind === 'resolved' && state.ref.kind === 'file' ? state.ref.path : state;
    };
    expect(await named('a.jpg')).toBe(at('run/dumps/.cache/a.jpg'));
    expect(await named('b.jpg')).toBe(at('run/example_data/b.jpg'));
    expect(await named('set/c.jpg')).toBe(at('elsewhere/set/c.jpg'));
    expect(await named('linked.jpg')).toBe(at('run/linked.jpg'));
    expect(await named(at('elsewhere/set/c.jpg'))).toBe(at('elsewhere/set/c.jpg'));
    expect(await named('/on/another/machine/set/c.jpg')).toBe(at('elsewhere/set/c.jpg'));
    expect(await named('../../../../../../../../../../etc/hostname')).toMatchObject({ kind: 'missing' });
    expect(await named('https://example.org/a.jpg')).toMatchObject({
      tried: [expect.stringMatching(/nothing is downloaded/)],
    });
    expect(await named('nowhere.jpg')).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining('The log names nowhere.jpg, which is not here'),
      tried: expect.arrayContaining([at('run/dumps/nowhere.jpg')]),
    });
    const fields = [{ name: 'image_path', value: 'b.jpg' }];
    expect(await ask(resolver, { fields })).toMatchObject({
      kind: 'resolved',
      ref: { path: at('run/example_data/b.jpg') },
    });
    await resolver.dispose();
  });
});
