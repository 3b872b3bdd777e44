import { basename } from 'node:path';
import { Lru } from '../../core/collections/lru';
import { applyIntent, type RolloutsIntent, type RolloutsState } from '../../core/document/rolloutsState';
import type { GroupDetail, ImageState, TraceOverrides, TraceProgress } from '../../protocol/data';
import type { RolloutsHostEvents, RolloutsWelcome } from '../../protocol/rollouts';
import type { Opening } from './dataLink';
import { ProgressRelay } from './progressRelay';
import { type TraceBackend, TraceLink } from './traceLink';
import type { Remembered } from './traceMemory';
import { traceOverrides } from './traceOverrides';

/** What a session needs from the editor around it. */
export interface TraceSurroundings {
  readonly backend: TraceBackend;
  /** Settings that apply to this trace, as they are now. */
  settings(): TraceOverrides;
  recall(): Remembered;
  remember(remembered: Remembered): void;
  /** The data child died over this trace more than once; only the user can start it again. */
  gaveUp(message: string): void;
  bug(doing: string, error: unknown): void;
}

/** Milliseconds that a group's texts wait for its image. */
const imagePatience = 250;

/** One editor on a session. */
export interface TraceView {
  emit<K extends keyof RolloutsHostEvents>(name: K, payload: RolloutsHostEvents[K]): void;
  /** The trace did not open: there is nothing to show but the reason. */
  failed(error: unknown): void;
  /** The trace opened after it had failed to. */
  recovered(): void;
}

export interface GroupImage {
  readonly key: string;
  readonly state: ImageState;
}

/**
 * A trace that is open in this window, whatever the number of editors on it: the truth of what the user set, the scan's
 * progress, and the link to the data child.
 */
export class TraceSession {
  readonly link: TraceLink;
  private readonly views = new Set<TraceView>();
  private readonly visible = new Set<TraceView>();
  private readonly relay = new ProgressRelay((progress) => this.emit('trace/progress', progress));
  private readonly images = new Lru<number, GroupImage>(512);
  private failure: { readonly error: unknown } | null = null;
  private shown = false;
  /** Counts how often images and frames were decided anew. */
  private generation = 0;
  private current: RolloutsState;

  constructor(
    readonly path: string,
    private readonly around: TraceSurroundings,
  ) {
    const { frames, components, unsplit, profile, tool } = around.recall();
    const chosen = { ...(profile === null ? {} : { profile }), ...(tool === null ? {} : { tool }) };
    this.current = { revision: 0, frames, components, unsplit, ...chosen };
    this.link = new TraceLink(path, around.backend, () => this.overrides(), {
      progress: (progress) => this.relay.take(progress),
      scored: (progress) => this.emit('score/progress', progress),
      searched: (progress) => this.emit('filter/progress', progress),
      stale: () => this.stale(),
      lost: (message, gaveUp) => this.lost(message, gaveUp),
      opened: (why) => this.opened(why),
      failed: (error) => this.failed(error),
    });
  }

  get name(): string {
    return basename(this.path);
  }

  get state(): RolloutsState {
    return this.current;
  }

  /** Counts so far, with the sizes of all groups; null before the first report. */
  get progress(): TraceProgress | null {
    return this.relay.whole();
  }

  /** Why there is nothing to show; null while the trace opens or is open. */
  get openFailure(): { readonly error: unknown } | null {
    return this.failure;
  }

  watch(view: TraceView): { dispose(): void } {
    this.views.add(view);
    return {
      dispose: () => {
        this.views.delete(view);
        this.show(view, false);
      },
    };
  }

  /** An editor came in front or went behind: a trace that somebody sees is looked at for growth more often. */
  show(view: TraceView, visible: boolean): void {
    const before = this.visible.size > 0;
    if (visible) this.visible.add(view);
    else this.visible.delete(view);
    if (this.visible.size > 0 !== before) this.lookForGrowth();
  }

