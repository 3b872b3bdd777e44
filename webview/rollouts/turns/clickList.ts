import type { Rollout } from '../../../src/core/trajectory/rollout';
import { div, el, span } from '../../ui/dom';
import { clicksOf, signOf } from '../chain/clicks';
import { clickId } from '../picture/marks';
import { decimal } from '../words';

/** The clicks of a rollout that says nothing besides; null without any. They light up with the picture. */
export function clickList(rollout: Rollout, member: number): HTMLElement | null {
  const clicks = clicksOf(rollout);
  if (clicks.length === 0) return null;
  const list = div('click-list');
  for (const click of clicks) {
    const iou = rollout.masks?.find((mask) => mask.click === click.index)?.iou ?? null;
    const sign = click.positive === null ? '' : click.positive ? 'positive' : 'negative';
    const node = el(
      'button',
      { class: 'click-row', data: { mark: clickId(member, click.index) } },
      el('span', { class: 'ink-number', data: { ink: 0 } }, String(click.index + 1)),
      span('', [signOf(click), sign].filter((part) => part !== '').join(' ')),
      span('card-where', `${Math.round(click.x)}, ${Math.round(click.y)}`),
      iou !== null && span('quiet', `IoU ${decimal(iou)}`),
    );
    node.type = 'button';
    list.append(node);
  }
  return list;
}
