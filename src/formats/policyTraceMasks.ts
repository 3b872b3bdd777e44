import type { JsonValue } from '../core/text/jsonValue';
import type { LoggedMask, RolloutRecord } from '../core/trajectory/rollout';
import { type Columns, isObject } from './columns';
import { maskIn, numberIn } from './segAgent';

/**
 * Clicks and masks of a policy trace's row: the points of its task calls in order, and the mask after each region, which belongs to
 * the last click in it.
 */
export function masksIn(
  columns: Columns,
  calls: readonly JsonValue[],
): Pick<RolloutRecord, 'loggedClicks' | 'masks' | 'truthMask'> {
  const logged = columns.take('masks');
  const truth = columns.take('truth_mask');
  const truthMask = truth === undefined ? null : maskIn(columns, 'truth_mask', 'the mask', truth, null, null);
  if (!Array.isArray(logged)) return truthMask === null ? {} : { truthMask };
  const clicks: { x: number; y: number; positive: boolean | null; turn: number }[] = [];
  const lastOf = new Map<number, number>();
  for (const call of calls) {
    if (!isObject(call) || typeof call.region !== 'number' || !Array.isArray(call.points)) continue;
    for (const point of call.points as readonly JsonValue[]) {
      if (!isObject(point) || typeof point.x !== 'number' || typeof point.y !== 'number') continue;
      lastOf.set(call.region, clicks.length);
      clicks.push({ x: point.x, y: point.y, positive: point.positive !== false, turn: 0 });
    }
  }
  const masks = logged.flatMap((one: JsonValue, i): LoggedMask[] => {
    const region = isObject(one) && typeof one.region === 'number' ? one.region : null;
    // A region in which nothing was clicked leaves the mask as it was.
    if (region !== null && !lastOf.has(region)) return [];
    const click = region === null ? null : (lastOf.get(region) ?? null);
    const mask = maskIn(columns, 'masks', `mask ${i + 1}`, one, click, isObject(one) ? numberIn(one.iou) : null);
    return mask === null ? [] : [mask];
  });
  return { loggedClicks: clicks, masks, ...(truthMask === null ? {} : { truthMask }) };
}
