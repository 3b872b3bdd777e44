import {
  type DifficultyBuckets,
  difficultyByPassRate,
  difficultyByQuartiles,
} from '../../../../core/dataset/difficulty';
import { type DifficultySource, difficultyColumn, passRateColumn } from '../../../../protocol/imageSetScores';
import type { ColumnValues, SetColumn } from '../setColumns';

/** The column `difficulty`, made of another one; null where that is not there, or where a set has one of its own. */
export function difficultyOf(
  columns: readonly SetColumn[],
  source: DifficultySource,
  valuesOf: (column: SetColumn) => ColumnValues,
): SetColumn | null {
  const name = source.by === 'passRate' ? passRateColumn : source.column;
  const of = columns.find((column) => column.name === name && column.of === 'image' && column.kind === 'number');
  if (of === undefined || columns.some((column) => column.name.toLowerCase() === difficultyColumn)) return null;
  const numbers = () => {
    const values = valuesOf(of);
    return values.kind === 'number' ? values.values : new Float64Array(0);
  };
  const buckets = (): DifficultyBuckets =>
    source.by === 'passRate' ? difficultyByPassRate : difficultyByQuartiles(name, numbers(), source.hardest);
  return {
    name: difficultyColumn,
    of: 'image',
    kind: 'category',
    role: 'derived',
    get about() {
      return buckets().about;
    },
    make: () => {
      const { names, bucketOf } = buckets();
      return { kind: 'category', codes: Int32Array.from(numbers(), bucketOf), names };
    },
  };
}
