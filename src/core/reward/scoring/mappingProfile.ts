import type { JsonValue } from '../../text/jsonValue';
import type { RewardComponent } from '../component';

/** A component whose weight is known. */
export interface WeightedColumn {
  readonly name: string;
  readonly weight: number;
}

/** Components that all have weights; null where one has none, or there is none. */
export function weightedColumns(components: readonly RewardComponent[]): readonly WeightedColumn[] | null {
  const weighted = components.flatMap(({ name, weight }) => (weight === null ? [] : [{ name, weight }]));
  return weighted.length === 0 || weighted.length < components.length ? null : weighted;
}

/** A profile file (`parseProfile`) that takes logged columns as they stand, each with its weight; a NaN adds nothing. */
export function mappingProfile(id: string, title: string, columns: readonly WeightedColumn[]): JsonValue {
  return {
    id,
    title,
    source: 'logged columns, as the user weighted them',
    components: columns.map(({ name, weight }) => {
      return { name, reward: 'logged.field', weight, parameters: { field: name, notApplied: 'zero' } };
    }),
  };
}
