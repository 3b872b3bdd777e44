import type { ExcludedCount, RolloutNotes, StepLabel } from '../../../src/core/annotation/annotation';
import type { EffectiveRollout } from '../../../src/core/annotation/effective';
import type { Ranking } from '../../../src/core/annotation/ranking';
import type { DrawnMask } from '../../../src/core/click/maskAnnotation';
import type { Box } from '../../../src/core/geometry/box';
import type { RewardComponent } from '../../../src/core/reward/component';
import type { JsonValue } from '../../../src/core/text/jsonValue';
import { NOTES_MEMBERS } from '../../../src/protocol/notes';
import type { ColumnInfo } from '../../../src/protocol/query';
import type { NotedGroup, NotesStore, WantedChange } from '../store/notes';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';
import { decimal, stepLabels } from '../words';
import { groupOutcome, type Outcome } from './outcome';

/** The selected rollout with what was said about it. */
export interface Noted {
  readonly group: number;
  readonly member: number;
  readonly noted: NotedGroup;
  readonly notes: RolloutNotes;
}

/** A box of the selected rollout, or of its group's ground truth, by its 0-based index. */
export interface BoxPlace {
  readonly kind: 'region' | 'truth';
  readonly index: number;
}

/** What the user may say about the selected rollout and its group, whatever control it is said with. */
export class NoteEdits {
  /** 0-based turn that keys label; null while none was gone to. */
  readonly turn = new Signal<number | null>(null);

  constructor(
    readonly session: Session,
    readonly store: NotesStore,
    private readonly columns: Signal<readonly ColumnInfo[]>,
  ) {
    const load = () => {
      const { place, summary } = session;
      if (place.value !== null) void store.load(place.value.group, summary?.size ?? 0);
    };
    let selected = '';
    session.place.on((place) => {
      const now = JSON.stringify(place);
      if (now !== selected) this.turn.set(null);
      selected = now;
      load();
    });
    session.detail.on(load);
  }

  /** Null until the notes of the selected group are there. */
  get current(): Noted | null {
    const place = this.session.place.value;
    const noted = place === null ? null : this.store.group(place.group);
    if (place === null || noted === null) return null;
    const notes = noted.rollouts[place.member];
    return notes === undefined ? null : { ...place, noted, notes };
  }

  /** Why the selected rollout cannot be annotated, or not yet; null where it can. */
  get trouble(): string | null {
    const place = this.session.place.value;
    if (place === null || this.current !== null) return null;
    if (this.store.group(place.group) !== null)
      return `Only the first ${NOTES_MEMBERS} rollouts of a group can be annotated.`;
    return this.store.trouble.value ?? 'Annotations of this group are still being read.';
  }

  /** Those the user named, else those of the run's config. */
  get components(): readonly RewardComponent[] {
    const named = this.session.state.value.components;
    if (named !== null) return named;
    return this.columns.value.flatMap(({ name, role, weight = null }) =>
      role === 'component' ? [{ name, weight }] : [],
    );
  }

  /** Rewards and advantages of the selected group as they stand; null while they are not known. */
  get outcome(): Outcome | null {
    const { summary, group, place } = this.session;
    if (summary === null || place.value === null) return null;
    const noted = this.store.group(place.value.group);
    const details = group?.rollouts;
    const { format } = this.session.welcome;
    // A filtered list's summary holds a part of the group; its details are whole.
    const context = { format, components: this.components, details };
    return groupOutcome(group?.summary ?? summary, noted, this.store.mayHide, context);
  }

  /** The selected rollout's own; null while it is not known or cannot be told. */
  get effective(): EffectiveRollout | null {
    const { outcome } = this;
    const member = this.session.place.value?.member ?? -1;
    return outcome?.kind === 'known' ? (outcome.rollouts[member] ?? null) : null;
  }

  /** Turns of the selected rollout that can be labelled. */
  get turns(): readonly number[] {
    const turns = this.session.rollout?.turns ?? [];
    return turns.flatMap(({ role, index }) => (role === 'assistant' ? [index] : []));
  }

  /** Goes to the next turn of the policy, or the one before; false where there is none. */
  stepTurn(direction: 1 | -1): boolean {
    const { turns } = this;
    if (turns.length === 0) return false;
    const at = turns.indexOf(this.turn.value ?? -1);
    const next = at < 0 ? (direction > 0 ? 0 : turns.length - 1) : at + direction;
    this.turn.set(turns[Math.min(turns.length - 1, Math.max(0, next))] ?? null);
    return true;
  }

  /** Of the turn gone to, or the first. Null unsets it, which is not 0. */
  label(label: StepLabel | null, turn = this.turn.value ?? this.turns[0]): void {
    if (turn === undefined) {
      this.session.say('This rollout has no turn of the policy to label.');
      return;
    }
    this.turn.set(turn);
    const what = label === null ? 'Unset the label of' : `Label ${stepLabels[label].number}:`;
    this.edit(`${what} turn ${turn + 1}`, [{ path: ['labels', String(turn)], value: label }]);
  }

