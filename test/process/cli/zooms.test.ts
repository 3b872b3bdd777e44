import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../images/tables';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(dirname(entry), { recursive: true, force: true });
});

const call = (box: readonly number[]) =>
  `<tool_call>{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": ${JSON.stringify(box)}}}</tool_call>`;
const shown = (url: string, text: string) => ({
  role: 'user',
  content: [
    { type: 'image_url', image_url: { url } },
    { type: 'text', text },
  ],
});
const says = (content: string) => ({ role: 'assistant', content });

/** Runs `saccade` on one file beside `a.png` of 1000×800. */
async function run(name: string, file: string, text: string, command: readonly string[]) {
  const path = join(folder.path, name, file);
  await mkdir(dirname(path), { recursive: true });
  const image = sharp({ create: { width: 1000, height: 800, channels: 3, background: '#4080c0' } });
  await writeFile(join(dirname(path), 'a.png'), await image.png().toBuffer());
  await writeFile(path, text);
  const [verb = '', ...options] = command;
  const ran = await runCli(entry, join(folder.path, 'cache'), [verb, path, ...options]);
  expect(ran).toMatchObject({ code: 0, err: '' });
  return ran.out;
}

describe('saccade rollouts', () => {
  it('says what Chain-of-Focus’ tool cut, what was meant, and what it would not cut', async () => {
    const url = 'data:image/jpeg;base64,base64_image';
    // As `run_inference_loop` writes a row: messages with the bytes of images taken out.
    const row = {
      image: 'a.png',
      question: 'q',
      answer: 'A',
      pred_ans: 'A',
      pred_output: [
        { role: 'system', content: [{ type: 'text', text: 's' }] },
        shown(url, 'Question: q'),
        says(call([100, 200, 300, 400]) + call([0, 0, 10, 10])),
        shown(url, 'Think'),
        says(call([900, 0, 2000, 100])),
        shown(url, 'Think'),
        says('<answer>A</answer>'),
      ],
      status: 'success',
    };
    const text = `${JSON.stringify(row)}\n`;
    const out = await run('cof', 'results.jsonl', text, ['rollouts', '--json']);
    // The model saw 1008×812; the box grew by half around (200, 300) of it.
    const executed = {
      x1: expect.closeTo(50_000 / 1008, 9),
      y1: expect.closeTo(120_000 / 812, 9),
      x2: expect.closeTo(350_000 / 1008, 9),
      y2: expect.closeTo(360_000 / 812, 9),
    };
    expect(JSON.parse(out)).toMatchObject({
      tool: {
        rules: 'chain-of-focus',
        origin: 'format',
        views: [{ index: 0 }, { index: 1, box: executed }, { index: 2 }],
      },
      regions: [
        { status: 'executed', executed, meant: { x1: expect.closeTo(100_000 / 1008, 9) }, result: 1 },
        { status: 'notRun', executed: null, statusReason: expect.stringContaining('first call') },
        { status: 'refused', executed: null, statusReason: expect.stringContaining('beyond the image'), result: 2 },
      ],
    });
    const plain = await run('cof', 'results.jsonl', text, ['rollouts']);
    expect(plain).toMatch(/1 {2}\[.*cut \[49\.6, 147\.8, 347\.2, 443\.3\]/);
    const chosen = JSON.parse(await run('cof', 'results.jsonl', text, ['rollouts', '--json', '--tool', 'deepeyes']));
    expect(chosen).toMatchObject({
      tool: { rules: 'deepeyes', origin: 'user' },
      regions: [{ status: 'notRun' }, {}, {}],
    });
    expect(plain).toContain('The call was not run: the tool runs only the first call of a turn.');
  });

  it('places boxes of Mini-o3’s crops through the crops', async () => {
    const look = (source: string) => `<grounding>{"bbox_2d": [0.5, 0.5, 0.75, 1], "source": "${source}"}</grounding>`;
    const lines = [
      { doc_id: '7', initial_prompt: 'Where?', ground_truth: 'A' },
      { turn_idx: 0, text_output: look('original_image') },
      { turn_idx: 1, text_output: look('observation_1') },
      { turn_idx: 2, text_output: '<answer>A</answer>' },
    ];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const name = join(folder.path, 'o3', 'original_image.jpg');
    await mkdir(dirname(name), { recursive: true });
    const image = sharp({ create: { width: 1000, height: 800, channels: 3, background: '#4080c0' } });
    await writeFile(name, await image.jpeg().toBuffer());
    const out = await run('o3', 'traj.jsonl', text, ['rollouts', '--json', '--frame', 'tool=relative1']);
    expect(JSON.parse(out).regions).toMatchObject([
      { view: 0, executed: { x1: 500, y1: 400, x2: 750, y2: 799 } },
      // Of a crop of 250 × 399: 125 and 199 towards zero, its last row left out.
      { view: 1, box: { x1: 625, y1: 599.5 }, executed: { x1: 625, y1: 599, x2: 687, y2: 798 } },
    ]);
  });

  it('replays by the tool that the run’s config names', async () => {
    const config = join(folder.path, 'run', '.hydra', 'config.yaml');
    await mkdir(dirname(config), { recursive: true });
    await writeFile(
      config,
      'data: {train_files: none.parquet}\nactor_rollout_ref:\n  rollout: {multi_turn: {tool_config_path: image_zoom_in_tool_config.yaml}}\n',
    );
    const output = `${call([10, 10, 20, 30])}\nuser\n<tool_response>\n</tool_response>\nassistant\n<answer>A</answer>`;
    const text = `${JSON.stringify({ input: 'q', output, score: 1, step: 1, image: 'a.png' })}\n`;
    const { tool, regions } = JSON.parse(await run('run', '1.jsonl', text, ['rollouts', '--json']));
    expect(tool).toMatchObject({ rules: 'verl', origin: 'config' });
    // Ten pixels wide in 1008×812: grown to 28×56 around the centre and moved inside.
    expect(regions).toMatchObject([{ executed: { x1: expect.closeTo(1000 / 1008, 9), y1: 0 } }]);
  });
});

describe('saccade info', () => {
  it('counts malformed and mended actions by file', async () => {
    const row = (response: string) => `${JSON.stringify({ input: 'q', output: response, score: 1, step: 1 })}\n`;
    const text = row(call([1, 2, 3, 4]).replace('4]', '4')) + row(call([3, 2, 1, 4])) + row('<answer>A</answer>');
    const out = JSON.parse(await run('dump', '1.jsonl', text, ['info', '--json']));
    expect(out.troubledFiles).toEqual([{ file: '1.jsonl', actions: 3, malformed: 1, repaired: 1 }]);
    expect(await run('dump', '1.jsonl', text, ['info'])).toMatch(
      /actions +1 malformed, 1 repaired \(1\.jsonl 1 and 1 of 3\)/,
    );
  });
});
