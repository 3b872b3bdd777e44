import { extremeImages } from '../../../src/core/dataset/extremeImages';
import { sampleStrata } from '../../../src/core/dataset/sampleStrata';
import type { Handlers } from '../../../src/protocol/channel';
import type { DatasetCurateHostMethods } from '../../../src/protocol/datasetCurate';
import { random } from '../fakeRollouts';
import { boxesOf } from './fakeImages';

/** A contribution score of every image but each fortieth: most of them near nothing, some far above. */
export function contributionOf(index: number): number {
  if (index % 40 === 7) return Number.NaN;
  const chance = random(index * 31 + 11);
  return Number((chance() + chance() + chance() - 1.2 + (chance() > 0.85 ? 0.8 : 0)).toFixed(3));
}

/** Bucket of a made-up pass rate. */
export const difficultyOf = (index: number): string =>
  ['unsolved', 'hard', 'medium', 'easy', 'solved'][index % 5] ?? 'medium';

const numberOf = (column: string, index: number): number =>
  column === 'contribution' ? contributionOf(index) : boxesOf(index).length;

/** What the data child would choose and sort, over made-up numbers. */
export class FakeCurate {
  /** What was asked of it last. */
  readonly asked: unknown[] = [];

  constructor(private readonly imagesOf: (view: number | null) => ArrayLike<number>) {}

  handlers(): Handlers<DatasetCurateHostMethods> {
    return {
      'scores/import': () => ({
        name: 'contribution',
        kind: 'number',
        images: 390,
        rows: 400,
        unmatched: 8,
        duplicates: 2,
        absent: 0,
        problems: [],
      }),
      'set/embeddings': () => [{ name: 'clip', dimensions: 512, images: 400 }],
      'set/sortedValues': ({ view, column }) => {
        const images = Array.from(this.imagesOf(view));
        const there = images.filter((index) => !Number.isNaN(numberOf(column, index)));
        there.sort((a, b) => numberOf(column, a) - numberOf(column, b) || a - b);
        return {
          about: column === 'contribution' ? 'contribution of scores.csv, of 390 images.' : 'Annotations of the image.',
          images: Uint32Array.from(there),
          values: Float64Array.from(there, (index) => numberOf(column, index)),
          absent: images.length - there.length,
        };
      },
      'set/difficulty': ({ source }) => {
        this.asked.push(source);
        return { about: 'By the quartiles of contribution (−0.1, 0.3, 0.7), lowest values hardest.' };
      },
      'set/sample': ({ view, strategy, count, seed }) => {
        this.asked.push(strategy);
        const images = this.imagesOf(view);
        if (strategy.kind !== 'extreme')
          return { images: Uint32Array.from(sampleStrata([images], count, seed)), absent: 0 };
        const values = Array.from(images, (index) => numberOf(strategy.column, index));
        const absent = values.filter((value) => Number.isNaN(value)).length;
        return { images: Uint32Array.from(extremeImages(images, values, count, strategy.end)), absent };
      },
    };
  }
}