  /**
   * The first error: this turn becomes −1, those before it +1 where nothing is said of them, and those behind it −1, or unset by
   * the user's setting. One edit, undone at once.
   */
  firstError(turn = this.turn.value ?? this.turns[0]): void {
    const { current } = this;
    if (turn === undefined || current === null) return;
    const later = current.noted.afterFirstError === 'unset' ? null : -1;
    const changes = this.turns.flatMap((other): Change[] => {
      const known = current.notes.labels?.[String(other)];
      if (other < turn && known !== undefined) return [];
      if (other > turn && later === null && known === undefined) return [];
      return [{ path: ['labels', String(other)], value: other < turn ? 1 : other === turn ? -1 : later }];
    });
    this.edit(`First error in turn ${turn + 1}`, changes);
  }

  setTotal(value: number | null): void {
    const what = value === null ? 'Logged reward again' : `Reward ${decimal(value)}`;
    this.edit(`${what}: ${this.name}`, [{ path: ['total'], value }]);
  }

  setComponent(name: string, value: number | null): void {
    const what = value === null ? `Logged ${name} again` : `${name} ${decimal(value)}`;
    this.edit(`${what}: ${this.name}`, [{ path: ['components', name], value }]);
  }

  /** Stored pixels of the original; null for the logged box again. */
  setBox({ kind, index }: BoxPlace, box: Box | null, label: string): void {
    const path = [kind === 'region' ? 'regions' : 'truth', String(index)] as const;
    this.edit(label, [{ path, value: box === null ? null : { ...box }, ofGroup: kind === 'truth' }]);
  }

  /** A mask of the group's image; null takes it away. */
  setMask(id: string, mask: DrawnMask | null, label: string): void {
    // Plain JSON: what it is made of is checked where it is read.
    const value = mask as unknown as JsonValue;
    this.edit(label, [{ path: ['masks', id], value, ofGroup: true }]);
  }

  setTags(tags: readonly string[]): void {
    this.edit(`Tag ${this.name}`, [{ path: ['tags'], value: tags.length === 0 ? null : [...tags] }]);
  }

  setGroupTags(tags: readonly string[]): void {
    const value = tags.length === 0 ? null : [...tags];
    this.edit('Tag the group', [{ path: ['tags'], value, ofGroup: true }]);
  }

  setRanking(ranking: Ranking, label: string): void {
    const value =
      ranking.length === 0 ? null : ranking.map((level) => (typeof level === 'string' ? level : [...level]));
    this.edit(label, [{ path: ['ranking'], value, ofGroup: true }]);
  }

  /** Why a turn is right or wrong; an empty text takes it away. */
  setStepRationale(turn: number, text: string): void {
    const value = text === '' ? null : text;
    this.edit(`Rationale of turn ${turn + 1}`, [{ path: ['stepRationales', String(turn)], value }]);
  }

  setRationale(text: string): void {
    this.edit(`Rationale of ${this.name}`, [{ path: ['rationale'], value: text === '' ? null : text }]);
  }

  toggleReviewed(): void {
    const reviewed = this.current?.notes.reviewed !== undefined;
    const what = reviewed ? 'Not reviewed' : 'Reviewed';
    this.edit(`${what}: ${this.name}`, [{ path: ['reviewed'], value: reviewed ? null : true }]);
  }

  /** Marks every rollout of the group, or takes the marks back where all have one; whether they are marked now. */
  toggleGroupReviewed(): boolean {
    const { current } = this;
    if (current === null) return false;
    const { rollouts } = current.noted;
    const open = rollouts.flatMap(({ reviewed }, member) => (reviewed === undefined ? [member] : []));
    const marked = open.length > 0;
    const members = marked ? open : [...rollouts.keys()];
    const changes = members.map((member): WantedChange => {
      return { member, path: ['reviewed'], value: marked ? true : null };
    });
    const label = marked ? 'Reviewed: the group' : 'Not reviewed: the group';
    void this.store.edit(current.group, label, changes);
    this.session.speak(label);
    return marked;
  }

  /** `statistics` is given once a group: what its mean and deviation are over from now on. */
  setExcluded(excluded: boolean, statistics?: ExcludedCount): void {
    const asked: Change[] =
      statistics === undefined ? [] : [{ path: ['statistics'], value: statistics, ofGroup: true }];
    const what = excluded ? 'Exclude' : 'Include';
    this.edit(`${what} ${this.name}`, [{ path: ['excluded'], value: excluded ? true : null }, ...asked]);
  }

  setStatistics(statistics: ExcludedCount): void {
    this.edit('Statistics of the group', [{ path: ['statistics'], value: statistics, ofGroup: true }]);
  }

  toggleGroupExcluded(): void {
    const excluded = this.current?.noted.notes.excluded !== undefined;
    const what = excluded ? 'Include the group' : 'Exclude the group';
    this.edit(what, [{ path: ['excluded'], value: excluded ? null : true, ofGroup: true }]);
  }

  private get name(): string {
    return `rollout ${(this.session.place.value?.member ?? 0) + 1}`;
  }

  private edit(label: string, changes: readonly Change[]): void {
    const { current } = this;
    if (this.session.lost.value) {
      this.session.say('Nothing can be edited until VS Code’s extension host answers again.');
      return;
    }
    if (current === null) {
      this.session.say(this.trouble ?? 'No rollout is selected.');
      return;
    }
    const wanted = changes.map(({ path, value, ofGroup = false }): WantedChange => {
      return { member: ofGroup ? null : current.member, path, value };
    });
    void this.store.edit(current.group, label, wanted);
    this.session.speak(label);
  }
}

interface Change {
  readonly path: WantedChange['path'];
  readonly value: JsonValue;
  readonly ofGroup?: boolean;
}
