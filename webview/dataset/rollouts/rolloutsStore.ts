import type { GroupDetail } from '../../../src/protocol/data';
import type {
  GroupOnImage,
  RolloutsOnImage,
  RolloutsOnSet,
  TraceOnImages,
} from '../../../src/protocol/datasetRollouts';
import { rolloutColumnNames } from '../../../src/protocol/imageSetRollouts';
import { errorText, isCancelled } from '../../rollouts/store/host';
import { Signal } from '../../rollouts/store/signal';
import type { FindStore } from '../find/findStore';
import type { DatasetSession } from '../store/session';

/** A group on the image, and of it a member; null for all of them. */
export interface RolloutPlace {
  readonly group: string;
  readonly member: number | null;
}

/** A group's rollouts with their texts; a text why they could not be had. */
export type GroupTexts = GroupDetail | string;

const nothing: RolloutsOnSet = { version: 0, traces: [], images: 0, uncompared: 0, passes: null, search: null };

/** Tells groups of any trace apart. */
export const groupKey = ({ trace, summary }: GroupOnImage): string => `${trace}:${summary.group}`;

/** Which rollouts used the image on show, what of them is open and selected. */
export class RolloutsStore {
  readonly set = new Signal(nothing);
  /** Null while it is on its way, or no image is on show; a text why it could not be had. */
  readonly here = new Signal<RolloutsOnImage | string | null>(null);
  readonly open = new Signal<ReadonlySet<string>>(new Set());
  readonly texts = new Signal<ReadonlyMap<string, GroupTexts>>(new Map());
  readonly place = new Signal<RolloutPlace | null>(null);
  /** What is selected is drawn on the image. */
  readonly drawn = new Signal(true);
  private asking: AbortController | null = null;

  constructor(readonly session: DatasetSession) {
    session.image.on(() => this.enter());
    session.mode.on(() => this.enter());
    session.stale.on(() => void this.load());
  }

  get groups(): readonly GroupOnImage[] {
    const here = this.here.value;
    return here === null || typeof here === 'string' ? [] : here.groups;
  }

  group(key: string): GroupOnImage | null {
    return this.groups.find((one) => groupKey(one) === key) ?? null;
  }

  trace(id: number): TraceOnImages | null {
    return this.set.value.traces.find(({ trace }) => trace === id) ?? null;
  }

  /** A group with its texts; null while they are on their way. */
  detail(key: string): GroupDetail | null {
    const texts = this.texts.value.get(key);
    return texts === undefined || typeof texts === 'string' ? null : texts;
  }

  async load(): Promise<void> {
    try {
      this.take(await this.session.host.call('rollouts/state', {}));
    } catch (error) {
      this.session.report(error);
    }
  }

  /** What is joined changed. */
  take(state: RolloutsOnSet): void {
    const before = this.set.value.version;
    this.set.set(state);
    if (state.version === before) return;
    this.session.refresh(null);
    if (this.session.mode.value === 'detail') void this.ask(false);
  }

  toggle(key: string, open = !this.open.value.has(key)): void {
    const next = new Set(this.open.value);
    if (open) next.add(key);
    else next.delete(key);
    this.open.set(next);
    if (open) void this.fetch(key);
  }

  select(place: RolloutPlace | null): void {
    this.place.set(place);
    if (place !== null) void this.fetch(place.group);
  }

  choose(): void {
    this.run('rollouts/choose');
  }

  askPasses(): void {
    this.run('rollouts/passes');
  }

  /** Opens the rollouts editor at what is selected. */
  openRollout(): void {
    const { value: place } = this.place;
    const group = place === null ? null : this.group(place.group);
    const row = group?.summary.rollouts[place?.member ?? 0]?.row;
    if (group === null || row === undefined) return;
    this.session.host
      .call('rollouts/open', { trace: group.trace, row }, { deadline: Number.POSITIVE_INFINITY })
      .catch((error: unknown) => this.session.report(error));
  }

  private run(method: 'rollouts/choose' | 'rollouts/passes'): void {
    this.session.host
      .call(method, {}, { deadline: Number.POSITIVE_INFINITY })
      .catch((error: unknown) => this.session.report(error));
  }

  private enter(): void {
    if (this.session.mode.value === 'detail') void this.ask(true);
  }

  /** `anew`: another image came on show. */
  private async ask(anew: boolean): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    if (anew) {
      this.here.set(null);
      this.place.set(null);
      this.open.set(new Set());
    }
    this.texts.set(new Map());
    const { image, host } = this.session;
    if (image.value < 0 || this.set.value.traces.length === 0) {
      this.here.set({ groups: [], stored: null });
      return;
    }
    try {
      const here = await host.call('rollouts/on', { index: image.value }, { signal: asking.signal, deadline: 60_000 });
      if (asking.signal.aborted) return;
      this.here.set(here);
    } catch (error) {
      if (!isCancelled(error) && !asking.signal.aborted) this.here.set(errorText(error));
      return;
    }
    const [first] = this.groups;
    if (anew && first !== undefined) this.toggle(groupKey(first), true);
    for (const key of this.open.value) void this.fetch(key);
  }

  private async fetch(key: string): Promise<void> {
    const group = this.group(key);
    if (group === null || this.texts.value.has(key)) return;
    const { host } = this.session;
    const put = (texts: GroupTexts) => {
      if (this.group(key) === group) this.texts.set(new Map([...this.texts.value, [key, texts]]));
    };
    try {
      const { trace, summary } = group;
      put(await host.call('rollouts/group', { trace, group: summary.group }, { deadline: 60_000 }));
    } catch (error) {
      if (!isCancelled(error)) put(errorText(error));
    }
  }
}

/** Columns come and go with what is joined: menus and the query on show follow. */
export function followColumns(store: RolloutsStore, find: FindStore): void {
  let known = 0;
  store.set.on(({ version }) => {
    if (version === known) return;
    known = version;
    void find.loadColumns();
    const query = JSON.stringify(find.query.value);
    if (rolloutColumnNames.some((name) => query.includes(name))) find.refresh();
  });
}
