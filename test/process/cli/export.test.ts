import { cp, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSidecar } from '../../../src/core/annotation/sidecar';
import { countsOf, runsOfPixels } from '../../../src/core/mask/cocoMask';
import { answerOf, exportArguments } from '../../../src/host/export/exportPlan';
import { runCli as runFromEditor } from '../../../src/host/export/runCli';
import { makeFolder, openTrace, startClient } from '../data/openClient';
import { temporaryFolder } from '../images/tables';
import { bundleCli, runCli } from './cliBundle';

type Json = Record<string, unknown>;
interface Said {
  readonly role: string;
  readonly content: string;
  readonly loss_scale?: number;
}
interface Turn {
  readonly from: string;
  readonly value: string;
}

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let runs = 0;
const at = (name: string) => join(folder.path, name);
const saccade = (...args: readonly string[]) => runCli(entry, at('cache'), args);
const noted = <T>(value: T) => ({ author: 'Ada', time: '2026-01-02T03:04:05.000Z', value });

/** Exports and reads what was written, as a consumer would. */
async function exportedFrom(log: string, to: string, ...more: readonly string[]) {
  const out = at(`out-${++runs}`);
  const ran = await saccade('export', at(log), '--to', to, '-o', out, '--json', ...more);
  expect(ran.err).toBe('');
  const manifest = JSON.parse(ran.out) as {
    readonly written: { readonly records: number; readonly rollouts: number; readonly pictures: number };
    readonly leftOut: readonly {
      readonly reason: string;
      readonly rollouts: number;
      readonly examples: readonly string[];
    }[];
  };
  const names = await readdir(out);
  const text = names.includes('data.jsonl') ? await readFile(join(out, 'data.jsonl'), 'utf8') : '';
  const records =
    text === ''
      ? []
      : text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Json);
  return { out, manifest, records, names };
}

const exported = (to: string, ...more: readonly string[]) => exportedFrom('log', to, ...more);

/** LLaMA-Factory's and ms-swift's own check: as many marks as pictures, each of them there. */
async function checkImages(out: string, texts: readonly string[], images: readonly string[]): Promise<void> {
  const marks = texts.reduce((sum, text) => sum + text.split('<image>').length - 1, 0);
  expect(marks).toBe(images.length);
  for (const image of images) expect((await sharp(join(out, image)).metadata()).width).toBeGreaterThan(0);
}

/** `SharegptDatasetConverter`: roles by place, an even number of messages (odd with a ranking). */
function checkTurns(turns: readonly Turn[], ranking = false): void {
  expect(turns.length % 2).toBe(ranking ? 1 : 0);
  for (const [i, { from }] of turns.entries())
    expect(i % 2 === 0 ? ['human', 'observation'] : ['gpt', 'function_call']).toContain(from);
}

const prompt = 'system\nBe brief.\nuser\nWhich number is on the parcel?\nassistant\n';
const zoom = (box: readonly number[]) =>
  `<think>Closer.</think>\n<tool_call>\n${JSON.stringify({ name: 'image_zoom_in_tool', arguments: { bbox_2d: box, label: 'number' } })}\n</tool_call>\nuser\n<tool_response>\nZoomed in.\n</tool_response>\nassistant\n<think>Clear.</think>\n<answer>968</answer>`;
/** verl's dump (`_dump_generations`), with the columns that a reward function returned. */
const row = (input: string, output: string, score: number, image: string | null = 'parcel.png') =>
  JSON.stringify({
    input,
    output,
    gts: '968',
    score,
    step: 30,
    ...(image === null ? {} : { image_path: image, input_size: '400x300', tool_frame: 'original' }),
  });

const rows = [
  row(prompt, zoom([100, 100, 200, 180]), 1),
  row(prompt, '<think>I guess.</think>\n<answer>12</answer>', 0),
  row(prompt, '<think>No idea.</think>\n<answer>968</answer>', 0.5),
  row(prompt, '<think>Bad call.</think>\n<tool_call>\n{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [1', 0),
  ...[1, 0, 0, 1].map((score, i) => row('user\nLost?\nassistant\n', `<answer>${i}</answer>`, score, 'gone.png')),
];

beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
  await mkdir(at('log'));
  await writeFile(at('log/30.jsonl'), `${rows.join('\n')}\n`);
  await sharp({ create: { width: 400, height: 300, channels: 3, background: '#468' } })
    .png()
    .toFile(at('log/parcel.png'));
}, 60_000);
afterAll(() => folder[Symbol.asyncDispose]());

describe('supervised data', () => {
  it('is what LLaMA-Factory reads in ShareGPT style, with crops where they came back', async () => {
    const { out, records, manifest, names } = await exported('sharegpt');
    expect(names.sort()).toEqual(['data.jsonl', 'dataset_info.json', 'images', 'manifest.json']);
    expect(records).toHaveLength(3);
    for (const record of records) {
      const { conversations, images, system } = record as unknown as {
        conversations: Turn[];
        images: string[];
        system: string;
      };
      checkTurns(conversations);
      expect(system).toBe('Be brief.');
      await checkImages(
        out,
        conversations.map(({ value }) => value),
        images,
      );
    }
    const [first] = records as unknown as { conversations: Turn[]; images: string[] }[];
    expect(first?.conversations.map(({ from }) => from)).toEqual(['human', 'gpt', 'observation', 'gpt']);
    expect(first?.conversations[0]?.value).toBe('<image>Which number is on the parcel?');
    expect(first?.conversations[2]?.value).toBe('<image>Zoomed in.');
    const crop = await sharp(join(out, first?.images[1] ?? '')).metadata();
    expect([crop.width, crop.height]).toEqual([100, 80]);
    expect(manifest.written).toEqual({ records: 3, rollouts: 3, pictures: 2 });
    expect(manifest.leftOut).toEqual([
      {
        reason: 'its image is missing',
        rollouts: 4,
        examples: ['30.jsonl:5', '30.jsonl:6', '30.jsonl:7', '30.jsonl:8'],
      },
      { reason: 'an action of it cannot be read', rollouts: 1, examples: ['30.jsonl:4'] },
    ]);
    const info = JSON.parse(await readFile(join(out, 'dataset_info.json'), 'utf8')) as {
      saccade: { file_name: string };
    };
    expect(names).toContain(info.saccade.file_name);
  });

  it('is messages for LLaMA-Factory by tags, and for ms-swift as they are', async () => {
    for (const to of ['openai', 'swift']) {
      const { out, records } = await exported(to);
      const [first] = records as unknown as { messages: Said[]; images: string[] }[];
      expect(first?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant']);
      await checkImages(out, first?.messages.map(({ content }) => content) ?? [], first?.images ?? []);
    }
  });

  it('is only of the best, or from a reward on', async () => {
    expect((await exported('swift', '--select', 'best')).records).toHaveLength(1);
    const { records, manifest } = await exported('swift', '--select', 'threshold:0.5');
    expect(records).toHaveLength(2);
    expect(manifest.leftOut.map(({ reason }) => reason)).toContain('not selected (reward below 0.5)');
  });

  it('weighs what the policy said by its advantage', async () => {
    const { records } = await exported('weighted-swift');
    const [first] = records as unknown as { messages: Said[] }[];
    expect(records).toHaveLength(2);
    expect(first?.messages.map(({ loss_scale }) => (loss_scale ?? 0) > 1)).toEqual([false, false, true, false, true]);
    const v1 = await exported('weighted-llamafactory', '--weight', 'reward');
    const [message] = (v1.records[0] as unknown as { messages: Json[] }).messages.slice(1);
    expect(message).toEqual({
      role: 'user',
      loss_weight: 0,
      content: [
        { type: 'image_url', value: expect.stringMatching(/^images\/.*\.png$/) },
        { type: 'text', value: 'Which number is on the parcel?' },
      ],
    });
  });
});

describe('preferences', () => {
  it('are pairs by margin; several turns go to ms-swift only', async () => {
    const swift = await exported('dpo-swift', '--margin', '1');
    const [pair] = swift.records as unknown as {
      messages: Said[];
      rejected_messages: Said[];
      images: string[];
      rejected_images: string[];
    }[];
    expect(swift.records).toHaveLength(1);
    await checkImages(swift.out, pair?.messages.map(({ content }) => content) ?? [], pair?.images ?? []);
    await checkImages(
      swift.out,
      pair?.rejected_messages.map(({ content }) => content) ?? [],
      pair?.rejected_images ?? [],
    );
    const { out, records, manifest } = await exported('dpo-llamafactory', '--pairs', 'all');
    expect(manifest.leftOut[1]?.reason).toMatch(/several turns/);
    for (const record of records) {
      const { conversations, chosen, rejected, images } = record as unknown as {
        conversations: Turn[];
        chosen: Turn;
        rejected: Turn;
        images: string[];
      };
      checkTurns(conversations, true);
      expect([chosen.from, rejected.from]).toEqual(['gpt', 'gpt']);
      expect(chosen.value).toContain('No idea.');
      await checkImages(
        out,
        conversations.map(({ value }) => value),
        images,
      );
    }
    const trl = await exported('dpo-trl', '--pairs', 'all');
    expect(trl.records[0]).toMatchObject({
      prompt: [{ role: 'system' }, { role: 'user', content: [{ type: 'image' }, { type: 'text' }] }],
      chosen: [{ role: 'assistant', content: [{ type: 'text' }] }],
      rejected: [{ role: 'assistant' }],
      images: [expect.any(String)],
    });
  });

  it('are what a person ranked, before any reward or margin', async () => {
    await mkdir(at('ranked'));
    await cp(at('log/30.jsonl'), at('ranked/30.jsonl'));
    await cp(at('log/parcel.png'), at('ranked/parcel.png'));
    const { client } = await startClient();
    const trace = await openTrace(client, at('ranked'));
    await trace.scanned();
    const [group] = await trace.groups();
    const keys = (await client.call('notes/keys', { traceId: trace.traceId, rows: [0, 1, 2, 3] })).map(
      ({ key }) => key,
    );
    const [, second = '', third = '', fourth = ''] = keys;
    // Their rewards are 0, 0.5 and 0.
    const ranking = noted([second, [third, fourth]]);
    const record = { kind: 'group', key: group?.key ?? '', hints: { line: 1, step: 30 }, notes: { ranking } } as const;
    await writeFile(at('ranked/30.jsonl.saccade'), writeSidecar({ head: '', size: 0 }, [record]));
    const answers = (records: readonly object[]) =>
      (records as { chosen: Turn; rejected: Turn }[]).map(({ chosen, rejected }) =>
        [chosen.value, rejected.value].map((text) => /I guess|No idea|Bad call/.exec(text)?.[0]),
      );
    const all = await exportedFrom('ranked', 'dpo-llamafactory', '--pairs', 'all', '--margin', '5');
    expect(answers(all.records)).toEqual([
      ['I guess', 'No idea'],
      ['I guess', 'Bad call'],
    ]);
    const best = await exportedFrom('ranked', 'dpo-llamafactory');
    expect(answers(best.records)).toEqual([['I guess', 'Bad call']]);
    const rewards = await exportedFrom('ranked', 'dpo-llamafactory', '--ignore-annotations', '--pairs', 'all');
    expect(answers(rewards.records)).toEqual([
      ['No idea', 'I guess'],
      ['No idea', 'Bad call'],
    ]);
  });

  it('are single answers with a verdict', async () => {
    for (const to of ['kto-llamafactory', 'kto-swift']) {
      const { records } = await exported(to, '--right', '0.75');
      expect(records.map(({ label }) => label)).toEqual([true, false, false, false]);
    }
    const { records } = await exported('kto-trl', '--right', '0.5');
    expect(records.map(({ label }) => label)).toEqual([false, true, false]);
  });
});

describe('annotations', () => {
  const exportedNoted = (to: string, ...more: readonly string[]) => exportedFrom('noted', to, ...more);
  beforeAll(async () => {
    await mkdir(at('noted'));
    await cp(at('log/30.jsonl'), at('noted/30.jsonl'));
    await cp(at('log/parcel.png'), at('noted/parcel.png'));
    const copy = await makeFolder({ '30.jsonl': `${rows.join('\n')}\n` });
    const { client } = await startClient();
    const trace = await openTrace(client, copy);
    await trace.scanned();
    const keys = await client.call('notes/keys', { traceId: trace.traceId, rows: [0, 1, 2, 3] });
    const hints = (line: number) => ({ line, step: 30 });
    const box = { x1: 120, y1: 90, x2: 220, y2: 190 };
    const notes = [
      {
        labels: { 0: noted(1), 2: noted(-1) },
        stepRationales: { 2: noted('Misread.') },
        regions: { 0: noted(box) },
        total: noted(0.25),
      },
      { excluded: noted(true) },
      { labels: { 0: noted(0) } },
      {},
    ];
    const [summary] = await client.call('trace/groups', { traceId: trace.traceId, start: 0, count: 1 });
    const pixels = new Uint8Array(400 * 300);
    for (let y = 10; y < 30; y++) pixels.fill(1, y * 400 + 50, y * 400 + 90);
    pixels.fill(0, 15 * 400 + 60, 15 * 400 + 70);
    const mask = { size: [300, 400] as const, counts: countsOf(runsOfPixels(pixels, 400, 300)) };
    const drawn = { label: 'parcel', mask, score: 0.9, model: 'Basic', box: null, clicks: [] };
    const small = { ...drawn, mask: { size: [1, 1] as const, counts: '01' } };
    const masks = { a: noted(drawn), b: noted(small) };
    const group = { kind: 'group', key: summary?.key, hints: hints(1), notes: { masks } };
    await writeFile(
      at('noted/30.jsonl.saccade'),
      writeSidecar({ head: '', size: 0 }, [
        group,
        ...keys.map(({ key }, i) => ({ kind: 'rollout', key, hints: hints(i + 1), notes: notes[i] ?? {} })),
      ] as never),
    );
  });

  it('change totals, label steps and leave rollouts out', async () => {
    const best = await exportedNoted('sharegpt', '--select', 'best');
    expect(JSON.stringify(best.records)).toContain('No idea.');
    expect(best.manifest.leftOut.map(({ reason }) => reason)).toContain('excluded by an annotation');
    const logged = await exportedNoted('sharegpt', '--select', 'best', '--ignore-annotations');
    expect(JSON.stringify(logged.records)).toContain('Clear.');
  });

  it('become process supervision', async () => {
    const trl = await exportedNoted('prm-trl');
    expect(trl.records).toMatchObject([
      {
        prompt: 'Which number is on the parcel?',
        labels: [true, false],
        completions: [/Closer/, /Clear/].map((text) => expect.stringMatching(text)),
      },
      { labels: [true] },
    ]);
    const prm = await exportedNoted('prm800k');
    expect(prm.records[0]).toMatchObject({
      labeler: 'Ada',
      question: { problem: 'Which number is on the parcel?', ground_truth_answer: '968' },
      label: {
        finish_reason: 'found_error',
        steps: [{ completions: [{ rating: 1 }] }, { completions: [{ rating: -1 }] }],
      },
    });
    // Our own reader knows PRM800K from its writer's files.
    const back = await saccade('rollouts', join(prm.out, 'data.jsonl'), '--json');
    expect(back.out.trimEnd().split('\n')).toHaveLength(2);
    const steps = await exportedNoted('gui-shepherd');
    expect(steps.records.map(({ step, label, rationale }) => [step, label, rationale])).toEqual([
      [0, 1, null],
      [1, -1, 'Misread.'],
      [0, 0, null],
    ]);
    const [first, second] = steps.records as { screenshot: string }[];
    expect((await sharp(join(steps.out, first?.screenshot ?? '')).metadata()).width).toBe(400);
    expect((await sharp(join(steps.out, second?.screenshot ?? '')).metadata()).width).toBe(100);
  });

  it('move the boxes that COCO and YOLO get, and give COCO the masks that people drew', async () => {
    const coco = await exportedNoted('coco');
    const document = JSON.parse(await readFile(join(coco.out, 'annotations.json'), 'utf8')) as Json;
    expect(document).toMatchObject({
      images: [{ id: 1, width: 400, height: 300 }],
      annotations: [
        {
          image_id: 1,
          category_id: 1,
          bbox: [50, 10, 40, 20],
          area: 790,
          iscrowd: 0,
          segmentation: { size: [300, 400] },
          attributes: { author: 'Ada', model: 'Basic' },
        },
        {
          image_id: 1,
          category_id: 2,
          bbox: [120, 90, 100, 100],
          area: 10_000,
          iscrowd: 0,
          attributes: { edited: true },
        },
      ],
      categories: [
        { id: 1, name: 'parcel' },
        { id: 2, name: 'number' },
      ],
    });
    const yolo = await exportedNoted('yolo');
    const [image = ''] = await readdir(join(yolo.out, 'images'));
    const label = await readFile(join(yolo.out, 'labels', image.replace('.png', '.txt')), 'utf8');
    expect(label).toBe('0 0.425000 0.466667 0.250000 0.333333\n');
    // `check_det_dataset` takes the file's own folder where no `path` is named.
    expect(await readFile(join(yolo.out, 'data.yaml'), 'utf8')).toBe(
      'train: images\nval: images\nnames:\n  0: "number"\n',
    );
  });
});

describe('the folder', () => {
  it('keeps what is in it unless told otherwise, and nothing is written for a dry run', async () => {
    const { out } = await exported('swift');
    const again = await saccade('export', at('log'), '--to', 'sharegpt', '-o', out);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('is not empty')]);
    await writeFile(join(out, 'mine.txt'), 'kept');
    expect((await saccade('export', at('log'), '--to', 'sharegpt', '-o', out, '--force')).code).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      'data.jsonl',
      'dataset_info.json',
      'images',
      'manifest.json',
      'mine.txt',
    ]);
    const before = await readdir(folder.path);
    const dry = await saccade('export', at('log'), '--to', 'swift', '--dry-run', '--json');
    expect(JSON.parse(dry.out)).toMatchObject({
      written: { records: 3 },
      preview: [{ messages: expect.any(Array) }, {}, {}],
    });
    expect(await readdir(folder.path)).toEqual(before);
  });

  it('links originals, or names them where they are', async () => {
    const linked = await exported('swift', '--pictures', 'link');
    const images = await readdir(join(linked.out, 'images'));
    const original = images.find((name) => name.endsWith('.png')) ?? '';
    expect((await lstat(join(linked.out, 'images', original))).isSymbolicLink()).toBe(true);
    const named = await exported('swift', '--pictures', 'path');
    expect((named.records[0] as { images: string[] }).images[0]).toBe(at('log/parcel.png'));
  });

  it('holds no partial groups unless asked', async () => {
    const line = (prompt: string, score: number) =>
      row(`user\n${prompt}\nassistant\n`, `<answer>${score}</answer>`, score);
    const lines = ['A', 'A', 'B', 'B', 'C', 'C', 'D'].map((name, i) => line(name, i));
    await writeFile(at('log/31.jsonl'), `${lines.join('\n')}\n`);
    const log = at('log/31.jsonl');
    const dry = async (...more: readonly string[]) =>
      JSON.parse((await saccade('export', log, '--to', 'swift', '--dry-run', '--json', ...more)).out) as Json;
    expect(await dry()).toMatchObject({
      written: { records: 6 },
      leftOut: [{ reason: expect.stringContaining('partial group'), examples: ['31.jsonl:7'] }],
    });
    expect(await dry('--partial')).toMatchObject({ written: { records: 7 }, leftOut: [] });
  });

  it('is not made for a line that was misunderstood', async () => {
    for (const args of [
      ['--to', 'kto-trl', '-o', 'x'],
      ['--to', 'swift'],
      ['--to', 'csv', '-o', 'x'],
      ['--to', 'swift', '-o', 'x', '--margin', '1'],
      ['--to', 'yolo', '-o', 'x', '--pictures', 'path'],
    ])
      expect((await saccade('export', at('log'), ...args)).code).toBe(2);
  });
});

describe('the editor', () => {
  const plan = {
    trace: '',
    to: 'swift',
    choice: 'all',
    right: null,
    partial: false,
    overrides: {},
    annotations: [],
  } as const;
  const run = (trace: string, output: string | null, signal = new AbortController().signal) =>
    runFromEditor(entry, ['--cache', at('cache'), ...exportArguments({ ...plan, trace }, output)], signal);

  it('runs the same by a process of its own, tells its troubles, and leaves nothing of a cancelled one', async () => {
    expect(answerOf((await run(at('log/30.jsonl'), null)) ?? '')).toEqual({
      records: 3,
      rollouts: 3,
      leftOut: 5,
      partial: 0,
    });
    await expect(run(at('none.jsonl'), null)).rejects.toThrow(/none\.jsonl/);
    const stop = new AbortController();
    const before = await readdir(folder.path);
    const cancelled = run(at('log/30.jsonl'), at('cancelled'), stop.signal);
    stop.abort();
    expect(await cancelled).toBeNull();
    expect(await readdir(folder.path)).toEqual(before);
  });
});
