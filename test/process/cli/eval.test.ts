import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PolicyRollout } from '../../../src/core/policy/policyRollout';
import { policyTraceLine } from '../../../src/formats/policyTraceLine';
import { policyRollout, replyOf } from '../../fixtures/policyRollout';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let dir = '';
const at = (name: string) => join(dir, name);
const saccade = (...args: readonly string[]) => runCli(entry, at('cache'), args);

interface Vector {
  readonly truth: object;
  readonly results: readonly object[];
}

beforeAll(async () => {
  entry = await bundleCli();
  dir = await mkdtemp(join(tmpdir(), 'saccade-eval-'));
  const { default: vector } = (await import('../../fixtures/coco/boxes.json')) as unknown as { default: Vector };
  await writeFile(at('gt.json'), JSON.stringify(vector.truth));
  await writeFile(at('dt.json'), JSON.stringify(vector.results));
  await writeFile(at('none.json'), '[]');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

it('a list of results is printed as pycocotools prints it, with what the numbers depend on', async () => {
  const { code, out, err } = await saccade('eval', at('gt.json'), at('dt.json'));
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('rules of COCO, IoU 0.5:0.95 (10 thresholds), areas coco, at most 1, 10, 100 results');
  expect(out).toMatch(/^AP {13}0\.\d{3} {3}IoU 0\.5:0\.95 \(10 thresholds\), all, at most 100$/m);
  expect(out).toMatch(/^AR@100 medium {2}0\.\d{3}/m);
  expect(out).toMatch(/found .* poorly localised .* missed/);
});

it('flags are in the document beside the numbers; nothing found is an AP of 0', async () => {
  const { out } = await saccade(
    'eval',
    at('gt.json'),
    at('dt.json'),
    '--iou',
    '0.1',
    '--areas',
    'soda',
    '--max-dets',
    '20',
    '--json',
  );
  const document = JSON.parse(out);
  expect(document).toMatchObject({ type: 'bbox', rules: 'coco', iou: [0.1], maxDetections: [20], images: 10 });
  expect(document.areas.map(({ name }: { name: string }) => name)).toContain('extremely small');
  expect(document.metrics['AP small']).toBeUndefined();
  const lost = JSON.parse((await saccade('eval', at('gt.json'), at('none.json'), '--json')).out);
  expect(lost.metrics).toMatchObject({ AP: 0, 'AR@100': 0 });
  expect(lost.diagnosis).toMatchObject({ found: 0, poorlyLocalised: 0, precision: null, recall: 0 });
});

it('a trace of policies is reported by policy, the answers without zoom beside', async () => {
  const scene = resolve('media/samples/images/harbour.jpg');
  const box = (x: number, label: string) => ({ box: { x1: x, y1: 100, x2: x + 40, y2: 130 }, label });
  const rollout = (index: number, more: Partial<PolicyRollout>) => {
    const { sample } = policyRollout();
    return policyTraceLine(
      policyRollout({
        index,
        groupSize: 3,
        imageSize: { width: 2400, height: 1600 },
        frame: 'original',
        sample: {
          ...sample,
          image: scene,
          imageName: scene,
          object: 'boat',
          truth: [box(100, 'boat'), box(900, 'boat')],
        },
        regions: [{ x1: 0, y1: 0, x2: 600, y2: 400 }],
        reply: replyOf(
          '<think>There.</think><answer>[{"bbox_2d": [0, 0, 600, 400], "label": "boat-dense region"}]</answer>',
        ),
        boxes: [box(102, 'boat'), box(1500, 'boat')],
        took: 2000,
        ...more,
      }),
    );
  };
  const asked = replyOf('<answer>[{"bbox_2d": [120, 100, 160, 130], "label": "boat"}]</answer>');
  const plain = { zoomed: false, regions: [], calls: [], boxes: [], reply: asked, took: 500 };
  const lines = [rollout(0, {}), rollout(1, { boxes: [] }), rollout(2, plain)];
  await writeFile(at('trace.jsonl'), `${lines.join('\n')}\n`);
  const { code, out, err } = await saccade('eval', at('trace.jsonl'), '--json');
  expect([code, err]).toEqual([0, '']);
  const { policies } = JSON.parse(out);
  expect(policies).toMatchObject([
    {
      policy: 'mine',
      zoomed: true,
      rollouts: 2,
      malformed: 0,
      calls: 2,
      seen: { targets: 4, seen: 2 },
      seconds: { mean: 2 },
      boxes: { orderDependent: true, diagnosis: { targets: 4, found: 1, poorlyLocalised: 0, missed: 3, wrong: 1 } },
    },
    {
      zoomed: false,
      rollouts: 1,
      seen: null,
      boxes: { diagnosis: { targets: 2, found: 0, poorlyLocalised: 1, missed: 1, wrong: 1 } },
    },
  ]);
  const shown = await saccade('eval', at('trace.jsonl'));
  expect(shown.out).toContain('mine, without zoom: 1 rollouts');
  expect(shown.out).toContain('Order-dependent');
});

it('a trace is compared with annotations of a document by the names of images', async () => {
  const { out } = await saccade(
    'eval',
    resolve('media/samples/instances.json'),
    resolve('media/samples/active-o3'),
    '--agnostic',
    '--json',
  );
  const { policies } = JSON.parse(out);
  expect(policies[0].boxes.diagnosis.targets).toBeGreaterThan(100);
  expect(policies[0].boxes.diagnosis.found).toBeGreaterThan(20);
  expect(policies[0].boxes.unnamed).toBe(0);
});

it('judges stand beside people, and answers that were asked again beside the first ones', async () => {
  const { sample } = policyRollout();
  const line = (index: number, score: number, changed: boolean) => {
    const rollout = policyRollout({
      index,
      score,
      task: 'question',
      sample: { ...sample, truth: [], question: 'Which?', options: ['red', 'blue'], answer: 'red' },
      regions: [],
      calls: [],
      boxes: [],
      taskPolicy: null,
      reply: replyOf(`<think>Thought ${index}.</think><answer>red</answer>`),
      answer: 'red',
      chosen: 0,
    });
    return { ...JSON.parse(policyTraceLine(rollout)), probes: [{ kind: 'blank', changed, right: !changed }] };
  };
  const rows = [line(0, 1, true), line(1, 0, false)];
  const sidecar = (author: string, labels: readonly number[]) => {
    const head = { saccade: 'annotations', version: 1, log: { head: '', size: 0 } };
    const records = rows.map(({ input, output }, i) => {
      const key = createHash('sha256')
        .update(JSON.stringify([input, output, 0]))
        .digest('base64url')
        .slice(0, 27);
      const note = { author, time: '2026-01-02T03:04:05.000Z', value: labels[i] };
      return { kind: 'rollout', key, hints: { line: i + 1, step: 0 }, notes: { labels: { 0: note } } };
    });
    return text([head, ...records]);
  };
  const text = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  await writeFile(at('judged.jsonl'), text(rows));
  await writeFile(at('judged.jsonl.saccade'), sidecar('Ada', [1, -1]));
  await mkdir(at('judge'));
  const hash = createHash('sha256').update(at('judged.jsonl')).digest('hex').slice(0, 16);
  await writeFile(join(at('judge'), `judged.jsonl-${hash}.saccade`), sidecar('prm', [1, 0]));
  const asked = ['eval', at('judged.jsonl'), '--annotations', at('judge')];
  const { judges, faithfulness, policies } = JSON.parse((await saccade(...asked, '--json')).out);
  expect(policies[0].answers).toEqual({ rollouts: 2, right: 2, accuracy: 1 });
  expect(judges).toMatchObject([
    { judge: 'prm', people: { count: 2, accuracy: 0.5 }, bestOfN: { chosen: 1, random: 0.5, oracle: 1 } },
  ]);
  expect(faithfulness).toMatchObject({ rollouts: 2, visual: 0.5, textual: null });
  const { out } = await saccade(...asked);
  expect(out).toContain('judge prm: 2 rollouts');
  expect(out).toContain('blank: 1 of 2 answers changed, 1 right ones lost, 0 gained');
});

it('what cannot be evaluated is said in words', async () => {
  const missing = await saccade('eval', at('nowhere.json'), at('dt.json'));
  expect([missing.code, missing.err]).toEqual([1, `saccade: ${at('nowhere.json')}: there is no such file\n`]);
  const wrong = await saccade('eval', at('dt.json'), at('dt.json'));
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain('no document with images and annotations');
  const flag = await saccade('eval', at('gt.json'), at('dt.json'), '--iou', '2');
  expect([flag.code, flag.err]).toEqual([2, 'saccade: --iou 2: expected numbers from 0 to 1\nTry saccade --help.\n']);
});
