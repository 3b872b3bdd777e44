import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, verlPrompt, writeTables } from '../images/tables';
import { bundleCli, type Ran, runCli } from './cliBundle';

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);
const saccade = (...args: readonly string[]): Promise<Ran> => runCli(entry, at('cache'), args);
const json = (ran: Ran): Record<string, unknown> => JSON.parse(ran.out) as Record<string, unknown>;
const lines = (ran: Ran) =>
  ran.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, never>);

/** A 200×100 image in a parquet dataset, Hydra's configuration beside it, and a dump of two groups of that run. */
beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
  await mkdir(at('run/.hydra'), { recursive: true });
  await mkdir(at('run/dumps'));
  const image = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#4080c0' } })
    .png()
    .toBuffer();
  await writeTables(
    `COPY (SELECT [{role: 'user', content: '<image>\n' || question}] AS prompt,
      [{bytes: from_hex('${image.toString('hex')}'), path: NULL}] AS images
      FROM (VALUES ('Where is the red boat?'), ('Where is the blue boat?')) rows(question)) TO '${at('run/train.parquet')}' (FORMAT parquet)`,
  );
  await writeFile(
    at('run/.hydra/config.yaml'),
    'data: {train_files: train.parquet}\nactor_rollout_ref: {rollout: {n: 2}}\nalgorithm: {adv_estimator: grpo}\n',
  );
  const box = (text: string) => `<think>There.</think><answer>[{"bbox_2d": ${text}, "label": "boat"}]</answer>`;
  const row = (question: string, output: string, score: string, more = '') =>
    `{"input": ${JSON.stringify(verlPrompt(question))}, "output": ${JSON.stringify(output)}, "gts": null, "score": ${score}, "step": 3${more}}`;
  await writeFile(
    at('run/dumps/3.jsonl'),
    [
      row('Where is the red boat?', box('[100, 100, 500, 250]'), '1.5', ', "acc": NaN'),
      row('Where is the red boat?', '<answer>[{"bbox_2d [10, 20, 30, 40]": "", "label": "boat"}]</answer>', 'NaN'),
      row('Where is the blue boat?', box('[0, 0, 1000, 500]'), '0'),
      row('Where is the green boat?', box('[0, 0, 10, 5]'), '0'),
      '{"input": "cut o',
    ].join('\n'),
  );
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(dirname(entry), { recursive: true, force: true });
});

describe('saccade info', () => {
  it('--json is the whole account of a trace', async () => {
    const ran = await saccade('info', at('run/dumps'), '--json');
    expect(ran).toMatchObject({ code: 0, err: '' });
    const info = json(ran);
    expect(info).toMatchObject({
      format: 'verl-dump',
      files: ['3.jsonl'],
      rollouts: 4,
      groups: 3,
      steps: [3],
      fields: ['acc'],
      rewardComponents: [],
      frame: { kind: expect.any(String), reason: expect.any(String) },
      images: { resolved: 2, ambiguous: 0, missing: 1 },
      config: { groupSize: 2, advantageEstimator: 'grpo' },
      problems: [{ file: '3.jsonl', line: 5, message: expect.any(String) }],
    });
    expect(Object.keys(Array.isArray(info.problems) ? info.problems[0] : {})).toEqual(
      expect.arrayContaining(['file', 'line', 'field', 'message']),
    );
  });

  it('without --json is a table of a screen', async () => {
    const { out, code } = await saccade('info', at('run/dumps'));
    expect(code).toBe(0);
    expect(out).toMatch(/rollouts +4 in 3 groups/);
    expect(out).toMatch(/images +2 resolved, 0 ambiguous, 1 missing/);
    expect(out).toMatch(/configuration +.*config\.yaml \(n = 2, grpo\)/);
    expect(out).toMatch(/3\.jsonl:5/);
  });

  it('prints logged text without anything that a terminal would act on', async () => {
    const source = 'lvis\u001b[31m\nproblems none\u202e';
    const row = { input: 'Where?', output: '[{"bbox_2d": [1, 2, 3, 4]}]', score: 1, step: 1, data_source: source };
    await mkdir(at('hostile'));
    await writeFile(at('hostile/1.jsonl'), `${JSON.stringify(row)}\n`);
    const { out, code } = await saccade('info', at('hostile'));
    expect(code).toBe(0);
    expect(out).toContain('prediction of lvis?[31m problems none?: cannot tell');
  });
});

