import type { GroupNotes, RolloutNotes } from '../../../src/core/annotation/annotation';
import type { Size } from '../../../src/core/geometry/box';
import type { FrameChoice } from '../../../src/core/geometry/frame';
import { groupAdvantages } from '../../../src/core/reward/advantage';
import { type ComparedRollout, compareLogged } from '../../../src/core/reward/scoring/compareLogged';
import { editedBoxes, placeEdited } from '../../../src/core/reward/scoring/editedBoxes';
import { type BoxPlacing, placeBoxes } from '../../../src/core/reward/scoring/placeBoxes';
import { type PlacedBoxes, type RewardInput, usesTool } from '../../../src/core/reward/scoring/rewardInput';
import { type PreparedProfile, type RolloutScore, scoreRollout } from '../../../src/core/reward/scoring/scoreRollout';
import type { GroupRule } from '../../../src/core/reward/trainerAdvantage';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import type { GroupDetail, ImageState } from '../../../src/protocol/data';
import type { BoxInHand } from '../store/notes';

export interface RecomputedMember {
  /** 0-based place in its group. */
  readonly member: number;
  readonly row: number;
  readonly compared: ComparedRollout;
  /** The total that counts in the group: recomputed, with what a person set in its place; null where there is none. */
  readonly total: number | null;
  /** A person set the total, or a component of it. */
  readonly set: boolean;
  /** A box of its own or of its group's ground truth counts where somebody put it. */
  readonly edited: boolean;
  readonly excluded: boolean;
  /** Of the totals that count; null where there is none. */
  readonly advantage: number | null;
}

export interface RecomputedGroup {
  readonly members: readonly RecomputedMember[];
  /** Why there are no advantages, as a whole sentence; null where there are. */
  readonly silent: string | null;
  /** Finite totals that mean and deviation are over. */
  readonly counted: readonly number[];
}

/** What rewards of a group are recomputed from, apart from what people say of it. */
export interface RecomputeContext {
  readonly detail: GroupDetail;
  readonly frames: readonly FrameChoice[];
  /** Stored size of the group's image, or why it is not to be had. */
  readonly image: Size | string;
  readonly rulesOf: BoxPlacing['rulesOf'];
  readonly profile: PreparedProfile;
  readonly rule: GroupRule;
}

/** What people say of the group now. */
export interface GroupSaid {
  readonly notes: GroupNotes;
  /** By member. */
  readonly rollouts: readonly RolloutNotes[];
  readonly held: BoxInHand | null;
}

type ToolUse = Pick<RewardInput, 'toolUse'>;

interface Scored {
  readonly of: readonly unknown[];
  readonly placed: PlacedBoxes | string;
  readonly compared: ComparedRollout;
}

const unsaid: RolloutNotes = {};

/**
 * Recomputes the rewards of a group's rollouts and, where all of them are there, their advantages, again and again while
 * boxes are moved: a member is scored anew only when its own boxes or the ground truth changed.
 */
export class GroupScorer {
  private readonly scored = new Map<number, Scored>();
  private tools: readonly boolean[] | undefined;
  private before: readonly RecomputedMember[] = [];
  private readonly cut: ReadonlySet<number>;

  constructor(private readonly context: RecomputeContext) {
    this.cut = new Set(context.detail.truncated.map(({ row }) => row));
  }

  /** @param rollouts by member, as far as they are there. */
  recompute(rollouts: readonly (Rollout | undefined)[], said: GroupSaid): RecomputedGroup {
    const { detail, rule, profile } = this.context;
    const toolUse = this.toolUse(rollouts);
    const members = [...rollouts.entries()].flatMap(([member, rollout]) => {
      if (rollout?.kind !== 'rollout') return [];
      const notes = said.rollouts[member] ?? unsaid;
      const compared = this.compared(rollout, member, notes, { ...said, toolUse });
      const total = standingTotal(compared, notes, profile);
      const excluded = said.notes.excluded !== undefined || notes.excluded !== undefined;
      const held = said.held !== null && (said.held.kind === 'truth' || said.held.member === member);
      const edited = held || notes.regions !== undefined || said.notes.truth !== undefined;
      return [{ member, row: rollout.row, compared, ...total, excluded, edited }];
    });
    const here = rollouts.filter((rollout) => rollout !== undefined).length;
    const silent = silence(detail, here);
    const all = said.notes.statistics?.value === 'original';
    const counting = members.map(({ total, excluded }) => (total === null || (excluded && !all) ? Number.NaN : total));
    const advantages = silent === null ? groupAdvantages(counting, rule.estimator, rule.single) : [];
    const told = members.map((one, i): RecomputedMember => {
      const advantage = advantages[i] ?? Number.NaN;
      const next = { ...one, advantage: one.excluded || Number.isNaN(advantage) ? null : advantage };
      const last = this.before[i];
      return last !== undefined && same(last, next) ? last : next;
    });
    this.before = told;
    return { members: told, silent, counted: counting.filter(Number.isFinite) };
  }

