import type { JsonValue } from '../text/jsonValue';
import type { RolloutRecord } from './rollout';

/** Image names a row holds: the format's own, or a field that a reward function returned (verl logs its keys). */
export function imageNames({ imageName, fields }: Pick<RolloutRecord, 'imageName' | 'fields'>): readonly string[] {
  if (imageName !== null && imageName !== '') return [imageName];
  for (const name of ['image_path', 'image', 'images']) {
    const names = strings(fields.find((field) => field.name === name)?.value);
    if (names.length > 0) return names;
  }
  return [];
}

function strings(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (!Array.isArray(value)) return [];
  return value.filter((item: JsonValue): item is string => typeof item === 'string' && item !== '');
}