  async welcome(extras: { readonly samples: boolean; readonly testHook: boolean }): Promise<RolloutsWelcome> {
    const { traceId, format, formatTitle, reason, bytes } = await this.link.whenOpen();
    const none: TraceProgress = {
      traceId,
      done: false,
      bytesRead: 0,
      bytesTotal: bytes,
      rollouts: 0,
      samples: 0,
      measured: 0,
      groups: 0,
      problems: 0,
      sizesFrom: 0,
      sizes: new Uint32Array(0),
    };
    return {
      name: this.name,
      format,
      formatTitle,
      reason,
      state: this.current,
      progress: this.progress ?? none,
      ...extras,
    };
  }

  async group(group: number, signal: AbortSignal): Promise<GroupDetail> {
    const asked = this.generation;
    // A dataset may take seconds to read: texts do not wait for the image.
    const detail = await this.link.ask('trace/group', { group, patience: imagePatience }, { signal });
    if (detail.image.kind === 'pending') return detail;
    // An answer that was under way while images were decided anew may tell what was true before.
    if (asked === this.generation) this.images.set(group, { key: detail.summary.key, state: detail.image });
    return detail;
  }

  async imageOf(group: number, signal: AbortSignal): Promise<GroupImage> {
    const known = this.images.get(group);
    if (known !== undefined) return known;
    const asked = this.generation;
    const detail = await this.link.ask('trace/group', { group }, { signal, deadline: Number.POSITIVE_INFINITY });
    if (asked === this.generation) this.images.set(group, { key: detail.summary.key, state: detail.image });
    return { key: detail.summary.key, state: detail.image };
  }

  /** The truth of an intent: applied, remembered, told to every editor, handed to the data child. */
  async apply(intent: RolloutsIntent): Promise<RolloutsState> {
    const state = { ...applyIntent(this.current, intent), revision: this.current.revision + 1 };
    this.current = state;
    const { frames, components, unsplit, profile = null, tool = null } = state;
    this.around.remember({ ...this.around.recall(), frames, components, unsplit, profile, tool });
    this.emit('state/changed', state);
    if (intent.kind === 'setSplits') await this.readAnew();
    else if (intent.kind !== 'setProfile') await this.pushOverrides();
    return state;
  }

  /** Changes what the user said about where images are. */
  async mend(change: (before: Remembered) => Remembered): Promise<void> {
    this.around.remember(change(this.around.recall()));
    await this.pushOverrides();
  }

  /** Also called when settings changed or the workspace became trusted. */
  async pushOverrides(): Promise<void> {
    await this.link.ask('trace/override', { overrides: this.overrides() }, { deadline: Number.POSITIVE_INFINITY });
    this.stale();
  }

  /** What a scan makes of every row changes: the trace is opened again, and shown again once it is read as far as before. */
  private async readAnew(): Promise<void> {
    this.relay.restart({ hold: true });
    await this.link.reopen();
  }

  dispose(): void {
    this.views.clear();
    this.visible.clear();
    this.relay.dispose();
    this.link.close().catch((error: unknown) => this.around.bug(`closing ${this.path}`, error));
  }

  private overrides(): TraceOverrides {
    return traceOverrides(this.around.settings(), this.around.recall());
  }

  /** Also after the trace was opened again. One that does not open is not watched; who opened it is told why. */
  private lookForGrowth(): void {
    this.link.ask('trace/watch', { visible: this.visible.size > 0 }).catch(() => undefined);
  }

  private stale(): void {
    this.generation++;
    this.images.clear();
    this.emit('groups/stale', {});
  }

  private lost(message: string, gaveUp: boolean): void {
    this.relay.restart({ hold: true });
    if (gaveUp) this.around.gaveUp(message);
    if (gaveUp && !this.shown) this.failed(new Error(message));
    else this.emit('editor/failure', { message, fatal: gaveUp });
  }

  private opened(why: Opening): void {
    const failedBefore = this.failure !== null;
    this.failure = null;
    this.shown = true;
    this.relay.release();
    this.lookForGrowth();
    if (failedBefore) for (const view of this.views) view.recovered();
    else if (why !== 'first') {
      if (why === 'lost') this.emit('editor/failure', { message: 'The trace was opened again.', fatal: false });
      this.stale();
    }
  }

  private failed(error: unknown): void {
    this.failure = { error };
    for (const view of this.views) view.failed(error);
  }

  private emit<K extends keyof RolloutsHostEvents>(name: K, payload: RolloutsHostEvents[K]): void {
    for (const view of this.views) view.emit(name, payload);
  }
}
