/** A named definition of how hard images are: buckets of one number by image, the hardest first. */
export interface DifficultyBuckets {
  readonly names: readonly string[];
  /** The definition, as it is told to the user. */
  readonly about: string;
  /** Index into `names`; −1 for NaN and for what the definition has no place for. */
  readonly bucketOf: (value: number) => number;
}

const passNames = ['unsolved', 'hard', 'medium', 'easy', 'solved'] as const;

/**
 * Curriculum buckets by the part of an image's rollouts that pass. Groups of which none or all pass have no advantage to learn
 * from (DAPO's dynamic sampling leaves them out), so both have a bucket of their own.
 */
export const difficultyByPassRate: DifficultyBuckets = {
  names: passNames,
  about:
    'By passRate, the part of the image’s rollouts that pass: unsolved 0, hard (0, 0.25], medium (0.25, 0.75), easy [0.75, 1), solved 1.',
  bucketOf(rate) {
    if (!(rate >= 0 && rate <= 1)) return -1;
    if (rate === 0) return 0;
    if (rate === 1) return 4;
    return rate <= 0.25 ? 1 : rate < 0.75 ? 2 : 3;
  },
};

const quartileNames = ['hardest', 'harder', 'easier', 'easiest'] as const;

/**
 * Four buckets by the quartiles of any number (nearest rank). Equal values are in one bucket, so that buckets may differ in size,
 * and one may be empty.
 * @param hardest the end of the numbers at which images are hardest.
 */
export function difficultyByQuartiles(
  column: string,
  values: ArrayLike<number>,
  hardest: 'lowest' | 'highest',
): DifficultyBuckets {
  const there = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  const sorted = there.sort();
  const rank = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
  const edges = [rank(0.25), rank(0.5), rank(0.75)];
  const quarterOf = (value: number) => {
    const at = edges.findIndex((edge) => value <= edge);
    return at < 0 ? edges.length : at;
  };
  const [first, second, third] = edges.map((edge) => String(Number(edge.toPrecision(6))));
  return {
    names: quartileNames,
    about: `By the quartiles of ${column} (${first}, ${second}, ${third}), ${hardest} values hardest: hardest, harder, easier and easiest quarter.`,
    bucketOf: (value) => {
      if (Number.isNaN(value)) return -1;
      return hardest === 'lowest' ? quarterOf(value) : quartileNames.length - 1 - quarterOf(value);
    },
  };
}
