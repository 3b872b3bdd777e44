import { type EditedBoxes, editedBoxes } from '../../../src/core/reward/scoring/editedBoxes';
import { builtInProfiles, type ProfileList, type ScoringProfile } from '../../../src/core/reward/scoring/profile';
import { prepareProfile } from '../../../src/core/reward/scoring/scoreRollout';
import { trainerRule } from '../../../src/core/reward/trainerAdvantage';
import type { ScoreProgress } from '../../../src/protocol/score';
import { trainerOf } from '../../../src/protocol/trainerOf';
import type { FilterStore } from '../filter/filterStore';
import { effectiveChoices } from '../store/frames';
import { errorText, isCancelled } from '../store/host';
import type { BoxInHand, NotedGroup } from '../store/notes';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';
import { count } from '../words';
import { imageReason, type RecomputedGroup, recomputeGroup } from './recompute';

/** The chosen profile, what it makes of the selected group, and the pass over the whole trace. */
export class ScoreStore {
  readonly list = new Signal<ProfileList>({ profiles: builtInProfiles, problems: [] });
  /** Null while nothing runs. */
  readonly running = new Signal<ScoreProgress | null>(null);
  /** What the last pass came to, or why it failed; '' before one. */
  readonly outcome = new Signal('');
  private controller: AbortController | null = null;
  private known: { readonly of: readonly unknown[]; readonly group: RecomputedGroup } | null = null;

  constructor(
    private readonly session: Session,
    private readonly filters: FilterStore,
  ) {
    session.host.on('score/progress', (progress) => {
      if (this.controller !== null) this.running.set(progress);
    });
  }

  /** Null while none is chosen, or the chosen one is gone. */
  get profile(): ScoringProfile | null {
    const { profile } = this.session.state.value;
    return this.list.value.profiles.find(({ id }) => id === profile) ?? null;
  }

  choose(id: string | null): void {
    this.outcome.set('');
    void this.session.perform({ kind: 'setProfile', profile: id });
  }

  /** Reads the user's own profiles anew. */
  async load(): Promise<void> {
    try {
      this.list.set(await this.session.host.call('score/profiles', {}));
    } catch (error) {
      this.session.report(error);
    }
  }

  /** The selected group by the chosen profile; null while either is not there. */
  get group(): RecomputedGroup | null {
    const { session, profile } = this;
    const detail = session.group;
    if (profile === null || detail === null) return null;
    const image = session.groupImage.value;
    const { frames } = session.state.value;
    const noted = session.notes.group(detail.summary.group);
    const held = session.boxInHand.value;
    const of = [profile, session.detail.value, image, frames, noted, held];
    if (this.known?.of.every((part, i) => part === of[i])) return this.known.group;
    const group = recomputeGroup({
      detail,
      rollouts: session.members,
      frames: effectiveChoices(frames, detail.frames),
      image: detail.image.kind === 'resolved' && image !== null ? image : imageReason(detail.image),
      edited: (member) => editedOf(noted, held, member),
      profile: prepareProfile(profile),
      rule: trainerRule(trainerOf(session.welcome.format)),
    });
    this.known = { of, group };
    return group;
  }

  /** Some box of the selected group was put elsewhere. */
  get edited(): boolean {
    const place = this.session.place.value;
    const noted = place === null ? null : this.session.notes.group(place.group);
    const moved = noted?.notes.truth !== undefined || noted?.rollouts.some(({ regions }) => regions !== undefined);
    return moved === true || this.session.boxInHand.value !== null;
  }

  /** Scores the whole trace; its numbers then are columns of the list. */
  async scoreAll(): Promise<void> {
    const { profile, session } = this;
    if (this.controller !== null) return;
    if (profile === null) {
      session.say('Choose a reward profile first.');
      return;
    }
    const controller = new AbortController();
    this.controller = controller;
    this.running.set({ done: 0, total: session.progress.value.rollouts });
    try {
      const options = { signal: controller.signal, deadline: Number.POSITIVE_INFINITY };
      const { scored, totals, differing } = await session.host.call('score/all', { profile: profile.id }, options);
      this.end(`${count(differing)} of ${count(scored)} rollouts differ; ${count(totals)} totals were recomputed.`);
      await this.filters.loadColumns();
    } catch (error) {
      this.end(isCancelled(error) ? 'Stopped: nothing was kept.' : errorText(error));
    }
  }

  /** Stops the pass; false when none runs. */
  cancel(): boolean {
    this.controller?.abort();
    return this.controller !== null;
  }

  private end(outcome: string): void {
    this.controller = null;
    this.running.set(null);
    this.outcome.set(outcome);
    this.session.speak(outcome);
  }
}

/** A member's boxes as annotated, and above them the one in hand. */
function editedOf(noted: NotedGroup | null, held: BoxInHand | null, member: number): EditedBoxes {
  const { regions, truth } = editedBoxes(noted?.rollouts[member] ?? {}, noted?.notes ?? {});
  if (held === null || (held.kind === 'region' && held.member !== member)) return { regions, truth };
  const moved = [[held.index, held.box] as const];
  return held.kind === 'region'
    ? { regions: new Map([...regions, ...moved]), truth }
    : { regions, truth: new Map([...truth, ...moved]) };
}
