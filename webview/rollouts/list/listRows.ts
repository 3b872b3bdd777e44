import type { FormatBadge } from '../../../src/core/trajectory/rollout';
import type { GroupAttempt, GroupSummary, RolloutSummary } from '../../../src/protocol/data';
import type { TraceSort } from '../../../src/protocol/query';
import { div, el, fill, setAria, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import type { GroupRowNote, RowNote } from '../notes/rowNotes';
import { siblingPalette } from '../picture/marks';
import type { ListPlace } from '../store/groupLayout';
import { badges, count, counted, decimal, preferences, shortReward, signed, spokenReward } from '../words';
import {
  advantageOf,
  groupNoteMarks,
  liveMark,
  liveOf,
  noteMarks,
  noteWords,
  onlyLiveDiffers,
  rankMark,
  rankTitle,
  writeLive,
} from './rowMarks';

/** What a row needs to paint itself; a row is painted anew only when this changed. */
export interface RowFacts {
  readonly place: ListPlace;
  readonly group: number;
  /** The rollout's place in its group; −1 for a header and while it is not known. */
  readonly member: number;
  /** Rollouts listed of the group. */
  readonly listed: number;
  /** The row is the group's only rollout, and its header. */
  readonly single: boolean;
  readonly groups: number;
  readonly collapsed: boolean;
  readonly selected: boolean;
  readonly cursor: boolean;
  /** Drawn beside the selected rollout. */
  readonly drawn: boolean;
  readonly summary: GroupSummary | null;
  readonly rollout: RolloutSummary | null;
  /** What the list is sorted by; null for the order of the file. */
  readonly sort: TraceSort | null;
  /** Null for a header and while it is not known. */
  readonly note: RowNote | null;
  /** Null for a rollout's row, and while nobody said anything of the group. */
  readonly groupNote: GroupRowNote | null;
}

export const rowId = (place: ListPlace): string => `row-${place.slot}-${place.index}`;

export function paintRow(node: HTMLElement, facts: RowFacts): void {
  const { place } = facts;
  node.id = rowId(place);
  node.setAttribute('role', 'treeitem');
  node.classList.toggle('selected', facts.selected);
  node.classList.toggle('cursor', facts.cursor);
  setAria(node, 'selected', facts.selected);
  if (place.index < 0 || facts.single) paintHeader(node, facts);
  else paintRollout(node, facts);
}

function paintHeader(node: HTMLElement, facts: RowFacts): void {
  const { summary, place, single } = facts;
  const flat = isFlat(summary) ? ' no-spread' : '';
  node.className = `row group-row${flat}${facts.selected ? ' selected' : ''}${facts.cursor ? ' cursor' : ''}`;
  setAria(node, 'level', 1);
  setAria(node, 'setsize', facts.groups);
  setAria(node, 'posinset', place.slot + 1);
  setAria(node, 'expanded', single ? null : !facts.collapsed);
  const title = summary === null ? `Group ${count(facts.group + 1)}` : summary.title;
  const line = single ? singleLine(summary) : groupLine(summary, facts.listed);
  const badge = single ? (summary?.rollouts[0]?.badge ?? null) : null;
  node.title = summary === null ? '' : [summary.title, line, single ? '' : statistics].join('\n').trimEnd();
  const stats = span(hasSpread(summary) ? 'group-stats' : 'group-stats flat', line);
  fill(
    node,
    single ? span('twistie') : icon(facts.collapsed ? 'chevron-right' : 'chevron-down', 'twistie'),
    div(
      'group-text',
      span(summary === null ? 'group-title waiting' : 'group-title', title),
      span(
        'group-line',
        sortedOf(facts),
        stats,
        badge === 'none' ? null : badgeOf(badge),
        single ? preferenceOf(summary?.rollouts[0]?.preference) : null,
        ...groupMarks(summary),
        ...groupNoteMarks(facts.groupNote),
      ),
    ),
  );
}

const statistics = 'Mean ± standard deviation of the group’s logged rewards (sample: divided by N − 1)';

/** What the group was sorted by, unless the line of its statistics says the same. */
function sortedOf({ sort, summary, listed }: RowFacts): HTMLElement | null {
  if (sort === null || summary?.sorted === undefined) return null;
  const said = sort.column === 'reward' && (sort.of === 'mean' || sort.of === 'std');
  if (said && listed === summary.size) return null;
  const name = `${sort.of} ${sort.column}`;
  const value = Number.isNaN(summary.sorted) ? '–' : decimal(summary.sorted);
  return el('span', { class: 'group-sorted', title: `${name} of the rollouts listed` }, `${name} ${value}`);
}

/** All rewards are equal: the group moves no policy. */
const isFlat = (summary: GroupSummary | null): boolean =>
  summary !== null && summary.size > 1 && summary.stdReward === 0 && Number.isFinite(summary.meanReward);

const hasSpread = (summary: GroupSummary | null): boolean => summary === null || summary.stdReward !== 0;

/** The facts of a group's only rollout. */
function singleLine(summary: GroupSummary | null): string {
  const only = summary?.rollouts[0];
  if (summary === null || only === undefined) return '';
  const step = summary.step === null ? '' : `step ${count(summary.step)}`;
  const reward = only.reward === null ? '' : `reward ${decimal(only.reward)}`;
  const regions = only.badge === 'none' || only.regions === null ? '' : counted(only.regions, 'region');
  return [step, reward, regions].filter((part) => part !== '').join(' · ') || 'no response';
}

function groupLine(summary: GroupSummary | null, listed: number): string {
  const all = summary === null || summary.size === listed;
  const parts = [all ? `n ${count(listed)}` : `${count(listed)} of n ${count(summary.size)}`];
  if (summary === null) return parts.join('');
  if (summary.step !== null) parts.unshift(`step ${count(summary.step)}`);
  if (Number.isFinite(summary.meanReward)) {
    const spread = summary.stdReward > 0 ? ` ± ${decimal(summary.stdReward)}` : '';
    parts.push(`${decimal(summary.meanReward)}${spread}`);
  }
  return parts.join(' · ');
}

/** A resumed run goes through steps again: its rows are never mixed with those of the attempt before. */
function attemptMark({ number, superseded }: GroupAttempt): HTMLElement {
  const title = superseded
    ? `Attempt ${number} at this step; the run was resumed and went through the step again`
    : `Attempt ${number} at this step, after the run was resumed`;
  return el('span', { class: 'tag calm', title }, icon('history'), superseded ? 'superseded' : `attempt ${number}`);
}

function groupMarks(summary: GroupSummary | null): HTMLElement[] {
  if (summary === null) return [];
  const marks: HTMLElement[] = [];
  if (summary.attempt !== undefined) marks.push(attemptMark(summary.attempt));
  if (summary.uncertain) {
    const title =
      'The number of rollouts differs from the run’s: this grouping may be wrong, and no advantages are told for it';
    marks.push(el('span', { class: 'tag', title }, icon('question'), 'uncertain'));
  }
  if (isFlat(summary)) {
    const title = 'All rewards are equal: the group gives no advantage to learn from';
    marks.push(el('span', { class: 'tag', title }, icon('circle-slash'), 'no spread'));
  }
  return marks;
}

function paintRollout(node: HTMLElement, facts: RowFacts): void {
  const { place, summary, rollout, member, note } = facts;
  const gone = note?.excluded ? ' excluded' : '';
  node.className = `row rollout-row${gone}${facts.selected ? ' selected' : ''}${facts.cursor ? ' cursor' : ''}`;
  setAria(node, 'level', 2);
  setAria(node, 'setsize', facts.listed);
  setAria(node, 'posinset', place.index + 1);
  const number = span('rollout-number', member < 0 ? '' : String(member + 1));
  if (facts.selected) number.dataset.ink = '0';
  else if (facts.drawn) number.dataset.ink = String(siblingPalette(member));
  if (rollout === null || summary === null) {
    setAria(node, 'label', null);
    fill(node, number, span('waiting', '…'));
    return;
  }
  const step = rollout.step !== null && rollout.step !== summary.step ? span('row-step', `step ${rollout.step}`) : null;
  const sorted = sortedRow(facts, rollout);
  const live = liveOf(note, facts.sort?.column ?? '');
  node.title = '';
  setAria(node, 'label', spokenRow(facts, rollout));
  fill(
    node,
    number,
    rewardOf(facts, rollout),
    advantageOf(note),
    live !== null
      ? liveMark(live)
      : sorted === null
        ? rewardBar(rollout, summary)
        : el('span', { class: 'row-sorted', title: `${sorted.name} ${sorted.text}` }, sorted.text),
    step,
    rankMark(note),
    noteMarks(note),
    ...badgesOf(rollout),
    el(
      'span',
      { class: 'region-count', title: regionWords(rollout) },
      rollout.regions === null ? '…' : String(rollout.regions),
      icon('screen-full'),
    ),
  );
}

function rewardOf({ note }: RowFacts, { reward }: RolloutSummary): HTMLElement {
  const name = `reward${reward !== null && !Number.isFinite(reward) ? ' odd' : ''}`;
  const title = note?.summed ? 'Sum of the components by their weights; the log has no total' : '';
  return el('span', { class: name, title }, shortReward(note?.total ?? reward));
}

function spokenRow(facts: RowFacts, rollout: RolloutSummary): string {
  const { member, note } = facts;
  const sorted = sortedRow(facts, rollout);
  const live = liveOf(note, facts.sort?.column ?? '');
  const advantage = note?.live?.advantage ?? note?.advantage ?? null;
  const spoken = [
    `Rollout ${member + 1}`,
    spokenReward(note?.total ?? rollout.reward),
    advantage === null ? null : `advantage ${signed(advantage)}`,
    live !== null ? live.title : sorted === null ? null : `${sorted.name} ${sorted.text}`,
    rollout.badge === null ? null : badges[rollout.badge].text,
    note === null || note.rank === '' ? null : rankTitle(note.rank),
    rollout.preference ?? null,
    regionWords(rollout),
    ...noteWords(note),
  ];
  return spoken.filter((part) => part !== null).join(', ');
}

/**
 * Writes the numbers that follow a box in hand into a row that shows them already; false where more than those changed, and
 * the row is to be painted anew.
 */
export function paintLive(node: HTMLElement, before: RowFacts, facts: RowFacts): boolean {
  const { rollout, note } = facts;
  const live = liveOf(note, facts.sort?.column ?? '');
  const only = (Object.keys(facts) as (keyof RowFacts)[]).every(
    (key) => key === 'place' || key === 'note' || before[key] === facts[key],
  );
  if (!only || rollout === null || note === null || live === null || !onlyLiveDiffers(before.note, note)) return false;
  if (!writeLive(node, note, live)) return false;
  setAria(node, 'label', spokenRow(facts, rollout));
  return true;
}

function regionWords({ regions }: RolloutSummary): string {
  return regions === null ? 'its response is still being read' : counted(regions, 'region');
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

/** The value a row was sorted by, where it is not the reward. */
function sortedRow({ sort }: RowFacts, { sorted }: RolloutSummary): { name: string; text: string } | null {
  if (sort === null || sort.column === 'reward' || sorted === undefined) return null;
  return { name: sort.column, text: shortReward(sorted) };
}

function badgeOf(badge: FormatBadge | null): HTMLElement | null {
  if (badge === null) return null;
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
