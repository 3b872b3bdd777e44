/**
 * Draws `media/samples/` anew: `npm run samples`. Deterministic, so that the committed files can be checked against it
 * (`--out DIR` writes elsewhere). Everything is synthetic; rewards are computed by `src/core/reward`, never invented.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import sharp from 'sharp';
import type { Box } from '../../src/core/geometry/box';
import { modelInputSize } from '../../src/core/geometry/smartResize';
import { type DemoAnswer, demoFiles } from './activeO3Run';
import { denseWindows, look } from './policy';
import { sensingPrompt, systemPrompt } from './prompts';
import { seeded } from './random';
import { allScenes, type Scene } from './scenes';
import { carelessScores, readRegions, sampleFrame, sampleScores } from './scores';
import { legacyStep, type Riddle, type SceneFacts, zoomStep } from './verlRun';

const counted: Readonly<Record<string, string>> = {
  harbour: 'boat',
  'car-park': 'car',
  depot: 'parcel',
  meadow: 'sheep',
};

async function main(out: string): Promise<void> {
  const write = async (path: string, text: string | Uint8Array) => {
    const file = join(out, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  for (const folder of ['images', 'active-o3', 'verl', 'verl-zoom', 'damaged', 'instances.json']) {
    await rm(join(out, folder), { recursive: true, force: true });
  }
  const scenes = allScenes();
  for (const scene of scenes) {
    await write(`images/${scene.name}.jpg`, await sharp(Buffer.from(scene.svg)).jpeg({ quality: 82 }).toBuffer());
  }
  await write('instances.json', `${JSON.stringify(instances(scenes))}\n`);
  const facts = scenes.map(sceneFacts);
  await writeLegacyRun(write, facts);
  await writeZoomRun(write, scenes);
  await writeDataset(out, facts);
  await writeDemo(write, out, facts);
  for (const riddle of riddles(scenes)) await write(`images/${riddle.scene}.json`, vstar(riddle));
  await write('damaged/7.jsonl', damaged(facts));
}

type Write = (path: string, text: string | Uint8Array) => Promise<void>;

function sceneFacts(scene: Scene): SceneFacts {
  const category = counted[scene.name] ?? '';
  const boxes = scene.objects.filter((o) => o.category === category).map((o) => o.mask.box);
  return {
    name: scene.name,
    image: scene.size,
    input: modelInputSize(scene.size, sampleFrame.resize),
    category,
    boxes,
    windows: denseWindows(boxes, scene.size),
  };
}

async function writeLegacyRun(write: Write, facts: readonly SceneFacts[]): Promise<void> {
  for (const [step, skill] of [
    [20, 0.1],
    [120, 0.55],
    [240, 0.9],
  ] as const) {
    await write(
      `verl/rollouts/${step}.jsonl`,
      legacyStep(step, skill, facts, step === 240 ? carelessScores : sampleScores),
    );
  }
  await write('verl/.hydra/config.yaml', runConfig());
}

async function writeZoomRun(write: Write, scenes: readonly Scene[]): Promise<void> {
  for (const [step, skill] of [
    [30, 0.25],
    [180, 0.85],
  ] as const) {
    await write(`verl-zoom/validation/${step}.jsonl`, zoomStep(step, skill, riddles(scenes)));
  }
}

/** The part of a verl run's resolved Hydra configuration that says where images are and how they were resized. */
function runConfig(): string {
  return `# Synthetic: written by scripts/samples for the sample run.
data:
  train_files: data/train.parquet
  val_files: null
  prompt_key: prompt
  image_key: images
  image_patch_size: 14
  min_pixels: ${sampleFrame.resize.minPixels}
  max_pixels: ${sampleFrame.resize.maxPixels}
actor_rollout_ref:
  model:
    path: Qwen/Qwen2.5-VL-7B-Instruct
  rollout:
    n: 8
algorithm:
  adv_estimator: grpo
trainer:
  rollout_data_dir: rollouts
`;
}

/** Riddles: read the number on the one object of its kind (or on the largest parcel). */
function riddles(scenes: readonly Scene[]): Riddle[] {
  const ask = (name: string, category: string, question: string): Riddle[] => {
    const scene = scenes.find((s) => s.name === name);
    const target = scene?.objects
      .filter((o) => o.category === category && o.number !== null)
      .reduce((a, b) => (b.mask.area > a.mask.area ? b : a));
    if (scene === undefined || target?.number == null) return [];
    return [
      {
        scene: name,
        image: scene.size,
        input: modelInputSize(scene.size, sampleFrame.resize),
        question,
        answer: target.number,
        target: target.mask.box,
      },
    ];
  };
  return [
    ...ask('harbour', 'ferry', 'Which number is painted on the red deck of the ferry?'),
    ...ask('car-park', 'taxi', 'Which number is on the roof of the yellow taxi?'),
    ...ask('depot', 'parcel', 'Which number is on the label of the largest parcel?'),
  ];
}

/** Training data as parquet: two images inside the file, the others by path, as real datasets mix them. */
async function writeDataset(out: string, facts: readonly SceneFacts[]): Promise<void> {
  const regionRows = facts.map((f, i) => ({
    source: 'synthetic/regions',
    prompt: sensingPrompt(f.category),
    truth: JSON.stringify(f.boxes.map((b) => ({ bbox_2d: [b.x1, b.y1, b.x2, b.y2], label: f.category }))),
    image: f.name,
    embed: i % 2 === 0,
  }));
  await writeParquet(out, 'verl/data/train.parquet', regionRows);
}