  /** The same list while the rollouts are; undefined until all of them are there. */
  private toolUse(rollouts: readonly (Rollout | undefined)[]): readonly boolean[] | undefined {
    const here = rollouts.filter((rollout) => rollout !== undefined);
    if (!this.context.profile.ofGroup || here.length < this.context.detail.summary.size) return undefined;
    if (this.tools === undefined) this.tools = here.filter(({ kind }) => kind === 'rollout').map(usesTool);
    return this.tools;
  }

  private compared(rollout: Rollout, member: number, notes: RolloutNotes, said: GroupSaid & ToolUse): ComparedRollout {
    const { profile, frames, image, rulesOf } = this.context;
    const held = said.held?.kind === 'region' && said.held.member !== member ? null : said.held;
    const of = [rollout, notes.regions, said.notes.truth, held, said.toolUse];
    const known = this.scored.get(member);
    if (known?.of.every((part, i) => part === of[i])) return known.compared;
    const placed = known?.of[0] === rollout ? known.placed : placeBoxes(rollout, { frames, image, rulesOf });
    const score = this.cut.has(rollout.row)
      ? tooLong(profile)
      : scoreRollout({ rollout, placed: withEdits(placed, notes, said.notes, held), toolUse: said.toolUse }, profile);
    const compared = compareLogged(rollout, score);
    this.scored.set(member, { of, placed, compared });
    return compared;
  }
}

/** Why boxes cannot be placed while a group's image is not there. */
export function imageReason(image: ImageState): string {
  switch (image.kind) {
    case 'resolved':
      return 'The size of the image is not known yet.';
    case 'pending':
      return image.reason;
    case 'ambiguous':
      return `The image is ambiguous: ${image.reason}`;
    case 'missing':
      return `The image is missing: ${image.reason}`;
  }
}

/** A member's boxes as annotated, and above them the one in hand. */
function withEdits(
  placed: PlacedBoxes | string,
  notes: RolloutNotes,
  group: GroupNotes,
  held: BoxInHand | null,
): PlacedBoxes | string {
  if (typeof placed === 'string') return placed;
  const { regions, truth } = editedBoxes(notes, group);
  if (held === null) return placeEdited(placed, { regions, truth });
  const moved = [[held.index, held.box] as const];
  return held.kind === 'region'
    ? placeEdited(placed, { regions: new Map([...regions, ...moved]), truth })
    : placeEdited(placed, { regions, truth: new Map([...truth, ...moved]) });
}

/** A total that a person set stands above all; a component that was set moves the recomputed total by its weight. */
function standingTotal(
  { components, total }: ComparedRollout,
  notes: RolloutNotes,
  profile: PreparedProfile,
): { readonly total: number | null; readonly set: boolean } {
  if (notes.total !== undefined) return { total: notes.total.value, set: true };
  const own = notes.components;
  if (own === undefined) return { total: total.scored.kind === 'value' ? total.scored.value : null, set: false };
  let set = false;
  let sum = 0;
  for (const [i, { name, column, scored }] of components.entries()) {
    const said = [name, column].find((known) => known !== null && Object.hasOwn(own, known));
    const value = said == null ? (scored.kind === 'value' ? scored.value : null) : (own[said]?.value ?? null);
    set ||= said != null;
    if (value === null) return { total: null, set };
    sum += (profile.components[i]?.weight ?? 0) * value;
  }
  return { total: sum, set };
}

/** A response that travelled only in part must not be scored as if it ended there. */
function tooLong({ components }: PreparedProfile): RolloutScore {
  const reason = 'The response is too long to be held here whole; Score All reads it.';
  const scored = { kind: 'missing', reason } as const;
  return { components: components.map(({ name, weight }) => ({ name, weight, scored })), total: scored };
}

function silence({ summary }: GroupDetail, here: number): string | null {
  if (summary.uncertain) return 'No advantages: the size of the group is doubtful.';
  return here < summary.size ? `No advantages: ${here} of ${summary.size} rollouts are here.` : null;
}

function same(a: RecomputedMember, b: RecomputedMember): boolean {
  return (Object.keys(b) as (keyof RecomputedMember)[]).every((name) => Object.is(a[name], b[name]));
}
