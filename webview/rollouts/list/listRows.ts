import type { FormatBadge } from '../../../src/core/trajectory/rollout';
import { GROUP_PAGE, type GroupSummary, type RolloutSummary } from '../../../src/protocol/data';
import { div, el, fill, setAria, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { siblingPalette } from '../picture/marks';
import type { ListPlace } from '../store/groupLayout';
import { badges, count, counted, decimal, preferences, shortReward, spokenReward } from '../words';

/** What a row needs to paint itself; a row is painted anew only when this changed. */
export interface RowFacts {
  readonly place: ListPlace;
  readonly size: number;
  readonly groups: number;
  readonly collapsed: boolean;
  readonly selected: boolean;
  readonly cursor: boolean;
  /** Drawn beside the selected rollout. */
  readonly drawn: boolean;
  readonly summary: GroupSummary | null;
}

export const rowId = (place: ListPlace): string => `row-${place.group}-${place.member}`;

/** Members of a group that have rows; the place after them holds the line that says how many are not listed. */
export function paintRow(node: HTMLElement, facts: RowFacts): void {
  const { place } = facts;
  node.id = rowId(place);
  node.setAttribute('role', 'treeitem');
  node.classList.toggle('selected', facts.selected);
  node.classList.toggle('cursor', facts.cursor);
  setAria(node, 'selected', facts.selected);
  if (place.member < 0 || facts.size === 1) paintHeader(node, facts);
  else if (place.member >= GROUP_PAGE) paintMore(node, facts.size - GROUP_PAGE);
  else paintRollout(node, facts);
}

function paintHeader(node: HTMLElement, facts: RowFacts): void {
  const { summary, place } = facts;
  node.className = `row group-row${facts.selected ? ' selected' : ''}${facts.cursor ? ' cursor' : ''}`;
  setAria(node, 'level', 1);
  setAria(node, 'setsize', facts.groups);
  setAria(node, 'posinset', place.group + 1);
  const single = facts.size === 1;
  setAria(node, 'expanded', single ? null : !facts.collapsed);
  const title = summary === null ? `Group ${count(place.group + 1)}` : summary.title;
  const line = single ? singleLine(summary) : groupLine(summary, facts.size);
  const badge = single ? (summary?.rollouts[0]?.badge ?? 'none') : 'none';
  node.title = summary === null ? '' : `${summary.title}\n${line}`;
  fill(
    node,
    single ? span('twistie') : icon(facts.collapsed ? 'chevron-right' : 'chevron-down', 'twistie'),
    div(
      'group-text',
      span(summary === null ? 'group-title waiting' : 'group-title', title),
      span(
        'group-line',
        span('group-stats', line),
        badge === 'none' ? null : badgeOf(badge),
        single ? preferenceOf(summary?.rollouts[0]?.preference) : null,
        ...groupMarks(summary, facts.size),
      ),
    ),
  );
}

/** The facts of a group's only rollout. */
function singleLine(summary: GroupSummary | null): string {
  const only = summary?.rollouts[0];
  if (summary === null || only === undefined) return '';
  const step = summary.step === null ? '' : `step ${count(summary.step)}`;
  const reward = only.reward === null ? '' : `reward ${decimal(only.reward)}`;
  const regions = only.badge === 'none' ? '' : counted(only.regions, 'region');
  return [step, reward, regions].filter((part) => part !== '').join(' · ') || 'no response';
}

function groupLine(summary: GroupSummary | null, size: number): string {
  const parts = [`n ${count(size)}`];
  if (summary === null) return parts.join('');
  if (summary.step !== null) parts.unshift(`step ${count(summary.step)}`);
  if (Number.isFinite(summary.meanReward)) {
    const spread = summary.stdReward > 0 ? ` ± ${decimal(summary.stdReward)}` : '';
    parts.push(`${decimal(summary.meanReward)}${spread}`);
  }
  return parts.join(' · ');
}

function groupMarks(summary: GroupSummary | null, size: number): HTMLElement[] {
  if (summary === null) return [];
  const marks: HTMLElement[] = [];
  if (summary.uncertain) {
    const title = 'The number of rollouts differs from the run’s: this grouping may be wrong';
    marks.push(el('span', { class: 'tag', title }, icon('question'), 'uncertain'));
  }
  if (size > 1 && summary.stdReward === 0 && Number.isFinite(summary.meanReward)) {
    const title = 'All rewards are equal: the group gives no advantage to learn from';
    marks.push(el('span', { class: 'tag', title }, icon('circle-slash'), 'no spread'));
  }
  return marks;
}

function paintMore(node: HTMLElement, more: number): void {
  node.className = 'row more-row';
  setAria(node, 'level', 2);
  fill(node, span('more-text', `${count(more)} more not listed`));
}

function paintRollout(node: HTMLElement, facts: RowFacts): void {
  const { place, summary } = facts;
  node.className = `row rollout-row${facts.selected ? ' selected' : ''}${facts.cursor ? ' cursor' : ''}`;
  setAria(node, 'level', 2);
  setAria(node, 'setsize', facts.size);
  setAria(node, 'posinset', place.member + 1);
  const rollout = summary?.rollouts[place.member];
  const number = span('rollout-number', String(place.member + 1));
  if (facts.selected) number.dataset.ink = '0';
  else if (facts.drawn) number.dataset.ink = String(siblingPalette(place.member));
  if (rollout === undefined || summary === null) {
    fill(node, number, span('waiting', '…'));
    return;
  }
  const badge = badges[rollout.badge];
  const step = rollout.step !== null && rollout.step !== summary.step ? span('row-step', `step ${rollout.step}`) : null;
  node.title = '';
  setAria(
    node,
    'label',
    `Rollout ${place.member + 1}, ${spokenReward(rollout.reward)}, ${badge.text}${rollout.preference === undefined ? '' : `, ${rollout.preference}`}, ${counted(rollout.regions, 'region')}`,
  );
  fill(
    node,
    number,
    span(
      `reward${rollout.reward !== null && !Number.isFinite(rollout.reward) ? ' odd' : ''}`,
      shortReward(rollout.reward),
    ),
    rewardBar(rollout, summary),
    step,
    ...badgesOf(rollout),
    el(
      'span',
      { class: 'region-count', title: counted(rollout.regions, 'region') },
      String(rollout.regions),
      icon('screen-full'),
    ),
  );
}

/** Where no action was promised, the side of a pair stands in the badge's place. */
function badgesOf({ badge, preference }: RolloutSummary): (HTMLElement | null)[] {
  const side = preferenceOf(preference);
  return badge === 'none' && side !== null ? [side] : [side, badgeOf(badge)];
}

function preferenceOf(preference: RolloutSummary['preference']): HTMLElement | null {
  if (preference === undefined) return null;
  const { icon: name, text, title } = preferences[preference];
  return el('span', { class: `format-badge ${text}`, title }, icon(name), span('badge-text', text));
}

function badgeOf(badge: FormatBadge): HTMLElement {
  const { icon: name, text, title } = badges[badge];
  return el('span', { class: `format-badge ${badge}`, title }, icon(name), span('badge-text', text));
}

/** The reward's place between the lowest and the highest of its group. */
function rewardBar(rollout: RolloutSummary, summary: GroupSummary): HTMLElement {
  const values = summary.rollouts.flatMap(({ reward }) => (reward !== null && Number.isFinite(reward) ? [reward] : []));
  const low = Math.min(...values);
  const high = Math.max(...values);
  const { reward } = rollout;
  const inner = span('reward-fill');
  const known = reward !== null && Number.isFinite(reward) && high > low;
  inner.style.transform = `scaleX(${known ? (reward - low) / (high - low) : 0})`;
  return span(known ? 'reward-bar' : 'reward-bar empty', inner);
}
