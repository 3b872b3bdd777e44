import { Lru } from '../../../src/core/collections/lru';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import { isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';
import type { GroupRow } from './groupRows';

/** Rollouts asked for at once, and kept: more than a screen of pictures. */
const atOnce = 4;
const kept = 128;

/**
 * Rollouts of a large group beyond those that its details hold, read as they come into sight.
 */
export class FarRollouts {
  /** Rises when one has come. */
  readonly version = new Signal(0);
  private group = -1;
  private known = new Lru<number, Rollout>(kept);
  /** On their way, or refused once: not asked for again. */
  private asked = new Set<number>();
  private waiting: readonly GroupRow[] = [];
  private running = 0;

  constructor(private readonly session: Session) {}

  /** By member, the group's own details before what was read here. */
  of(group: number): readonly (Rollout | undefined)[] {
    const { members } = this.session;
    if (group !== this.group) return members;
    const all = members.slice();
    for (const member of this.known.keys()) all[member] ??= this.known.peek(member);
    return all;
  }

  /** These rows are in sight; those that were wanted before and are not any more are not read. */
  want(group: number, rows: readonly GroupRow[]): void {
    if (group !== this.group) {
      this.group = group;
      this.known = new Lru(kept);
      this.asked = new Set();
    }
    const { members } = this.session;
    this.waiting = rows.filter(
      ({ member }) => members[member] === undefined && this.known.get(member) === undefined && !this.asked.has(member),
    );
    while (this.running < atOnce && this.next()) this.running++;
  }

  /** Begins with the next one; false where none waits. */
  private next(): boolean {
    const [row, ...rest] = this.waiting;
    if (row === undefined) return false;
    this.waiting = rest;
    this.asked.add(row.member);
    void this.read(row, this.group).finally(() => {
      if (!this.next()) this.running--;
    });
    return true;
  }

  private async read({ member, row }: GroupRow, group: number): Promise<void> {
    try {
      const rollout = await this.session.host.call('trace/rollout', { row });
      if (group !== this.group) return;
      this.known.set(member, { ...rollout, prompt: '' });
      this.asked.delete(member);
      this.version.set(this.version.value + 1);
    } catch (error) {
      if (!isCancelled(error)) this.session.report(error);
    }
  }
}