describe('saccade rollouts', () => {
  it('--json: one rollout a line, boxes raw and in original pixels of the joined image', async () => {
    const ran = await saccade('rollouts', at('run/dumps'), '--json', '--frame', 'prediction=relative1000');
    expect(ran).toMatchObject({ code: 0, err: '' });
    const [red, mended, blue, green] = lines(ran);
    expect(red).toMatchObject({
      group: 1,
      file: '3.jsonl',
      line: 1,
      reward: 1.5,
      fields: { acc: 'NaN' },
      badge: 'ok',
      image: { kind: 'resolved', width: 200, height: 100 },
      turns: [{ role: 'assistant', thought: 'There.', actions: [{ kind: 'answer', regions: [0] }] }],
      regions: [
        {
          label: 'boat',
          raw: { x1: 100, y1: 100, x2: 500, y2: 250 },
          box: { x1: 20, y1: 10, x2: 100, y2: 25 },
        },
      ],
    });
    expect(mended).toMatchObject({ reward: 'NaN', badge: 'repaired', repairs: [{ kind: 'boxInKey', region: 0 }] });
    expect(blue).toMatchObject({ group: 2, regions: [{ box: { x1: 0, y1: 0, x2: 200, y2: 50 } }] });
    expect(green).toMatchObject({
      image: { kind: 'missing' },
      regions: [{ box: null, boxReason: expect.stringContaining('The image is missing') }],
    });
  });

  it('an undecided frame leaves the box null and says why; --limit counts rollouts', async () => {
    await mkdir(at('lonely'));
    const row = `{"input": "user\\nWhere?\\nassistant\\n", "output": "<answer>[{\\"bbox_2d\\": [1, 2, 3, 4]}]</answer>", "score": 0, "step": 1}`;
    await writeFile(at('lonely/1.jsonl'), `${row}\n${row}\n`);
    const printed = lines(await saccade('rollouts', at('lonely'), '--json', '--limit', '1'));
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatchObject({
      regions: [
        {
          raw: { x1: 1, y1: 2, x2: 3, y2: 4 },
          box: null,
          boxReason: expect.stringMatching(/^The frame is unknown\. .+/),
        },
      ],
    });
    expect((await saccade('rollouts', at('lonely'))).out).toMatch(/not in original pixels: The frame is unknown/);
  });

  it('--group by number and by key', async () => {
    const byNumber = lines(await saccade('rollouts', at('run/dumps'), '--json', '--group', '2'));
    expect(byNumber.map(({ line }) => line)).toEqual([3]);
    const byKey = lines(await saccade('rollouts', at('run/dumps'), '--json', '--group', String(byNumber[0]?.groupKey)));
    expect(byKey).toEqual(byNumber);
    expect(await saccade('rollouts', at('run/dumps'), '--group', '9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no group 9: neither a key nor a number from 1 to 3'),
    });
  });

  it('every member of a group of more than a page', async () => {
    await mkdir(at('large'));
    const rows = Array.from(
      { length: 150 },
      (_, i) => `{"input": "user\\nSame question\\nassistant\\n", "output": "answer ${i}", "score": 0, "step": 1}`,
    );
    await writeFile(at('large/1.jsonl'), rows.join('\n'));
    const outputs = lines(await saccade('rollouts', at('large'), '--json')).map(({ response }) => response);
    expect(outputs).toEqual(Array.from({ length: 150 }, (_, i) => `answer ${i}`));
  });

  it('--dataset wins over the configuration', async () => {
    const other = at('other.jsonl');
    await writeFile(
      at('green.png'),
      await readFile(new URL('../../../media/samples/images/meadow.jpg', import.meta.url)),
    );
    await writeFile(other, JSON.stringify({ problem: 'Where is the green boat?', images: ['green.png'] }));
    const ran = await saccade('rollouts', at('run/dumps'), '--json', '--dataset', other);
    const kinds = lines(ran).map(({ image }) => (image as unknown as { kind: string }).kind);
    expect(kinds).toEqual(['missing', 'missing', 'missing', 'resolved']);
  });

  it('ends quietly when the reader has seen enough', async () => {
    const child = spawn('sh', ['-c', `"${process.execPath}" "${entry}" rollouts "${at('large')}" --json | head -1`], {
      env: { ...process.env, SACCADE_CACHE: at('cache') },
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});

describe('exit codes', () => {
  it('0 for help and version, which is the manifest’s', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await saccade('--version')).toMatchObject({ code: 0, out: `${manifest.version}\n` });
    const help = await saccade('--help');
    expect(help.code).toBe(0);
    for (const word of ['info', 'rollouts', '--dataset', '--frame', '"NaN"', 'qwen2.5-vl'])
      expect(help.out).toContain(word);
  });

  it('1 when the path holds no trace, 2 when the command line is not understood', async () => {
    await mkdir(at('empty'));
    expect(await saccade('info', at('nowhere'))).toMatchObject({ code: 1, err: expect.stringContaining('nowhere') });
    expect(await saccade('info', at('empty'))).toMatchObject({ code: 1, out: '' });
    for (const args of [
      [],
      ['look', 'here'],
      ['info'],
      ['info', 'a', 'b'],
      ['info', 'a', '--limit', '3'],
      ['rollouts', 'a', '--limit', 'x'],
      ['rollouts', 'a', '--bogus'],
      ['rollouts', 'a', '--frame', 'prediction=sideways'],
      ['rollouts', 'a', '--frame', 'mask=original'],
    ]) {
      const ran = await saccade(...args);
      expect(ran, args.join(' ')).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(/^saccade: .+\nTry saccade --help\.\n$/),
      });
    }
  });
});
