import type { ComparedSample, CompareOther, TraceComparison } from '../../../src/protocol/compare';
import type { OverviewKind } from '../../../src/protocol/overview';
import { errorText, isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';
import type { OverviewStore } from './overviewStore';

/** First and last step, as the fields have them; null for all. */
export type Steps = readonly [number, number] | null;

/** What a comparison is between, and what came of it. */
export class CompareStore {
  readonly other = new Signal<CompareOther | null>(null);
  readonly result = new Signal<TraceComparison | null>(null);
  /** Why there is no result. */
  readonly trouble = new Signal('');
  readonly busy = new Signal(false);
  steps: Steps = null;
  otherSteps: Steps = null;
  column = 'reward';
  /** Null for the first that both sides hold. */
  kind: OverviewKind | null = null;
  private running: AbortController | null = null;

  constructor(
    readonly session: Session,
    readonly overview: OverviewStore,
  ) {
    overview.right.on(() => void this.run());
  }

  async choose(): Promise<void> {
    try {
      const options = { deadline: Number.POSITIVE_INFINITY };
      const other = await this.session.host.call('compare/choose', {}, options);
      if (other === null) return;
      this.session.guest.set(null);
      this.other.set(other);
      this.result.set(null);
      this.kind = null;
      // Two sides of one run differ by nothing but their steps: its first and its last.
      const [first, last] = [other.steps[0], other.steps.at(-1)];
      const both = other.same && first !== undefined && last !== undefined;
      this.steps = both ? [first, first] : null;
      this.otherSteps = both ? [last, last] : null;
      await this.run();
    } catch (error) {
      if (!isCancelled(error)) this.trouble.set(errorText(error));
    }
  }

  async run(): Promise<void> {
    if (this.other.value === null) return;
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    this.busy.set(true);
    this.trouble.set('');
    const { steps, otherSteps, column, kind } = this;
    const options = { signal: controller.signal, deadline: Number.POSITIVE_INFINITY };
    const right = this.overview.right.value;
    try {
      const result = await this.session.host.call('compare/run', { steps, otherSteps, column, right, kind }, options);
      if (this.running === controller) this.result.set(result);
    } catch (error) {
      if (this.running === controller && !isCancelled(error)) this.trouble.set(errorText(error));
    } finally {
      if (this.running === controller) this.busy.set(false);
    }
  }

  /** Selects the sample in this run and lays the other run's regions over its image. */
  async show({ a, b }: ComparedSample): Promise<void> {
    const { session } = this;
    const name = this.other.value?.name ?? '';
    session.select({ group: a.group, member: 0 });
    try {
      const detail = await session.host.call('compare/group', { group: b.group });
      session.guest.set({ group: a.group, name, detail });
    } catch (error) {
      session.report(error);
    }
  }
}
