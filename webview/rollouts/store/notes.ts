import {
  type AnnotationRecord,
  type Annotations,
  type GroupNotes,
  idOf,
  type RolloutNotes,
} from '../../../src/core/annotation/annotation';
import { type AnnotationDiff, applyDiff, memberAt, type NoteChange } from '../../../src/core/annotation/diff';
import type { Box } from '../../../src/core/geometry/box';
import type { JsonValue } from '../../../src/core/text/jsonValue';
import type { GroupAnnotations, NotedMember } from '../../../src/protocol/notes';
import { errorText, type Host, isCancelled } from './host';
import { Signal } from './signal';

/** A group with what was said about it and its rollouts. */
export interface NotedGroup {
  readonly key: string;
  readonly members: readonly NotedMember[];
  /** Every member is in `members`: group statistics can be told. */
  readonly whole: boolean;
  readonly notes: GroupNotes;
  /** By member. */
  readonly rollouts: readonly RolloutNotes[];
  readonly afterFirstError: GroupAnnotations['afterFirstError'];
}

/** A box that is being moved: of a member's regions, or of the ground truth. Stored pixels of the original. */
export interface BoxInHand {
  readonly kind: 'region' | 'truth';
  /** 0-based. */
  readonly index: number;
  readonly member: number;
  readonly box: Box;
}

/** A change as the user makes it: of the selected group, or of one of its members. */
export interface WantedChange {
  /** Null for the group itself. */
  readonly member: number | null;
  readonly path: NoteChange['path'];
  /** Null takes the note away. */
  readonly value: JsonValue;
}

/** Milliseconds for which the list must rest before notes of the groups it shows are asked for. */
const rest = 200;
const kept = 200;
const none = {};

/**
 * Annotations as the user should see them now: what the host confirmed, with the edits still on their way applied on top by
 * the code that the host runs too. A refused edit disappears from the picture, which is its roll-back.
 */
export class NotesStore {
  /** Rises with every change of anything here. */
  readonly version = new Signal(0);
  /** Why annotations cannot be had; null while they can. */
  readonly trouble = new Signal<string | null>(null);
  private readonly groups = new Map<number, GroupAnnotations>();
  private readonly shown = new Map<number, NotedGroup>();
  private readonly loading = new Map<number, Promise<void>>();
  /** Not asked for again by scrolling alone. */
  private readonly failed = new Set<number>();
  private confirmed: Annotations = new Map();
  private predicted: Annotations = this.confirmed;
  private pending: AnnotationDiff[] = [];
  private revision = 0;
  private annotated = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted: readonly number[] = [];

