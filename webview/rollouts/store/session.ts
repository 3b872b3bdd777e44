import type { RolloutsIntent, RolloutsState } from '../../../src/core/document/rolloutsState';
import type { Size } from '../../../src/core/geometry/box';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import type { GroupDetail, GroupSummary, TraceInfo, TraceProgress } from '../../../src/protocol/data';
import type { RolloutsWelcome } from '../../../src/protocol/rollouts';
import { Pictures } from '../picture/pictures';
import type { HeatKind } from '../turns/tokenHeat';
import { Details } from './details';
import { GroupLayout, type ListPlace } from './groupLayout';
import { GroupPages } from './groupPages';
import { errorText, type Host, isCancelled } from './host';
import { PredictedState } from './predicted';
import { Signal } from './signal';
import type { ViewState } from './viewState';

/** What is known of the selected group. `summary` is shown while its details are on their way. */
export type DetailState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly group: number; readonly summary: GroupSummary | null }
  | { readonly kind: 'ready'; readonly group: number; readonly detail: GroupDetail }
  | { readonly kind: 'failed'; readonly group: number; readonly message: string };

/** Everything the panes share: data on loan from the host, and what the user chose. Panes listen and paint. */
export class Session {
  readonly layout = new GroupLayout();
  readonly pages: GroupPages;
  readonly details: Details;
  readonly pictures: Pictures;
  readonly predicted: PredictedState;

  /** The selected rollout; `member` is never −1. */
  readonly place = new Signal<ListPlace | null>(null);
  readonly detail = new Signal<DetailState>({ kind: 'none' });
  readonly progress: Signal<TraceProgress>;
  readonly state: Signal<RolloutsState>;
  readonly info = new Signal<TraceInfo | null>(null);
  /** Ids of `Mark`s. */
  readonly hover = new Signal<string | null>(null);
  readonly region = new Signal<string | null>(null);
  readonly siblings: Signal<ReadonlySet<number>>;
  readonly truth: Signal<boolean>;
  readonly taskBoxes: Signal<boolean>;
  /** What tokens are coloured by in the raw text. */
  readonly heat = new Signal<HeatKind | null>(null);
  readonly failure = new Signal<{ readonly message: string; readonly fatal: boolean } | null>(null);
  /** The user asked to take the host's word anew. */
  readonly reload = new Signal(0);
  /** Last words for the status line, read out politely; `shown` where nothing else on screen says so. */
  readonly message = new Signal({ text: '', shown: false });
  /** Group summaries or sizes changed: the list repaints. */
  readonly listVersion = new Signal(0);
  /** Stored size of the selected group's image; null while it is not known. */
  readonly imageSize = new Signal<Size | null>(null);
  /** Longer side that previews are asked for in; the picture pane keeps it. */
  previewSide = 1536;
  private loadingInfo = false;

  constructor(
    readonly host: Host,
    readonly welcome: RolloutsWelcome,
    view: ViewState,
  ) {
    this.progress = new Signal(welcome.progress);
    this.state = new Signal(welcome.state);
    this.siblings = new Signal<ReadonlySet<number>>(new Set(view.siblings));
    this.truth = new Signal(view.truth);
    this.taskBoxes = new Signal(view.taskBoxes);
    const sizeOf = (group: number) => this.layout.size(group);
    const repaint = () => this.listVersion.set(this.listVersion.value + 1);
    this.pages = new GroupPages({
      fetch: (start, count, signal) => host.call('trace/groups', { start, count }, { signal }),
      sizeOf,
      onChange: repaint,
      onError: (error) => this.report(error),
    });
    this.details = new Details({ fetch: (group, signal) => host.call('trace/group', { group }, { signal }), sizeOf });
    this.pictures = new Pictures({
      preview: (group, maxSide, signal) => host.call('image/preview', { group, maxSide }, { signal }),
      region: (group, box, maxSide, signal) => host.call('image/region', { group, box, maxSide }, { signal }),
    });
    this.predicted = new PredictedState(
      welcome.state,
      (intent) => host.call('editor/intent', { intent }),
      (state) => this.state.set(state),
    );
    this.grow(welcome.progress);
  }

