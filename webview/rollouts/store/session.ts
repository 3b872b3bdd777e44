import type { RolloutsIntent, RolloutsState } from '../../../src/core/document/rolloutsState';
import type { Size } from '../../../src/core/geometry/box';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import {
  GROUP_PAGE,
  type GroupDetail,
  type GroupSummary,
  type RolloutSummary,
  type TraceInfo,
  type TraceProgress,
} from '../../../src/protocol/data';
import type { RolloutsWelcome } from '../../../src/protocol/rollouts';
import { Pictures } from '../picture/pictures';
import { Views } from '../picture/views';
import type { HeatKind } from '../turns/tokenHeat';
import { Details } from './details';
import type { GroupLayout, ListPlace } from './groupLayout';
import { errorText, type Host, isCancelled } from './host';
import type { FoundView, Listing, Selection } from './listing';
import { Listings } from './listings';
import { type BoxInHand, NotesStore } from './notes';
import { PredictedState } from './predicted';
import { Signal } from './signal';
import type { ViewState } from './viewState';

/** What is known of the selected group. `summary` is shown while its details are on their way. */
export type DetailState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly group: number; readonly summary: GroupSummary | null }
  | { readonly kind: 'ready'; readonly group: number; readonly detail: GroupDetail }
  | { readonly kind: 'failed'; readonly group: number; readonly message: string };

/** Rollouts of another run on the image of one of this run's groups. */
export interface Guest {
  readonly group: number;
  /** The other run's. */
  readonly name: string;
  readonly detail: GroupDetail;
}

/** Everything the panes share: data on loan from the host, and what the user chose. Panes listen and paint. */
export class Session {
  readonly lists: Listings;
  /** What the list shows. */
  readonly listing: Signal<Listing>;
  /** Group summaries or sizes changed: the list repaints. */
  readonly listVersion: Signal<number>;
  readonly details: Details;
  readonly pictures: Pictures;
  readonly views: Views;
  readonly predicted: PredictedState;
  readonly notes: NotesStore;

  /** The selected rollout, which a list that is filtered may not hold. */
  readonly place = new Signal<Selection | null>(null);
  readonly detail = new Signal<DetailState>({ kind: 'none' });
  readonly progress: Signal<TraceProgress>;
  readonly state: Signal<RolloutsState>;
  readonly info = new Signal<TraceInfo | null>(null);
  /** Ids of `Mark`s. */
  readonly hover = new Signal<string | null>(null);
  readonly region = new Signal<string | null>(null);
  readonly boxInHand = new Signal<BoxInHand | null>(null);
  /** Which of what the rollout saw is on show; 0 is the first. */
  readonly look = new Signal(0);
  /** The replay of what the policy saw is open beside the picture. */
  readonly chain: Signal<boolean>;
  /** Boxes of calls are also drawn as the policy meant them, where the tool cut otherwise. */
  readonly meant: Signal<boolean>;
  readonly siblings: Signal<ReadonlySet<number>>;
  readonly truth: Signal<boolean>;
  readonly taskBoxes: Signal<boolean>;
  /** Another run's rollouts, laid over the image of the group that asked the same. */
  readonly guest = new Signal<Guest | null>(null);
  /** What tokens are coloured by in the raw text. */
  readonly heat = new Signal<HeatKind | null>(null);
  readonly failure = new Signal<{ readonly message: string; readonly fatal: boolean } | null>(null);
  /** The host does not answer: nothing that is edited would be kept. */
  readonly lost = new Signal(false);
  /** The user asked to take the host's word anew. */
  readonly reload = new Signal(0);
  /** Last words for the status line, read out politely; `shown` where nothing else on screen says so. */
  readonly message = new Signal({ text: '', shown: false });
  /** Stored size of the picture on show: the selected group's image, or the screen of a turn; null while it is not known. */
  readonly imageSize = new Signal<Size | null>(null);
  /** Stored size of the selected group's image; null while it is not known. */
  readonly groupImage = new Signal<Size | null>(null);
  /** Longer side that previews are asked for in; the picture pane keeps it. */
  previewSide = 1536;
  /** A row of the list to select once it is known which rollout it is. */
  private wanted: ListPlace | null = null;
  /** The selected rollout where it is beyond the page that its group's details hold. */
  private beyond: Rollout | null = null;
  private loadingInfo = false;

  constructor(
    readonly host: Host,
    readonly welcome: RolloutsWelcome,
    view: ViewState,
  ) {
    this.progress = new Signal(welcome.progress);
    this.state = new Signal(welcome.state);
    this.siblings = new Signal<ReadonlySet<number>>(new Set(view.siblings));
    this.chain = new Signal(view.chain);
    this.meant = new Signal(view.meant);
    this.truth = new Signal(view.truth);
    this.taskBoxes = new Signal(view.taskBoxes);
    this.lists = new Listings(host, (error) => this.report(error));
    this.listing = this.lists.shown;
    this.listVersion = this.lists.version;
    this.listVersion.on(() => {
      if (this.wanted !== null && this.listing.value.rollout(this.wanted) !== null) this.choose(this.wanted);
    });
    this.details = new Details({
      fetch: (group, signal) => host.call('trace/group', { group }, { signal }),
      sizeOf: this.lists.sizeOf,
    });
    this.pictures = new Pictures({
      preview: (group, maxSide, signal) => host.call('image/preview', { group, maxSide }, { signal }),
      region: (group, box, maxSide, signal) => host.call('image/region', { group, box, maxSide }, { signal }),
    });
    this.views = new Views((request, signal) => host.call('image/view', request, { signal }));
    this.predicted = new PredictedState(
      welcome.state,
      (intent) => host.call('editor/intent', { intent }),
      (state) => this.state.set(state),
    );
    this.notes = new NotesStore(host, (error) => this.report(error));
    this.grow(welcome.progress);
  }

