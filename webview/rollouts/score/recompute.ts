import type { Size } from '../../../src/core/geometry/box';
import type { FrameChoice } from '../../../src/core/geometry/frame';
import { groupAdvantages } from '../../../src/core/reward/advantage';
import { type ComparedRollout, compareLogged } from '../../../src/core/reward/scoring/compareLogged';
import { type EditedBoxes, placeEdited } from '../../../src/core/reward/scoring/editedBoxes';
import { placeBoxes } from '../../../src/core/reward/scoring/placeBoxes';
import { type PreparedProfile, type RolloutScore, scoreRollout } from '../../../src/core/reward/scoring/scoreRollout';
import type { GroupRule } from '../../../src/core/reward/trainerAdvantage';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import type { GroupDetail, ImageState } from '../../../src/protocol/data';

export interface RecomputedMember {
  /** 0-based place in its group. */
  readonly member: number;
  readonly row: number;
  readonly compared: ComparedRollout;
  /** Of the recomputed totals; null where there is none. */
  readonly advantage: number | null;
}

export interface RecomputedGroup {
  readonly members: readonly RecomputedMember[];
  /** Why there are no advantages, as a whole sentence; null where there are. */
  readonly silent: string | null;
}

export interface RecomputeInput {
  readonly detail: GroupDetail;
  /** By member, as far as they are there. */
  readonly rollouts: readonly (Rollout | undefined)[];
  readonly frames: readonly FrameChoice[];
  /** Stored size of the group's image, or why it is not to be had. */
  readonly image: Size | string;
  /** What was put elsewhere of a member's boxes. */
  readonly edited: (member: number) => EditedBoxes;
  readonly profile: PreparedProfile;
  readonly rule: GroupRule;
}

/** Recomputes the rewards of a group's rollouts and, where all of them are there, their advantages. */
export function recomputeGroup(input: RecomputeInput): RecomputedGroup {
  const { detail, rollouts, profile, rule } = input;
  const cut = new Set(detail.truncated.map(({ row }) => row));
  const members = [...rollouts.entries()].flatMap(([member, rollout]) => {
    if (rollout?.kind !== 'rollout') return [];
    const score = cut.has(rollout.row) ? tooLong(profile) : scoreOf(rollout, member, input);
    return [{ member, row: rollout.row, compared: compareLogged(rollout, score) }];
  });
  const here = rollouts.filter((rollout) => rollout !== undefined).length;
  const silent = silence(detail, here);
  const totals = members.map(({ compared: { total } }) => numberOf(total.scored) ?? Number.NaN);
  const advantages = silent === null ? groupAdvantages(totals, rule.estimator, rule.single) : [];
  return {
    members: members.map((member, i) => {
      const missing = numberOf(member.compared.total.scored) === null;
      return { ...member, advantage: missing ? null : (advantages[i] ?? null) };
    }),
    silent,
  };
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

function scoreOf(rollout: Rollout, member: number, { frames, image, profile, edited }: RecomputeInput): RolloutScore {
  const placed = placeBoxes(rollout, { frames, image });
  return scoreRollout(
    { rollout, placed: typeof placed === 'string' ? placed : placeEdited(placed, edited(member)) },
    profile,
  );
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

function numberOf(scored: RolloutScore['total']): number | null {
  return scored.kind === 'value' ? scored.value : null;
}
