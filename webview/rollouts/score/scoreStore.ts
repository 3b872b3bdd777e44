import type { RolloutNotes } from '../../../src/core/annotation/annotation';
import { Lru } from '../../../src/core/collections/lru';
import { builtInProfiles, type ProfileList, type ScoringProfile } from '../../../src/core/reward/scoring/profile';
import { prepareProfile } from '../../../src/core/reward/scoring/scoreRollout';
import { trainerRule } from '../../../src/core/reward/trainerAdvantage';
import { toolRulesOf } from '../../../src/core/trajectory/tools/chooseRules';
import type { ScoreProgress } from '../../../src/protocol/score';
import { trainerOf } from '../../../src/protocol/trainerOf';
import type { FilterStore } from '../filter/filterStore';
import { effectiveChoices } from '../store/frames';
import { errorText, isCancelled } from '../store/host';
import type { NotedGroup } from '../store/notes';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';
import { count } from '../words';
import { GroupScorer, imageReason, type RecomputeContext, type RecomputedGroup } from './recompute';

const keptGroups = 200;

interface Edited {
  readonly profile: ScoringProfile;
  readonly said: readonly unknown[];
  readonly group: RecomputedGroup;
}

/** The chosen profile, what it makes of the selected group, and the pass over the whole trace. */
export class ScoreStore {
  readonly list = new Signal<ProfileList>({ profiles: builtInProfiles, problems: [] });
  /** Null while nothing runs. */
  readonly running = new Signal<ScoreProgress | null>(null);
  /** What the last pass came to, or why it failed; '' before one. */
  readonly outcome = new Signal('');
  private controller: AbortController | null = null;
  private scorer: { readonly of: readonly unknown[]; readonly scorer: GroupScorer } | null = null;
  /** Groups that were recomputed, the last ones. */
  private readonly edits = new Lru<number, Edited>(keptGroups);

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

  /** The selected group by the chosen profile, as people say it stands; null while either is not there. */
  get group(): RecomputedGroup | null {
    const { session, profile } = this;
    const detail = session.group;
    if (profile === null || detail === null) return null;
    const image = session.groupImage.value;
    const { frames, tool = null } = session.state.value;
    const { group } = detail.summary;
    const noted = session.notes.group(group);
    const scorer = this.scorerOf(group, [profile, detail, image, frames, tool], () => ({
      detail,
      frames: effectiveChoices(frames, detail.frames),
      image: detail.image.kind === 'resolved' && image !== null ? image : imageReason(detail.image),
      rulesOf: (rollout) => toolRulesOf(rollout, session.welcome.format, tool, detail.tool ?? null).rules,
      profile: prepareProfile(profile),
      rule: trainerRule(trainerOf(session.welcome.format)),
    }));
    const { notes, rollouts } = noted ?? { notes: {}, rollouts: [] };
    const made = scorer.recompute(session.members, { notes, rollouts, held: session.boxInHand.value });
    this.edits.set(group, { profile, said: saidOf(noted), group: made });
    return made;
  }

  /** A group as it was recomputed from edited boxes and rewards last; null where nothing was edited, or it changed since. */
  editedGroup(group: number): RecomputedGroup | null {
    const { session } = this;
    const noted = session.notes.group(group);
    const held = session.boxInHand.value !== null && session.place.value?.group === group;
    if (!held && !changesRewards(noted)) return null;
    if (session.place.value?.group === group) return this.group;
    const known = this.edits.get(group);
    const said = saidOf(noted);
    const stands = known?.profile === this.profile && known?.said.every((part, i) => part === said[i]);
    return stands ? known.group : null;
  }

  /** Something that rewards are made of was changed in the selected group. */
  get edited(): boolean {
    const place = this.session.place.value;
    if (place === null) return false;
    return this.session.boxInHand.value !== null || changesRewards(this.session.notes.group(place.group));
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

  /** Asks for a function of the user's own and scores the whole trace by it. */
  async scorePython(): Promise<void> {
    const { session } = this;
    if (this.controller !== null) return;
    const controller = new AbortController();
    this.controller = controller;
    this.outcome.set('');
    try {
      const options = { signal: controller.signal, deadline: Number.POSITIVE_INFINITY };
      const result = await session.host.call('score/python', {}, options);
      if (result === null) return this.end('');
      const { title, scored, totals, differing, missing, reason } = result;
      const without = missing === 0 ? '' : ` ${count(missing)} have none: ${reason ?? ''}`;
      this.end(
        `${title}: ${count(totals)} of ${count(scored)} totals; ${count(differing)} differ from the log.${without}`,
      );
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

  private scorerOf(group: number, parts: readonly unknown[], context: () => RecomputeContext): GroupScorer {
    const of = [group, ...parts];
    if (!this.scorer?.of.every((part, i) => part === of[i])) this.scorer = { of, scorer: new GroupScorer(context()) };
    return this.scorer.scorer;
  }

  private end(outcome: string): void {
    this.controller = null;
    this.running.set(null);
    this.outcome.set(outcome);
    this.session.speak(outcome);
  }
}

/** Whether people moved a box of the group or set a reward in it. */
function changesRewards(noted: NotedGroup | null): boolean {
  if (noted === null) return false;
  const said = ({ regions, components, total }: RolloutNotes) => regions ?? components ?? total;
  return noted.notes.truth !== undefined || noted.rollouts.some((notes) => said(notes) !== undefined);
}

/** What people say of a group: the same objects while nobody says anything else. */
function saidOf(noted: NotedGroup | null): readonly unknown[] {
  return noted === null ? [] : [noted.notes, ...noted.rollouts];
}