  /** Where the rows of the list stand. */
  get layout(): GroupLayout {
    return this.listing.value.layout;
  }

  /** The selected rollout, once its details are there. */
  get rollout(): Rollout | null {
    const place = this.place.value;
    return place === null ? null : (this.members[place.member] ?? null);
  }

  /** Rollouts of the selected group by member, as far as they are there: its first page, and the selected one. */
  get members(): readonly (Rollout | undefined)[] {
    const detail = this.detail.value;
    const place = this.place.value;
    if (detail.kind !== 'ready' || place === null) return [];
    const { rollouts } = detail.detail;
    if (this.beyond === null || place.member < rollouts.length) return rollouts;
    return Object.assign(rollouts.slice(), { [place.member]: this.beyond });
  }

  get group(): GroupDetail | null {
    return this.detail.value.kind === 'ready' ? this.detail.value.detail : null;
  }

  /** What is known of the selected group at least. Its rollouts are found by `member`: a filtered list has some of them. */
  get summary(): GroupSummary | null {
    const detail = this.detail.value;
    if (detail.kind === 'ready') return detail.detail.summary;
    return detail.kind === 'loading' ? detail.summary : null;
  }

  /** What is known of the selected rollout before its text is there. */
  get selected(): RolloutSummary | null {
    const place = this.place.value;
    if (place === null) return null;
    const known = this.summary?.rollouts.find(({ member }) => member === place.member);
    if (known !== undefined) return known;
    const row = this.listing.value.placeOf(place);
    return row === null || row === 'unknown' ? null : this.listing.value.rollout(row);
  }

  /** Ids of the groups below and above the selected one in the list. */
  get neighbours(): readonly number[] {
    const place = this.place.value;
    const listing = this.listing.value;
    const slot = place === null ? -1 : listing.slotOf(place.group);
    if (slot < 0) return [];
    return [slot + 1, slot - 1]
      .filter((other) => other >= 0 && other < listing.layout.count)
      .map((s) => listing.idAt(s));
  }

  /** Takes news of the scan. The selected group is asked for again when it grew. */
  grow(progress: TraceProgress): void {
    this.lists.grow(progress);
    this.progress.set(progress);
    const place = this.place.value;
    if (place !== null && this.details.needs(place.group)) this.refresh(place.group);
  }

  /** Shows what a query found; null for everything as the file has it. The selection stays, listed or not. */
  show(found: FoundView | null): void {
    this.wanted = null;
    this.lists.show(found);
  }

  /** Selects the rollout in a row of the list, at once or as soon as it is known which one it is. */
  choose(row: ListPlace): void {
    const listing = this.listing.value;
    const known = listing.rollout(row);
    this.wanted = null;
    if (known !== null) this.select({ group: listing.idAt(row.slot), member: known.member }, known.row);
    else if (listing.found === null && row.index < GROUP_PAGE) this.select({ group: row.slot, member: row.index });
    else {
      this.wanted = row;
      listing.want(row.slot, row.slot + 1);
      listing.wantMembers(row.slot, row.index, row.index + 1);
    }
  }

  /** `row` is the rollout's row in the trace, needed where the first page of its group does not hold it. */
  select(place: Selection, row: number | null = null): void {
    const now = this.place.value;
    if (now?.group === place.group && now.member === place.member) return;
    this.hover.set(null);
    this.region.set(null);
    this.beyond = null;
    this.look.set(0);
    this.place.set({ group: place.group, member: place.member });
    if (now?.group !== place.group) this.enter(place.group);
    if (place.member >= GROUP_PAGE && row !== null) void this.loadBeyond(row);
  }

  /** Host's word that image states or frames changed. */
  invalidate(): void {
    this.details.invalidate();
    this.views.clear();
    this.lists.invalidate();
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

  private async loadBeyond(row: number): Promise<void> {
    const asked = this.place.value;
    try {
      const rollout = await this.host.call('trace/rollout', { row });
      if (this.place.value !== asked) return;
      this.beyond = rollout;
      // Who shows the selected rollout listens to its group's details.
      const { detail } = this;
      if (detail.value.kind === 'ready') detail.set({ ...detail.value });
    } catch (error) {
      this.report(error);
    }
  }

  private enter(group: number): void {
    const near = [group, ...this.neighbours];
    this.details.keepOnly(near);
    this.pictures.keepOnly(near);
    const known = this.details.get(group);
    const listing = this.listing.value;
    this.detail.set(
      known === null
        ? { kind: 'loading', group, summary: listing.summary(listing.slotOf(group)) }
        : { kind: 'ready', group, detail: known },
    );
    if (this.details.needs(group)) this.refresh(group);
    else this.prefetch();
  }

  private refresh(group: number): void {
    this.details.load(group).then(
      (detail) => {
        this.pictures.confirm(group, JSON.stringify(detail.image));
        if (this.place.value?.group !== group) return;
        this.detail.set({ kind: 'ready', group, detail });
        this.prefetch();
      },
      (error: unknown) => {
        if (isCancelled(error) || this.place.value?.group !== group) return;
        this.detail.set({ kind: 'failed', group, message: errorText(error) });
      },
    );
  }

  /** The next and the previous group, so that stepping there waits for nothing. */
  private prefetch(): void {
    for (const other of this.neighbours) {
      // A failed prefetch is no news: going there asks again and then says what is wrong.
      if (this.details.needs(other))
        this.details.load(other).then(
          (detail) => this.pictures.confirm(other, JSON.stringify(detail.image)),
          () => undefined,
        );
    }
  }
}
