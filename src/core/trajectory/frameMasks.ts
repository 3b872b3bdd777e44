import type { JsonValue } from '../text/jsonValue';
import type { LoggedMask, Rollout } from './rollout';

/** Masks of one rollout that are shown. */
const mostMasks = 10_000;

/**
 * Masks of a logged column `frame_masks`, a list of `{"frame": number in the picture's name, "size": [height, width], "counts":
 * COCO's compressed string}` in pixels of that picture, by frame. What is no such object is left out; it stays a field.
 */
export function frameMasks(fields: Rollout['fields']): ReadonlyMap<number, readonly LoggedMask[]> {
  const logged: JsonValue | undefined = fields.find(({ name }) => name === 'frame_masks')?.value;
  const masks = new Map<number, LoggedMask[]>();
  if (!Array.isArray(logged)) return masks;
  for (const entry of logged.slice(0, mostMasks) as readonly JsonValue[]) {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) continue;
    const { frame, size, counts } = entry as Readonly<Record<string, JsonValue>>;
    if (typeof frame !== 'number' || typeof counts !== 'string' || !isSize(size)) continue;
    const own = masks.get(frame);
    const mask = { click: null, size, counts, iou: null };
    if (own === undefined) masks.set(frame, [mask]);
    else own.push(mask);
  }
  return masks;
}

function isSize(value: JsonValue | undefined): value is readonly [number, number] {
  return (
    Array.isArray(value) && value.length === 2 && value.every((side) => Number.isInteger(side) && Number(side) > 0)
  );
}