interface DatasetRow {
  readonly source: string;
  readonly prompt: string;
  readonly truth: string;
  readonly image: string;
  /** Image bytes inside the file, or only a path. */
  readonly embed: boolean;
}

async function writeParquet(out: string, path: string, rows: readonly DatasetRow[]): Promise<void> {
  const file = join(out, path);
  await mkdir(dirname(file), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const db = await instance.connect();
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const selects = rows.map((row, index) => {
    const image = join(out, 'images', `${row.image}.jpg`);
    const bytes = row.embed ? `(SELECT content FROM read_blob(${text(image)}))` : 'NULL::BLOB';
    return `SELECT ${text(row.source)} AS data_source,
      [{'role': 'system', 'content': ${text(systemPrompt)}}, {'role': 'user', 'content': ${text(`<image>${row.prompt}`)}}] AS prompt,
      [{'bytes': ${bytes}, 'path': ${text(row.embed ? `${row.image}.jpg` : `../../images/${row.image}.jpg`)}}] AS images,
      'perception' AS ability,
      {'style': 'rule', 'ground_truth': ${text(row.truth)}} AS reward_model,
      {'split': 'train', 'index': ${index}, 'question': ${text(row.prompt)}} AS extra_info`;
  });
  await db.run(`COPY (${selects.join(' UNION ALL ')}) TO ${text(file)} (FORMAT parquet, COMPRESSION zstd)`);
  db.closeSync();
  instance.closeSync();
}

/** The demo over three scenes: one clean answer, one whose keys hold the boxes (repaired), one that overlaps. */
async function writeDemo(write: Write, out: string, facts: readonly SceneFacts[]): Promise<void> {
  const wanted = { harbour: 'plain', 'car-park': 'keyHoldsBox', meadow: 'fenced', depot: 'unreadable' } as const;
  let imageId = 0;
  for (const scene of facts) {
    const manner = wanted[scene.name as keyof typeof wanted];
    const answer = answerIn(scene, manner, imageId++);
    const { files, crops } = demoFiles(answer);
    for (const { path, text } of files) await write(`active-o3/visualization_vstar/${path}`, text);
    for (const { path, box } of crops) {
      const [left, top] = [Math.trunc(box.x1), Math.trunc(box.y1)];
      const cut = { left, top, width: Math.trunc(box.x2) - left, height: Math.trunc(box.y2) - top };
      const crop = sharp(join(out, 'images', `${scene.name}.jpg`)).extract(cut);
      await write(`active-o3/visualization_vstar/${path}`, await crop.jpeg({ quality: 80 }).toBuffer());
    }
  }
}

/** The first answer of the policy in the wanted manner. */
function answerIn(scene: SceneFacts, manner: string, imageId: number): DemoAnswer {
  for (let seed = 1; ; seed++) {
    const found = look(seeded(seed), scene.category, scene.windows, scene.image, scene.input, 0.7);
    if (found.manner !== manner) continue;
    return {
      imageId,
      fileName: `${scene.name}.jpg`,
      object: scene.category,
      question: `How many of '${scene.category}' are there?`,
      image: scene.image,
      input: scene.input,
      response: found.response,
      regions: readRegions(found.response),
      objects: scene.boxes,
    };
  }
}

function vstar(riddle: Riddle): string {
  const { x1, y1, x2, y2 } = riddle.target;
  const wrong = [`${riddle.answer.slice(0, -1)}9`, `1${riddle.answer}`, riddle.answer.split('').reverse().join('')];
  const options = [riddle.answer, ...wrong].map((n) => `The number is ${n}.`);
  const sample = { target_object: ['number'], bbox: [[x1, y1, x2 - x1, y2 - y1]], question: riddle.question, options };
  return `${JSON.stringify(sample, null, 2)}\n`;
}

/** Rows with the damage that real dumps show: NaN, a missing field, a row that is no object, a torn last line. */
function damaged(facts: readonly SceneFacts[]): string {
  const good = legacyStep(7, 0.5, facts.slice(0, 1), sampleScores).trimEnd().split('\n');
  const nan = good[1]?.replace(/"score":[^,]+/, '"score":NaN') ?? '';
  const noOutput = JSON.stringify({ input: 'system\nuser\nNothing came back.\nassistant\n', score: 0, step: 7 });
  return [good[0], nan, noOutput, '["a list, not an object"]', ...good.slice(2, 6), good[6]?.slice(0, 240)].join('\n');
}

/** COCO instances with exact boxes, areas and masks. */
function instances(scenes: readonly Scene[]): object {
  const names = [...new Set(scenes.flatMap((s) => s.objects.map((o) => o.category)))];
  let id = 0;
  return {
    info: { description: 'Synthetic scenes drawn by scripts/samples', version: '1' },
    images: scenes.map((s, i) => ({
      id: i + 1,
      file_name: `images/${s.name}.jpg`,
      width: s.size.width,
      height: s.size.height,
    })),
    annotations: scenes.flatMap((s, i) =>
      s.objects.map((o) => ({
        id: ++id,
        image_id: i + 1,
        category_id: names.indexOf(o.category) + 1,
        bbox: xywh(o.mask.box),
        area: o.mask.area,
        iscrowd: 0,
        segmentation: o.mask.rle,
        ...(o.number === null ? {} : { attributes: { number: o.number } }),
      })),
    ),
    categories: names.map((name, i) => ({ id: i + 1, name, supercategory: 'object' })),
  };
}

function xywh(b: Box): number[] {
  return [b.x1, b.y1, b.x2 - b.x1, b.y2 - b.y1];
}

const at = process.argv.indexOf('--out');
main(at > 0 ? (process.argv[at + 1] ?? '') : join('media', 'samples')).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
