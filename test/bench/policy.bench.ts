import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { allScenes, type Scene } from '../../scripts/samples/scenes';
import { seededRandom } from '../../src/core/collections/seededRandom';
import { type Box, boxArea } from '../../src/core/geometry/box';
import { regionAnswer } from '../../src/core/policy/regionAnswer';
import { type HeuristicReward, heuristicReward } from '../../src/core/reward/heuristicReward';
import { activeO3Paper, omniR1Sod } from '../../src/core/reward/profiles';
import { createInferenceClient, type InferenceClient } from '../../src/inference/client';
import { createMediaClient } from '../../src/media/client';
import type { BenchRow } from './bench';

export const name = 'policy';
export const budget =
  'the policy that ships looks at more of what is to be found than regions of its sizes at random, or one as large in the middle';

const samples = 200;
/** What is counted in each scene. */
const wanted: Readonly<Record<string, string>> = {
  harbour: 'boat',
  'car-park': 'car',
  depot: 'parcel',
  meadow: 'sheep',
};

type Way = (sample: readonly Box[], scene: Scene, random: () => number) => readonly Box[];

const ways: Readonly<Record<'policy' | 'random' | 'centre', Way>> = {
  policy: (sample) => sample,
  random: (sample, { size }, random) =>
    sample.map(({ x1, y1, x2, y2 }) => {
      const [width, height] = [x2 - x1, y2 - y1];
      const [x, y] = [random() * (size.width - width), random() * (size.height - height)];
      return { x1: x, y1: y, x2: x + width, y2: y + height };
    }),
  centre: (sample, { size }) => {
    const part = Math.sqrt(sample.reduce((sum, box) => sum + boxArea(box), 0) / (size.width * size.height));
    const [width, height] = [size.width * part, size.height * part];
    const [x, y] = [(size.width - width) / 2, (size.height - height) / 2];
    return [{ x1: x, y1: y, x2: x + width, y2: y + height }];
  },
};

/** Rewards of every sample of every scene by a way of choosing regions. */
function rewards(
  chosen: ReadonlyMap<Scene, readonly (readonly Box[])[]>,
  way: Way,
  profile: typeof omniR1Sod,
): readonly HeuristicReward[] {
  const random = seededRandom(5);
  return [...chosen].flatMap(([scene, drawn]) => {
    const truth = scene.objects.filter(({ category }) => category === wanted[scene.name]).map(({ mask }) => mask.box);
    return drawn.map((sample) => {
      const regions = way(sample, scene, random);
      const response = regionAnswer('They lie there.', regions, 'region');
      return heuristicReward({ response, regions, truth, input: scene.size }, profile);
    });
  });
}

async function drawn(client: InferenceClient, temperature: number) {
  const chosen = new Map<Scene, readonly (readonly Box[])[]>();
  for (const scene of allScenes().filter((one) => one.name in wanted)) {
    const image = resolve(`media/samples/images/${scene.name}.jpg`);
    const asked = { image, crop: null, regions: 3, temperature, seed: 1, samples: temperature === 0 ? 1 : samples };
    const answer = await client.propose(asked);
    chosen.set(
      scene,
      answer.samples.map((sample) => sample.map(({ box }) => box)),
    );
  }
  return chosen;
}

export async function run(): Promise<{ rows: BenchRow[] }> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'saccade-bench-'));
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const entry = (child: string) => resolve('dist/children', child);
  const media = createMediaClient({ entry: entry('media.js'), log: quiet, cacheDir });
  const client = createInferenceClient({
    entry: entry('infer.js'),
    log: quiet,
    cacheDir,
    pixels: (request) => media.pixels(request),
  });
  try {
    const rows: BenchRow[] = [];
    for (const temperature of [0, 1]) {
      const chosen = await drawn(client, temperature);
      const mean = (way: Way, profile: typeof omniR1Sod, of: (reward: HeuristicReward) => number) => {
        const all = rewards(chosen, way, profile).map(of);
        return all.reduce((a, b) => a + b, 0) / all.length;
      };
      const compared = (
        metric: string,
        profile: typeof omniR1Sod,
        of: (reward: HeuristicReward) => number,
        others: readonly ('random' | 'centre')[],
      ) => {
        const own = mean(ways.policy, profile, of);
        for (const other of others) {
          const reference = mean(ways[other], profile, of);
          const what = `${metric}, temperature ${temperature}, beside ${other}`;
          rows.push({ metric: what, value: own, unit: '', reference, ratio: own / reference, ok: own > reference });
        }
      };
      compared('objects within a region by 95 %', omniR1Sod, ({ coverage }) => coverage, ['random', 'centre']);
      compared('reward of omni-r1-sod', omniR1Sod, ({ total }) => total, ['random', 'centre']);
      // Its coverage is an IoU of region and object, which is nothing for objects this small, whoever looks.
      compared('reward of active-o3-paper', activeO3Paper, ({ total }) => total, ['random']);
    }
    return { rows };
  } finally {
    client.dispose();
    media.dispose();
    await rm(cacheDir, { recursive: true, force: true });
  }
}
