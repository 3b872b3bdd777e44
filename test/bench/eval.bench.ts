import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { diskFile } from '../../src/cli/eval/diskFile';
import { evaluate } from '../../src/core/metric/coco/evaluate';
import { summarise } from '../../src/core/metric/coco/summary';
import { cocoOptions } from '../../src/core/metric/coco/tables';
import { readEvalResults } from '../../src/formats/evaluation/evalResults';
import { readEvalTruth } from '../../src/formats/evaluation/evalTruth';
import { against, type BenchRow, timed, within } from './bench';

export const name = 'eval';
export const budget =
  'COCO val2017 in size (5,000 images, 36,000 objects, 100 results an image) read and evaluated in 30 s, where pycocotools takes tens of seconds';

const categories = 80;
const images = 5000;
/** The evaluator in numpy takes minutes for all of them. */
const peerImages = 250;

interface Documents {
  readonly truth: object;
  readonly results: readonly object[];
}

/** Seven objects and 100 results an image, three of four near an object, as a detector's. */
function documentsOf(count: number): Documents {
  const noise = (n: number) => (Math.imul(n ^ (n >>> 15), 2654435761) >>> 0) / 2 ** 32;
  const annotations: object[] = [];
  const results: object[] = [];
  for (let image = 1; image <= count; image++) {
    const own = Array.from({ length: 7 + (image % 2) * (image % 5 === 0 ? 2 : 0) }, (_, i) => {
      const seed = image * 977 + i * 31;
      const [x, y] = [Math.round(noise(seed) * 500), Math.round(noise(seed + 1) * 380)];
      const [width, height] = [8 + Math.round(noise(seed + 2) ** 2 * 300), 8 + Math.round(noise(seed + 3) ** 2 * 220)];
      return { category: 1 + Math.floor(noise(seed + 4) * categories), box: [x, y, width, height] as const };
    });
    for (const { category, box } of own)
      annotations.push({
        id: annotations.length + 1,
        image_id: image,
        category_id: category,
        bbox: box,
        area: box[2] * box[3] * 0.7,
        iscrowd: annotations.length % 120 === 0 ? 1 : 0,
      });
    for (let i = 0; i < 100; i++) {
      const seed = image * 7919 + i * 13;
      const near = own[i % own.length];
      const off = (k: number) => (noise(seed + k) - 0.5) * 0.5;
      const [x, y, width, height] = near?.box ?? [0, 0, 1, 1];
      const isNear = i % 4 !== 0;
      results.push({
        image_id: image,
        category_id: isNear ? near?.category : 1 + Math.floor(noise(seed + 9) * categories),
        bbox: [x + off(1) * width, y + off(2) * height, width * (1 + off(3)), height * (1 + off(4))],
        score: Math.round(noise(seed + 5) * 1000) / 1000,
      });
    }
  }
  const truth = {
    images: Array.from({ length: count }, (_, i) => ({ id: i + 1, width: 640, height: 480, file_name: `${i}.jpg` })),
    categories: Array.from({ length: categories }, (_, i) => ({ id: i + 1, name: `kind ${i + 1}` })),
    annotations,
  };
  return { truth, results };
}

async function evaluated(dir: string, { truth, results }: Documents) {
  await writeFile(join(dir, 'gt.json'), JSON.stringify(truth));
  await writeFile(join(dir, 'dt.json'), JSON.stringify(results));
  const [reading, tables] = await timed(async () => {
    const given = await readEvalTruth(diskFile(join(dir, 'gt.json')), { masks: false, lvis: false });
    return { given, found: await readEvalResults(diskFile(join(dir, 'dt.json')), given, false, false) };
  });
  const [evaluating, numbers] = await timed(() =>
    summarise(evaluate(tables.given.table, tables.found.table, cocoOptions)),
  );
  return { reading, evaluating, ap: numbers[0]?.value ?? Number.NaN };
}

export async function run(): Promise<{ rows: BenchRow[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-bench-'));
  try {
    const { reading, evaluating } = await evaluated(dir, documentsOf(images));
    const rows = [
      within('read and evaluated', (reading + evaluating) / 1000, 's', 30),
      { metric: 'of it reading', value: reading / 1000, unit: 's' },
    ];
    const few = documentsOf(peerImages);
    const own = await evaluated(dir, few);
    const path = join(dir, 'both.json');
    await writeFile(path, JSON.stringify({ ...few, options: { masks: false, lvis: false } }));
    const peer = numpyPeer(path, own.ap);
    if (peer !== null)
      rows.push(against(`${peerImages} images evaluated, beside numpy`, own.evaluating / 1000, 's', peer));
    return { rows };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Seconds in Python, whose AP must be ours; null without Python or numpy. */
function numpyPeer(path: string, expected: number): number | null {
  const { status, stdout, stderr } = spawnSync('python3', [resolve('test/bench/evalPeer.py'), path], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) {
    console.error(`no comparison with numpy: ${stderr.trim().split('\n').at(-1) ?? 'python3 is missing'}`);
    return null;
  }
  const { seconds, ap } = JSON.parse(stdout) as { readonly seconds: number; readonly ap: number };
  if (!(Math.abs(ap - expected) < 1e-9)) throw new Error(`numpy's AP is ${ap}, ours ${expected}`);
  return seconds;
}
