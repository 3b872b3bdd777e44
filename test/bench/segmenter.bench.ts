import { clicksTo, iouAfter, meanAndError } from '../../src/core/metric/clickCurves';
import { type BenchRow, within } from './bench';
import { Basic } from './segmenter/basic';
import { type ClickSegmenter, type ContestResult, compete, type TruePicture } from './segmenter/contest';
import { GrabCut } from './segmenter/grabCut';
import { labelledPhotos } from './segmenter/photos';
import { scene, sceneSeeds, smallScene } from './segmenter/scenes';

export const name = 'segmenter';
export const budget =
  'the segmenter that ships beats GrabCut with the same simulated clicks, at < 100 ms a click on 2 cores';

const scenes = 40;
const smallScenes = 16;
/** Most clicks on an object: NoC counts what never gets there as this many. */
const cap = 10;
const target = 0.85;
const told = [1, 3, 5, 10];
const grabCutSide = 256;

export async function run(): Promise<{ rows: BenchRow[] }> {
  const grabCut = GrabCut.start(grabCutSide);
  if (grabCut === null)
    console.error('no comparison with GrabCut: no Python has OpenCV (on Debian: apt-get install python3-opencv)');
  try {
    const rows = [
      ...(await contest('scenes', () => made(scenes, scene), grabCut)),
      ...(await contest('small things', () => made(smallScenes, smallScene), grabCut)),
    ];
    const data = process.env.SACCADE_DATA;
    if (data === undefined) return { rows };
    return { rows: [...rows, ...(await contest('photos', () => labelledPhotos(data), grabCut))] };
  } finally {
    grabCut?.stop();
  }
}

/** One at a time: pictures are large. */
function* made(count: number, make: (seed: number) => TruePicture): Generator<TruePicture> {
  for (let i = 0; i < count; i++) yield make(sceneSeeds.test + i);
}

async function contest(
  what: string,
  pictures: () => Iterable<TruePicture> | AsyncIterable<TruePicture>,
  grabCut: ClickSegmenter | null,
): Promise<BenchRow[]> {
  const own: ContestResult[] = [];
  const other: ContestResult[] = [];
  const basic = new Basic();
  for await (const picture of pictures()) {
    own.push(await compete(basic, picture, cap));
    if (grabCut !== null) other.push(await compete(grabCut, picture, cap));
  }
  if (own.length === 0) return [];
  const row = (metric: string, of: (result: ContestResult) => number, unit: string): BenchRow => {
    const mine = meanAndError(own.map(of));
    const theirs = meanAndError(other.map(of));
    // Errors of the difference, picture by picture: both were given the same ones.
    const gap = meanAndError(own.flatMap((result, i) => (other[i] === undefined ? [] : [of(result) - of(other[i])])));
    const label = `${what} (${own.length}): ${metric}`;
    const error = `± ${(mine?.error ?? 0).toFixed(3)}${gap === null ? '' : `, ahead ${gap.mean.toFixed(3)} ± ${(gap.error ?? 0).toFixed(3)}`}`;
    return {
      metric: `${label} ${error}`,
      value: mine?.mean ?? Number.NaN,
      unit,
      ...(theirs === null ? {} : { reference: theirs.mean, ratio: (mine?.mean ?? Number.NaN) / theirs.mean }),
    };
  };
  const times = own.flatMap(({ ms }) => ms).sort((a, b) => a - b);
  const theirTimes = other.flatMap(({ ms }) => ms).sort((a, b) => a - b);
  const middle = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const click = within(`${what}: processor time of a click, median`, middle(times), 'ms', 100);
  return [
    ...told.map((count) =>
      row(`IoU after ${count} ${count === 1 ? 'click' : 'clicks'}`, ({ curve }) => iouAfter(curve, count) ?? 0, ''),
    ),
    row(`NoC@85 of ${cap}`, ({ curve }) => clicksTo(curve, target, cap), 'clicks'),
    row('IoU of a box', ({ box }) => box, ''),
    other.length === 0 ? click : { ...click, reference: middle(theirTimes), ratio: middle(times) / middle(theirTimes) },
    { metric: `${what}: 95th percentile`, value: times[Math.floor(times.length * 0.95)] ?? Number.NaN, unit: 'ms' },
  ];
}
