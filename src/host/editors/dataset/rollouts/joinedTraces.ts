import { UserError } from '../../../../core/text/userError';
import { ChannelError } from '../../../../protocol/channel';
import type { TraceOverrides } from '../../../../protocol/data';
import type { GroupOnImage, RolloutsOnSet, TraceOnImages } from '../../../../protocol/datasetRollouts';
import type { JoinedTrace, JoinProgress } from '../../../../protocol/imageSetRollouts';
import { messageOf } from '../../../failures';
import { shownName } from '../../../traceName';
import { type TraceBackend, TraceLink } from '../../../traces/traceLink';
import type { ImageSetLink } from '../imageSetLink';
import type { RememberedRollouts } from './rolloutsMemory';

/** What joined traces need of the editor around them. */
export interface JoinSurroundings {
  readonly backend: TraceBackend & {
    onJoining(listener: (progress: JoinProgress) => void): { dispose(): unknown };
  };
  overrides(trace: string): TraceOverrides;
  recall(): RememberedRollouts;
  remember(remembered: RememberedRollouts): void;
  bug(doing: string, error: unknown): void;
}

interface Joined {
  readonly id: number;
  readonly link: TraceLink;
  failure: string | null;
  found: JoinedTrace | null;
  format: string;
  /** Rows and responses as they were reported last. */
  rows: string;
}

const patient = { deadline: Number.POSITIVE_INFINITY };
/** Milliseconds after a trace grew until it is looked through again: a trainer writes a step's rows one by one. */
const rest = 500;

/**
 * Traces whose rollouts are shown on the images of one set: opened beside it in the data child, looked through again as they
 * grow, and remembered.
 */
export class JoinedTraces {
  private readonly joined = new Map<string, Joined>();
  private readonly listeners = new Set<(state: RolloutsOnSet) => void>();
  private readonly joining: { dispose(): unknown };
  private passes: number | null = null;
  private version = 0;
  private lastId = 0;
  private counts = { images: 0, uncompared: 0 };
  private search: RolloutsOnSet['search'] = null;
  private running: AbortController | null = null;
  private again = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private setId = -1;

  constructor(
    readonly set: string,
    private readonly link: ImageSetLink,
    private readonly around: JoinSurroundings,
  ) {
    this.joining = around.backend.onJoining(({ setId, ...search }) => {
      if (setId !== this.setId || this.running === null) return;
      this.search = search;
      this.tell();
    });
    const { traces, passes } = around.recall();
    if (traces.length > 0) this.show(traces, passes);
  }

  get state(): RolloutsOnSet {
    const traces = [...this.joined].map(([path, { id, failure, found, format }]): TraceOnImages => {
      return { trace: id, name: shownName(path), path, format, failure, found };
    });
    return { version: this.version, traces, ...this.counts, passes: this.passes, search: this.search };
  }

  get paths(): readonly string[] {
    return [...this.joined.keys()];
  }

  listen(listener: (state: RolloutsOnSet) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Shows the rollouts of these traces and no others, from now on and when the set is opened again. */
  choose(traces: readonly string[], passes: number | null): void {
    this.around.remember({ traces, passes });
    this.show(traces, passes);
  }

  /** Gives up looking; what was found before stays. */
  stop(): void {
    this.again = false;
    this.running?.abort();
  }

  /** Resolves once nothing is looked for. */
  settled(): Promise<void> {
    if (this.running === null) return Promise.resolve();
    return new Promise((resolve) => {
      const listening = this.listen(() => {
        if (this.running !== null) return;
        listening.dispose();
        resolve();
      });
    });
  }

  /** The set or a trace was opened anew: the data child knows of no join. */
  refresh(): void {
    if (this.joined.size === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), rest);
  }

  async on(index: number, signal: AbortSignal): Promise<readonly GroupOnImage[]> {
    if (this.joined.size === 0) return [];
    const groups = await this.link.ask('imageset/rolloutsOn', { index }, { signal });
    const ids = new Map([...this.joined.values()].map((one) => [one.found?.traceId, one.id]));
    return groups.flatMap(({ traceId, ...group }) => {
      const trace = ids.get(traceId);
      return trace === undefined ? [] : [{ ...group, trace }];
    });
  }

