import type { GroupNotes, RolloutNotes } from '../core/annotation/annotation';
import { effectiveGroup } from '../core/annotation/effective';
import { rankLevels } from '../core/annotation/ranking';
import { preferencePairs, rankedPairs } from '../core/reward/pairs';
import { trainerRule } from '../core/reward/trainerAdvantage';
import { placeOf, type Rollout } from '../core/trajectory/rollout';
import { type ExportTally, partialGroup } from '../formats/export/manifest';
import type { GroupDetail } from '../protocol/data';
import { trainerOf } from '../protocol/trainerOf';
import type { BoxContext } from './boxContext';
import type { ExportOptions } from './exportArguments';
import type { ExportNotes } from './exportNotes';
import { contextOf, groupDetails } from './groupPages';

import type { Session } from './session';

/** A rollout with what people said of it. */
export interface ExportMember {
  readonly rollout: Rollout;
  /** Its place in the log, for people. */
  readonly id: string;
  readonly key: string;
  readonly notes: RolloutNotes;
  /** As it stands after annotations (`effectiveGroup`); NaN without one. */
  readonly total: number;
  /** As the trainer computes it within the group; NaN without one. */
  readonly advantage: number;
}

/** A group's rollouts that may be exported. */
export interface ExportGroup {
  readonly group: number;
  readonly image: GroupDetail['image'];
  readonly context: BoxContext;
  readonly notes: GroupNotes;
  readonly members: readonly ExportMember[];
}

/** Reads a group whole. Null when nothing of it may be exported; what is left out is counted. */
export async function readGroup(
  session: Session,
  group: number,
  notes: ExportNotes,
  { partial }: ExportOptions,
  tally: ExportTally,
): Promise<ExportGroup | null> {
  const rollouts: Rollout[] = [];
  let detail: GroupDetail | null = null;
  for await (const page of groupDetails(session, group)) {
    detail ??= page.detail;
    rollouts.push(...page.rollouts);
  }
  if (detail === null) return null;
  const { summary, image } = detail;
  const said = notes.group(rollouts[0]?.file ?? '', summary.key);
  const whole =
    said.excluded?.value === true
      ? 'its group is excluded by an annotation'
      : summary.uncertain && !partial
        ? `${partialGroup}: its size is not that of the run (--partial takes it)`
        : null;
  if (whole !== null) {
    for (const rollout of rollouts) tally.omit(whole, placeOf(rollout));
    return null;
  }
  const noted = await notes.rollouts(rollouts);
  const rule = trainerRule(trainerOf(session.opened.format));
  const logged = rollouts.map(({ kind, reward, fields }) => ({
    total: kind === 'rollout' ? reward : null,
    fields: kind === 'rollout' ? numbersOf(fields) : undefined,
  }));
  const stands = effectiveGroup(
    logged,
    noted.map(({ notes: own }) => own),
    said,
    notes.components,
    rule,
  );
  const all = rollouts.map((rollout, i): ExportMember => {
    const { key = '', notes: own = {} } = noted[i] ?? {};
    const { total = null, advantage = null } = stands[i] ?? {};
    return {
      rollout,
      id: placeOf(rollout),
      key,
      notes: own,
      total: total ?? Number.NaN,
      advantage: advantage ?? Number.NaN,
    };
  });
  const members = all.flatMap((member, i): ExportMember[] => {
    const reason =
      stands[i]?.excluded === true
        ? 'excluded by an annotation'
        : member.rollout.kind === 'sample'
          ? 'a sample without an answer'
          : null;
    if (reason === null) return [member];
    tally.omit(reason, member.id);
    return [];
  });
  return { group, image, context: await contextOf(session, detail), notes: said, members };
}

function numbersOf(fields: Rollout['fields']): Readonly<Record<string, number>> {
  return Object.fromEntries(fields.flatMap(({ name, value }) => (typeof value === 'number' ? [[name, value]] : [])));
}

/** Members that the selection takes; the others are counted. */
export function selectedOf(
  members: readonly ExportMember[],
  { select }: ExportOptions,
  tally: ExportTally,
): readonly ExportMember[] {
  if (select.kind === 'all') return members;
  const [first] = members.filter(({ total }) => Number.isFinite(total)).sort((a, b) => b.total - a.total);
  return members.filter((member) => {
    const missing = !Number.isFinite(member.total);
    const taken = select.kind === 'threshold' ? member.total >= select.from : member === first;
    if (taken && !missing) return true;
    tally.omit(missing ? 'it has no reward' : `not selected (${selectText(select)})`, member.id);
    return false;
  });
}

const selectText = (select: ExportOptions['select']) =>
  select.kind === 'threshold' ? `reward below ${select.from}` : 'not the best of its group';

/** Chosen and rejected members: by a person's ranking where there is one, else by their rewards. */
export function pairsOf(
  { members, notes }: ExportGroup,
  { margin, pairs }: ExportOptions,
): readonly (readonly [chosen: ExportMember, rejected: ExportMember])[] {
  const ranking = notes.ranking?.value;
  if (ranking !== undefined) {
    const levels = rankLevels(ranking).map((level) =>
      level.flatMap((key) => members.filter((member) => isKey(key, member.key)).slice(0, 1)),
    );
    return rankedPairs(levels, ({ total }) => total, pairs);
  }
  const found = preferencePairs(
    members.map(({ total }) => total),
    margin,
    pairs,
  );
  return found.flatMap(({ chosen, rejected }) => {
    const [good, bad] = [members[chosen], members[rejected]];
    return good === undefined || bad === undefined ? [] : [[good, bad] as const];
  });
}

/** Rankings may name a record with its log file in front. */
function isKey(ranked: string, key: string): boolean {
  return key !== '' && (ranked === key || ranked.endsWith(`\0${key}`));
}
