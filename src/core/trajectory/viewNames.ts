import type { JsonObject } from './readBoxes';

/** `Region.view` of a Mini-o3 `source`; null when it names no picture. Its tool reads `observation_0` as the image too. */
export function viewOfSource(source: string): number | null {
  if (source === 'original_image') return 0;
  const number = /^observation_(\d{1,6})/.exec(source)?.[1];
  return number === undefined ? null : Number(number);
}

/**
 * `Region.view` that a tool call names, in itself or its arguments: Pixel-Reasoner's `target_image`, from 1, or
 * OpenThinkIMG's `image` with `img_1` for the image. 0 when it names none; null when what it names cannot be told.
 */
export function viewNamedIn(call: JsonObject): number | null {
  const args = call.arguments;
  const holder = typeof args === 'object' && args !== null && !Array.isArray(args) ? (args as JsonObject) : call;
  const target = holder.target_image;
  if (target !== undefined)
    return typeof target === 'number' && Number.isInteger(target) && target > 0 ? target - 1 : null;
  const image = typeof holder.image === 'string' ? /^img_(\d{1,6})$/.exec(holder.image)?.[1] : undefined;
  return image === undefined ? 0 : Math.max(0, Number(image) - 1);
}