  constructor(
    private readonly host: Host,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Null until it was loaded. */
  group(group: number): NotedGroup | null {
    const known = this.shown.get(group);
    if (known !== undefined) return known;
    const loaded = this.groups.get(group);
    if (loaded === undefined) return null;
    const { key, members, size, afterFirstError } = loaded;
    const notes = (this.predicted.get(idOf({ kind: 'group', key }))?.notes ?? none) as GroupNotes;
    const rollouts = members.map(
      (member) => (this.predicted.get(idOf({ kind: 'rollout', key: member.key }))?.notes ?? none) as RolloutNotes,
    );
    const made: NotedGroup = { key, members, whole: members.length === size, notes, rollouts, afterFirstError };
    this.shown.set(group, made);
    return made;
  }

  /** True while a group that was not loaded may have notes. */
  get mayHide(): boolean {
    return this.annotated;
  }

  /** Asks for a group unless it is there with that many members. */
  async load(group: number, size: number): Promise<void> {
    const known = this.groups.get(group);
    if (known !== undefined && known.size >= size) return;
    const running = this.loading.get(group);
    if (running !== undefined) return running;
    const job = this.fetch(group).finally(() => this.loading.delete(group));
    this.loading.set(group, job);
    return job;
  }

  /** Groups on screen: where the trace has annotations, theirs are asked for once the list rests. */
  want(groups: readonly number[]): void {
    if (!this.annotated) return;
    this.wanted = groups.filter((group) => !this.groups.has(group) && !this.failed.has(group));
    clearTimeout(this.timer);
    if (this.wanted.length > 0) this.timer = setTimeout(() => void this.loadWanted(), rest);
  }

  /** Shows an edit at once and sends it. */
  async edit(group: number, label: string, wanted: readonly WantedChange[]): Promise<void> {
    const loaded = this.groups.get(group);
    if (loaded === undefined) return;
    const time = new Date().toISOString();
    const changes = wanted.flatMap(({ member, path, value }): NoteChange[] => {
      const place = member === null ? loaded : loaded.members[member];
      if (place === undefined) return [];
      const kind = member === null ? 'group' : 'rollout';
      const before = memberOf(this.predicted.get(idOf({ kind, key: place.key })), path);
      const after = value === null ? null : { author: loaded.author, time, value };
      return [{ kind, key: place.key, hints: place.hints, path, before, after }];
    });
    const diff = { label, changes };
    if (changes.length === 0) return;
    this.pending.push(diff);
    this.annotated = true;
    this.repaint();
    try {
      await this.host.call('notes/edit', { diff });
    } catch (error) {
      this.report(error);
    } finally {
      this.pending = this.pending.filter((other) => other !== diff);
      this.repaint();
    }
  }

  /** The host's word on what changed, from here, another view, undo or somebody else's hand. */
  changed(revision: number, records: readonly (readonly [string, AnnotationRecord | null])[] | null): void {
    this.revision = revision;
    this.annotated = this.annotated || records === null || records.length > 0;
    if (records === null) this.reload();
    else this.confirm(records);
    this.repaint();
  }

  /** Forgets what the host may have told while nobody listened. */
  reload(): void {
    this.failed.clear();
    const groups = [...this.groups.keys()];
    // What is shown stands until the answer comes: an edit made meanwhile still knows its records.
    for (const group of groups.slice(0, -8)) this.groups.delete(group);
    for (const group of groups.slice(-8)) void this.fetch(group);
  }

  /** One after the other, and none that was scrolled away meanwhile. */
  private async loadWanted(): Promise<void> {
    for (const group of this.wanted) if (this.wanted.includes(group)) await this.load(group, 0);
  }

  private async fetch(group: number): Promise<void> {
    try {
      let answer = await this.host.call('notes/group', { group }, { deadline: Number.POSITIVE_INFINITY });
      // Told before something that was heard of already.
      if (answer.revision < this.revision)
        answer = await this.host.call('notes/group', { group }, { deadline: Number.POSITIVE_INFINITY });
      this.groups.delete(group);
      this.groups.set(group, answer);
      for (const old of [...this.groups.keys()].slice(0, Math.max(0, this.groups.size - kept))) this.groups.delete(old);
      this.annotated = this.annotated || answer.annotated > 0;
      const ids = [
        idOf({ kind: 'group', key: answer.key }),
        ...answer.members.map(({ key }) => idOf({ kind: 'rollout', key })),
      ];
      const records = new Map(answer.records.map((record) => [idOf(record), record]));
      this.confirm(ids.map((id) => [id, records.get(id) ?? null]));
      this.trouble.set(null);
    } catch (error) {
      this.failed.add(group);
      if (!isCancelled(error)) this.trouble.set(errorText(error));
    }
    this.repaint();
  }

  private confirm(records: readonly (readonly [string, AnnotationRecord | null])[]): void {
    const next = new Map(this.confirmed);
    for (const [id, record] of records) {
      if (record === null) next.delete(id);
      else next.set(id, record);
    }
    this.confirmed = next;
  }

  private repaint(): void {
    this.predicted = this.pending.reduce<Annotations>(applyDiff, this.confirmed);
    this.shown.clear();
    this.version.set(this.version.value + 1);
  }
}

function memberOf(record: AnnotationRecord | undefined, path: NoteChange['path']): JsonValue {
  return record === undefined ? null : memberAt(record.notes, path);
}
