import type { GroupNotes, RolloutNotes } from '../../../src/core/annotation/annotation';
import type { EffectiveRollout } from '../../../src/core/annotation/effective';
import type { Rank } from '../../../src/core/annotation/ranking';
import type { GroupSummary } from '../../../src/protocol/data';
import type { RecomputedMember } from '../score/recompute';
import type { ScoreStore } from '../score/scoreStore';
import { onAny } from '../store/signal';
import { stepLabels } from '../words';
import type { NoteEdits } from './noteEdits';
import { groupOutcome } from './outcome';
import { memberRanks, rankText } from './rankEdits';

/** What a group's own row shows of its annotations. */
export interface GroupRowNote {
  /** Separated by commas. */
  readonly tags: string;
  readonly excluded: boolean;
}

/** What a row of the list shows of a rollout's annotations and advantage. */
export interface RowNote {
  /** Null where none can be told. */
  readonly advantage: number | null;
  /** The reward that stands for the logged one; null where the log's stands. */
  readonly total: number | null;
  /** The log has no total: this one is the sum of its components. */
  readonly summed: boolean;
  readonly excluded: boolean;
  readonly reviewed: boolean;
  /** Labels of its turns in order, `+1 0 −1`; '' without one. A turn without a label has no place here: it is not 0. */
  readonly labels: string;
  /** Its place in somebody's order of the group, `#2=`; '' while it is not ranked. */
  readonly rank: string;
  /** Numbers, boxes, tags or words of somebody's. */
  readonly edited: boolean;
  /** Its rewards by the chosen profile where boxes or rewards of its group were edited, and they were recomputed from those. */
  readonly live: RecomputedMember | null;
}

interface Known {
  readonly summary: GroupSummary;
  readonly version: number;
  readonly rows: readonly RowNote[];
}

const kept = 400;

/** Notes of the rows on screen; a row's object stays the same while its content does, so that it is not painted again. */
export class RowNotes {
  private readonly known = new Map<number, Known>();
  private readonly groups = new Map<number, GroupRowNote>();

  constructor(
    private readonly edits: NoteEdits,
    private readonly scores: ScoreStore,
  ) {}

  of(group: number, summary: GroupSummary | null, member: number): RowNote | null {
    if (summary === null || member < 0) return null;
    const version = this.edits.store.version.value;
    const known = this.known.get(group);
    if (known?.summary === summary && known.version === version) return known.rows[member] ?? null;
    const rows = this.rows(group, summary).map((row, i) => {
      const before = known?.rows[i];
      return before !== undefined && same(before, row) ? before : row;
    });
    this.known.delete(group);
    this.known.set(group, { summary, version, rows });
    for (const old of [...this.known.keys()].slice(0, Math.max(0, this.known.size - kept))) this.known.delete(old);
    return rows[member] ?? null;
  }

  /** Null while it is not known, and where nobody said anything. */
  ofGroup(group: number): GroupRowNote | null {
    const notes = this.edits.store.group(group)?.notes;
    if (notes?.tags === undefined && notes?.excluded === undefined) return null;
    const now = { tags: notes.tags?.value.join(', ') ?? '', excluded: notes.excluded !== undefined };
    const before = this.groups.get(group);
    if (before?.tags === now.tags && before.excluded === now.excluded) return before;
    this.groups.set(group, now);
    return now;
  }

  /** Tells when rows may show something else: also when components were named, or details of a group came. */
  onChange(listener: () => void): void {
    const { session, store } = this.edits;
    store.version.on(listener);
    onAny(() => {
      for (const [group, known] of this.known) this.known.set(group, { ...known, version: -1 });
      listener();
    }, [session.detail, session.state, session.groupImage, this.scores.list]);
    session.boxInHand.on(() => {
      const group = session.place.value?.group ?? -1;
      const known = this.known.get(group);
      if (known !== undefined) this.known.set(group, { ...known, version: -1 });
    });
  }

  /** Slots of the list that are on screen, both ends included. */
  want(from: number, to: number): void {
    const { listing, layout } = this.edits.session;
    const slots = Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((slot) => slot < layout.count);
    this.edits.store.want(slots.map((slot) => listing.value.idAt(slot)));
  }

  private rows(group: number, summary: GroupSummary): readonly RowNote[] {
    const { session, store, components } = this.edits;
    const noted = store.group(group);
    const details = session.details.get(group)?.rollouts;
    const { format } = session.welcome;
    const outcome = groupOutcome(summary, noted, store.mayHide, { format, components, details });
    const effective = outcome?.kind === 'known' ? outcome.rollouts : [];
    const count = Math.max(effective.length, noted?.rollouts.length ?? 0);
    const live = new Map(this.scores.editedGroup(group)?.members.map((member) => [member.member, member]));
    const ranks = noted === null ? null : memberRanks(noted);
    return Array.from({ length: count }, (_, i) =>
      rowNote(noted?.rollouts[i] ?? {}, noted?.notes ?? {}, effective[i], ranks?.get(i), live.get(i)),
    );
  }
}

function rowNote(
  notes: RolloutNotes,
  group: GroupNotes,
  effective: EffectiveRollout | undefined,
  rank: Rank | undefined,
  live: RecomputedMember | undefined,
): RowNote {
  const { excluded, reviewed, labels, ...rest } = notes;
  return {
    advantage: effective?.advantage ?? null,
    total: effective !== undefined && effective.from !== 'log' ? effective.total : (notes.total?.value ?? null),
    summed: effective?.from === 'components',
    excluded: excluded !== undefined || group.excluded !== undefined,
    reviewed: reviewed !== undefined,
    labels: labelText(labels),
    rank: rank === undefined ? '' : rankText(rank),
    edited: Object.keys(rest).length > 0,
    live: live ?? null,
  };
}

function labelText(labels: RolloutNotes['labels']): string {
  return Object.entries(labels ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, { value }]) => stepLabels[value].number)
    .join(' ');
}

function same(a: RowNote, b: RowNote): boolean {
  return (Object.keys(a) as (keyof RowNote)[]).every((name) => Object.is(a[name], b[name]));
}
