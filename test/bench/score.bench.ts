import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { builtInProfiles } from '../../src/core/reward/scoring/profile';
import type { RewardInput } from '../../src/core/reward/scoring/rewardInput';
import { prepareProfile, scoreRollout } from '../../src/core/reward/scoring/scoreRollout';
import { against, type BenchRow, median, within } from './bench';

export const name = 'score';
export const budget =
  'a million rollouts scored by active-o3-paper: 200,000 a second on one core, faster than NumPy-style Python';

const rollouts = 1_000_000;
/** Different ones; the million goes through them again and again. */
const distinct = 20_000;
const image = { width: 1024, height: 768 };

/** What both sides score: texts and boxes as a reader leaves them, in pixels of the model's input. */
interface Sample {
  readonly response: string;
  readonly regions: readonly (readonly number[])[];
  readonly truth: readonly (readonly number[])[];
}

/** Three regions near three true boxes; every eighth answer is not JSON. */
function sampleOf(i: number): Sample {
  const noise = (n: number) => (Math.imul(i * 31 + n, 2654435761) >>> 0) / 2 ** 32;
  const truth = [0, 1, 2].map((k) => {
    const [x, y] = [Math.round(40 + 300 * k + 40 * noise(k)), Math.round(60 + 400 * noise(k + 3))];
    return [x, y, x + 180, y + 160];
  });
  const regions = truth.map((box, k) => box.map((value, j) => value + Math.round((noise(k * 4 + j + 9) - 0.5) * 90)));
  const objects = regions.map((box) => `{"bbox_2d": [${box.join(', ')}], "label": "kite"}`);
  const list = i % 8 === 0 ? objects.join(' ') : objects.join(', ');
  const thought = 'The kites are small against the sky, so I look at each of the three bright spots.';
  return { response: `<think>${thought}</think>\n<answer>[${list}]</answer>`, regions, truth };
}

function inputOf({ response, regions, truth }: Sample): RewardInput {
  const boxes = regions.map(([x1 = 0, y1 = 0, x2 = 0, y2 = 0]) => ({ x1, y1, x2, y2 }));
  const span = { start: 0, end: 0 };
  const kept = boxes.map((box, index) => ({ index, box, view: 0, label: 'kite', turn: 0, span }));
  return {
    rollout: {
      response,
      turns: [],
      regions: kept.map((region) => ({ ...region, section: 'answer', field: 'prediction', repairs: [] })),
      groundTruth: null,
      fields: [],
      reward: null,
      options: [],
    },
    placed: {
      image,
      input: image,
      regions: boxes,
      truth: truth.map(([x1 = 0, y1 = 0, x2 = 0, y2 = 0]) => ({ box: { x1, y1, x2, y2 }, label: 'kite' })),
    },
  };
}

export async function run(): Promise<{ rows: BenchRow[] }> {
  const paper = builtInProfiles.find(({ id }) => id === 'active-o3-paper');
  if (paper === undefined) throw new Error('there is no profile active-o3-paper');
  const profile = prepareProfile(paper);
  const samples = Array.from({ length: distinct }, (_, i) => sampleOf(i));
  const inputs = samples.map(inputOf);
  let sum = 0;
  const taken = await median(3, () => {
    sum = 0;
    for (let i = 0; i < rollouts; i++) {
      const input = inputs[i % distinct];
      const total = input === undefined ? null : scoreRollout(input, profile).total;
      if (total?.kind === 'value') sum += total.value;
    }
  });
  const own = within('a rollout scored', (taken * 1000) / rollouts, 'µs', 1_000_000 / 200_000);
  const peer = await numpyPeer(samples, sum / (rollouts / distinct));
  return { rows: peer === null ? [own] : [own, against('a rollout scored, beside NumPy', own.value, 'µs', peer)] };
}

/** Microseconds a rollout in Python, whose sum of totals must be ours; null without Python or NumPy. */
async function numpyPeer(samples: readonly Sample[], expected: number): Promise<number | null> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-bench-'));
  try {
    const path = join(dir, 'samples.json');
    await writeFile(path, JSON.stringify({ samples, ...image }));
    const { status, stdout, stderr } = spawnSync('python3', [resolve('test/bench/scorePeer.py'), path], {
      encoding: 'utf8',
    });
    if (status !== 0) {
      console.error(`no comparison with NumPy: ${stderr.trim().split('\n').at(-1) ?? 'python3 is missing'}`);
      return null;
    }
    const [microseconds = Number.NaN, sum = Number.NaN] = stdout.trim().split(' ').map(Number);
    if (!(Math.abs(sum - expected) < 1e-6 * expected)) throw new Error(`Python's sum is ${sum}, ours ${expected}`);
    return microseconds;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
