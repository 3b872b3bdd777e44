import type { GroupOnImage } from '../../../src/protocol/datasetRollouts';
import type { CanvasTheme } from '../../canvas/theme';
import { groupOutcome } from '../../rollouts/notes/outcome';
import { siblingPalette } from '../../rollouts/picture/marks';
import { counted, shortReward, signed, spokenReward } from '../../rollouts/words';
import { div, el, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { groupKey, type RolloutPlace, type RolloutsStore } from './rolloutsStore';
import { answerLine, matchedWords, rewardWords } from './rolloutWords';

/** A row of the tree: a group, one of its rollouts, or a word on the way to them. */
export interface RolloutRow {
  /** Null for a word. */
  readonly place: RolloutPlace | null;
  readonly element: HTMLElement;
}

/** The groups on the image with the rollouts of those that are open, in order. */
export function rolloutRows(store: RolloutsStore, theme: CanvasTheme): readonly RolloutRow[] {
  const several = new Set(store.groups.map(({ trace }) => trace)).size > 1;
  return store.groups.flatMap((group) => {
    const key = groupKey(group);
    const open = store.open.value.has(key);
    const head = { place: { group: key, member: null }, element: groupRow(store, group, open, several) };
    return open ? [head, ...memberRows(store, group, theme)] : [head];
  });
}

function groupRow(store: RolloutsStore, group: GroupOnImage, open: boolean, several: boolean): HTMLElement {
  const { trace, by, summary } = group;
  const name = store.trace(trace)?.name ?? '';
  const step = summary.step === null ? null : `Step ${summary.step}`;
  const title = [step, several ? name : null].filter((part) => part !== null).join(' · ') || summary.title || name;
  const reward = rewardWords(summary.meanReward, summary.stdReward);
  return el(
    'div',
    {
      class: 'rollout-row rollout-group',
      role: 'treeitem',
      title: `${name}\n${summary.title}\n${matchedWords[by]}`,
      aria: {
        level: 1,
        expanded: open,
        label: `${title}, ${counted(summary.size, 'rollout')}, mean reward ${reward}${by === 'file' ? '' : `, joined by ${by}`}`,
      },
    },
    icon(open ? 'chevron-down' : 'chevron-right', 'twistie'),
    span('rollout-title', title),
    by === 'file' ? null : span('rollout-by', `by ${by}`),
    span('rollout-size', `×${summary.size}`),
    span('rollout-reward', reward),
  );
}

function memberRows(store: RolloutsStore, group: GroupOnImage, theme: CanvasTheme): readonly RolloutRow[] {
  const { summary } = group;
  const key = groupKey(group);
  const texts = store.texts.value.get(key);
  if (typeof texts === 'string') return [word(texts)];
  const format = store.trace(group.trace)?.format ?? '';
  const outcome = groupOutcome(summary, null, false, { format, components: [], details: texts?.rollouts });
  const advantages = outcome?.kind === 'known' ? outcome.rollouts : [];
  const rows = summary.rollouts.map(({ member, reward }, at): RolloutRow => {
    const advantage = advantages[at]?.advantage ?? null;
    const rollout = texts?.rollouts[at];
    const answer = rollout === undefined ? '' : answerLine(rollout);
    const swatch = span('swatch');
    swatch.style.background = theme.inks[siblingPalette(member)]?.stroke ?? '';
    const told = advantage === null ? '' : `, advantage ${signed(advantage)}`;
    const element = el(
      'div',
      {
        class: 'rollout-row rollout-member',
        role: 'treeitem',
        title: answer,
        aria: { level: 2, label: `Rollout ${member + 1}, ${spokenReward(reward)}${told}, ${answer}` },
      },
      swatch,
      span('rollout-number', `${member + 1}`),
      span('rollout-answer', answer),
      span('rollout-advantage', advantage === null ? '' : signed(advantage)),
      span('rollout-reward', shortReward(reward)),
    );
    return { place: { group: key, member }, element };
  });
  const more = summary.size - summary.rollouts.length;
  return more > 0 ? [...rows, word(`${counted(more, 'more rollout')}: open the group in the rollouts editor`)] : rows;
}

function word(text: string): RolloutRow {
  return { place: null, element: div('rollout-word', text) };
}