  /** The trace of a number that `state` gave. Throws `UserError`. */
  trace(id: number): TraceLink {
    const found = [...this.joined.values()].find((one) => one.id === id);
    if (found === undefined) throw new UserError('The trace is no longer shown on these images.');
    return found.link;
  }

  dispose(): void {
    clearTimeout(this.timer);
    // Who waits until nothing is looked for is told so yet.
    this.stop();
    this.joining.dispose();
    for (const path of this.paths) this.drop(path);
  }

  private show(traces: readonly string[], passes: number | null): void {
    this.passes = passes;
    for (const path of this.paths) if (!traces.includes(path)) this.drop(path);
    for (const path of traces) if (!this.joined.has(path)) this.add(path);
    this.look();
  }

  private add(path: string): void {
    const { backend, overrides } = this.around;
    const nothing = () => undefined;
    const link: TraceLink = new TraceLink(path, backend, () => overrides(path), {
      progress: ({ done, rollouts, measured, groups }) => {
        const rows = `${rollouts} ${groups}`;
        // Rows count once their responses are read: a group is told by all of its rows.
        if (!done || measured < rollouts || one.rows === rows) return;
        one.rows = rows;
        if (one.found !== null) this.refresh();
      },
      scored: nothing,
      searched: nothing,
      stale: nothing,
      lost: nothing,
      opened: (why) => {
        one.failure = null;
        link.ask('trace/watch', { visible: true }).catch(nothing);
        if (why !== 'first') this.refresh();
      },
      failed: (error) => this.fail(one, error),
    });
    const one: Joined = { id: ++this.lastId, link, failure: null, found: null, format: '', rows: '' };
    this.joined.set(path, one);
  }

  private drop(path: string): void {
    const one = this.joined.get(path);
    this.joined.delete(path);
    one?.link.close().catch((error: unknown) => this.around.bug(`closing ${path}`, error));
  }

  private fail(one: Joined, error: unknown): void {
    one.failure = messageOf(error);
    this.tell();
  }

  private look(): void {
    if (this.running !== null) {
      // The one under way may miss what is new.
      this.again = true;
      this.running.abort();
      return;
    }
    const running = new AbortController();
    this.running = running;
    this.search = { what: 'groups', done: 0, total: 0 };
    this.tell();
    this.join(running.signal)
      .catch((error: unknown) => {
        if (!running.signal.aborted) this.failed(error);
      })
      .finally(() => {
        this.running = null;
        this.search = null;
        const { again } = this;
        this.again = false;
        if (again) this.look();
        else this.tell();
      });
  }

  private async join(signal: AbortSignal): Promise<void> {
    this.setId = (await this.link.whenOpen()).setId;
    const all = [...this.joined.values()];
    const ids = await Promise.all(all.map((one) => idOf(one)));
    const traces = ids.filter((id) => id !== null);
    const found = await this.link.ask('imageset/rollouts', { traces, passes: this.passes }, { signal, ...patient });
    all.forEach((one, i) => {
      one.found = found.traces.find(({ traceId }) => traceId === ids[i]) ?? null;
      if (one.found !== null) one.failure = null;
    });
    this.counts = { images: found.images, uncompared: found.uncompared };
    this.version++;
  }

  /** Where the data child died, what it had open is opened again, and looked through then. */
  private failed(error: unknown): void {
    if (ChannelError.is(error) && error.code === 'disposed') return;
    if (!UserError.is(error)) this.around.bug(`joining rollouts with ${this.set}`, error);
    for (const one of this.joined.values()) if (one.found === null) one.failure ??= messageOf(error);
  }

  private tell(): void {
    const { state } = this;
    for (const listener of this.listeners) listener(state);
  }
}

/** Null for a trace that does not open; its link says why. */
async function idOf(one: Joined): Promise<number | null> {
  try {
    const { traceId, format } = await one.link.whenOpen();
    one.format = format;
    return traceId;
  } catch {
    return null;
  }
}
