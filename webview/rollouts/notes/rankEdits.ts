import { moveInRanking, preferTo, type Rank, type Ranking, ranksOf } from '../../../src/core/annotation/ranking';
import type { NotedGroup } from '../store/notes';
import { counted } from '../words';
import type { NoteEdits } from './noteEdits';

/** Ranks of a group's members; those that are not ranked are absent. */
export function memberRanks({ notes, members }: NotedGroup): ReadonlyMap<number, Rank> {
  const ranks = ranksOf(notes.ranking?.value ?? []);
  if (ranks.size === 0) return new Map();
  return new Map(
    members.flatMap(({ key }, member) => {
      const rank = ranks.get(ownKey(key));
      return rank === undefined ? [] : [[member, rank] as const];
    }),
  );
}

/** `#2`, `#2=` for one that is shared. */
export function rankText({ rank, tied }: Rank): string {
  return `#${rank}${tied ? '=' : ''}`;
}

export const spokenRank = ({ rank, tied }: Rank): string => `ranked ${rank}${tied ? ', tied' : ''}`;

/** The selected rollout a step up or down in the ranking of its group; the step between two ranks is a tie. */
export function moveRank(edits: NoteEdits, direction: -1 | 1): void {
  change(edits, (ranking, key, name) => {
    const next = moveInRanking(ranking, key, direction);
    const rank = ranksOf(next).get(key);
    const label = rank === undefined ? `Unrank ${name}` : `Rank ${rank.rank}${rank.tied ? ', tied' : ''}: ${name}`;
    const nothing = JSON.stringify(next) === JSON.stringify(ranking);
    if (!nothing) return { next, label };
    return rank === undefined ? 'This rollout is not ranked.' : 'This rollout is ranked first.';
  });
}

/** The selected rollout is preferred: to those drawn beside it, else to all others of its group. */
export function prefer(edits: NoteEdits): void {
  const { current } = edits;
  const drawn = [...edits.session.siblings.value].filter((member) => member !== current?.member);
  const others = drawn.length > 0 ? drawn : [...(current?.noted.members.keys() ?? [])];
  const keys = others.flatMap((member) => {
    const key = current?.noted.members[member]?.key;
    return member === current?.member || key === undefined ? [] : [ownKey(key)];
  });
  change(edits, (ranking, key, name) => {
    const over = keys.filter((other) => other !== key);
    if (over.length === 0) return 'There is no other rollout to compare with.';
    const only = drawn.length === 1 ? `rollout ${(drawn[0] ?? 0) + 1}` : counted(over.length, 'rollout');
    return { next: preferTo(ranking, key, over), label: `Prefer ${name} to ${only}` };
  });
}

/** Nobody has ranked the rollout any more; the others stay in their order. */
export function unrank(edits: NoteEdits): void {
  change(edits, (ranking, key, name) => {
    if (!ranksOf(ranking).has(key)) return 'This rollout is not ranked.';
    const next = ranking.flatMap((level) => {
      const left = (typeof level === 'string' ? [level] : level).filter((one) => one !== key);
      return left.length === 0 ? [] : [left.length === 1 ? (left[0] ?? '') : left];
    });
    return { next, label: `Unrank ${name}` };
  });
}

type Change = { readonly next: Ranking; readonly label: string } | string;

function change(edits: NoteEdits, make: (ranking: Ranking, key: string, name: string) => Change): void {
  const { current, session } = edits;
  const key = current?.noted.members[current.member]?.key;
  if (current === null || key === undefined) {
    session.say(edits.trouble ?? 'No rollout is selected.');
    return;
  }
  const made = make(current.noted.notes.ranking?.value ?? [], ownKey(key), `rollout ${current.member + 1}`);
  if (typeof made === 'string') session.say(made);
  else edits.setRanking(made.next, made.label);
}

/** A rollout's key in its own log: rankings are read beside the log too, by whoever knows nothing of the trace. */
function ownKey(key: string): string {
  return key.slice(key.indexOf('\0') + 1);
}