  /** The selected rollout, once its details are there. */
  get rollout(): Rollout | null {
    const detail = this.detail.value;
    const place = this.place.value;
    if (detail.kind !== 'ready' || place === null) return null;
    return detail.detail.rollouts[place.member] ?? null;
  }

  get group(): GroupDetail | null {
    return this.detail.value.kind === 'ready' ? this.detail.value.detail : null;
  }

  /** What is known of the selected group at least. */
  get summary(): GroupSummary | null {
    const detail = this.detail.value;
    if (detail.kind === 'ready') return detail.detail.summary;
    return detail.kind === 'loading' ? detail.summary : null;
  }

  /** Takes news of the scan. The selected group is asked for again when it grew. */
  grow(progress: TraceProgress): void {
    this.layout.update(progress.sizesFrom, progress.sizes);
    this.progress.set(progress);
    this.listVersion.set(this.listVersion.value + 1);
    const place = this.place.value;
    if (place !== null && this.details.needs(place.group)) this.refresh(place.group);
  }

  select(place: ListPlace): void {
    const now = this.place.value;
    const member = Math.max(0, Math.min(place.member, this.layout.listed(place.group) - 1));
    if (now?.group === place.group && now.member === member) return;
    this.hover.set(null);
    this.region.set(null);
    this.place.set({ group: place.group, member });
    if (now?.group !== place.group) this.enter(place.group);
  }

  /** Host's word that image states or frames changed. */
  invalidate(): void {
    this.details.invalidate();
    this.pages.invalidate();
    this.listVersion.set(this.listVersion.value + 1);
    const place = this.place.value;
    if (place !== null) this.refresh(place.group);
    if (this.info.value !== null) void this.loadInfo();
  }

  /** Asks for the facts about the whole trace unless they are on their way. */
  async loadInfoOnce(): Promise<void> {
    if (!this.loadingInfo) await this.loadInfo();
  }

  async loadInfo(): Promise<void> {
    this.loadingInfo = true;
    try {
      this.info.set(await this.host.call('trace/info', {}, { deadline: Number.POSITIVE_INFINITY }));
    } catch (error) {
      this.report(error);
    } finally {
      this.loadingInfo = false;
    }
  }

  /** Applies at once; a refusal rolls back and is said in the status line. */
  async perform(intent: RolloutsIntent): Promise<void> {
    try {
      await this.predicted.perform(intent);
    } catch (error) {
      this.report(error);
    }
  }

  /** Says something on screen and to screen readers. */
  say(text: string): void {
    this.message.set({ text, shown: true });
  }

  /** For screen readers alone: the screen shows it already. */
  speak(text: string): void {
    this.message.set({ text, shown: false });
  }

  report(error: unknown): void {
    if (!isCancelled(error)) this.say(errorText(error));
  }

  private enter(group: number): void {
    const neighbours = [group, group + 1, group - 1];
    this.details.keepOnly(neighbours);
    this.pictures.keepOnly(neighbours);
    const known = this.details.get(group);
    this.detail.set(
      known === null
        ? { kind: 'loading', group, summary: this.pages.get(group) }
        : { kind: 'ready', group, detail: known },
    );
    if (this.details.needs(group)) this.refresh(group);
    else this.prefetch(group);
  }

  private refresh(group: number): void {
    this.details.load(group).then(
      (detail) => {
        this.pictures.confirm(group, JSON.stringify(detail.image));
        if (this.place.value?.group !== group) return;
        this.detail.set({ kind: 'ready', group, detail });
        this.prefetch(group);
      },
      (error: unknown) => {
        if (isCancelled(error) || this.place.value?.group !== group) return;
        this.detail.set({ kind: 'failed', group, message: errorText(error) });
      },
    );
  }

  /** The next and the previous group, so that stepping there waits for nothing. */
  private prefetch(group: number): void {
    for (const other of [group + 1, group - 1]) {
      if (other < 0 || other >= this.layout.count) continue;
      // A failed prefetch is no news: going there asks again and then says what is wrong.
      if (this.details.needs(other))
        this.details.load(other).then(
          (detail) => this.pictures.confirm(other, JSON.stringify(detail.image)),
          () => undefined,
        );
    }
  }
}
