import type { JsonValue } from '../../core/text/jsonValue';

/** Names under which records say what dataset they come from: verl's, then others' own. */
const originKeys = ['data_source', 'dataset_name', 'dataset', 'source'];
/** A longer text, or an address, tells one record from another. */
const longest = 100;

/** The dataset that a record of a mixture comes from, as it says itself; null where it does not. */
export function recordOrigin(attributes: Readonly<Record<string, JsonValue>>): string | null {
  for (const key of originKeys) {
    const value = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
    if (typeof value === 'string' && value !== '' && value.length <= longest && !value.includes('://')) return value;
  }
  return null;
}
