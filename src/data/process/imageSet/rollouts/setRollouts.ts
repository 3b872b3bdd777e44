import { passWords } from '../../../../core/metric/passRule';
import { type ImageGroup, type JoinedRollouts, rolloutColumnNames } from '../../../../protocol/imageSetRollouts';
import type { ImageContents } from '../../samples/imageContents';
import type { TraceTables } from '../../trace/tables';
import type { Trace } from '../../trace/trace';
import type { ImageSet } from '../imageSet';
import { rolloutColumns } from './rolloutColumns';
import { SetPictures } from './setPictures';
import { type GroupImages, type MatchPace, TraceMatch } from './traceMatch';

interface Joined {
  readonly match: TraceMatch;
  readonly tables: TraceTables;
}

/** The rollouts of traces on the images of one set. */
export class SetRollouts {
  private readonly pictures: SetPictures;
  private readonly known = new WeakMap<Trace, Joined>();
  private shown: readonly Trace[] = [];
  /** One search after the other: each goes on where the one before stopped. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly set: ImageSet,
    contents: ImageContents,
  ) {
    this.pictures = new SetPictures(set, contents);
  }

  /** Matches what is new of these traces, and makes the columns. */
  join(traces: readonly Trace[], passes: number | null, signal: AbortSignal, pace: MatchPace): Promise<JoinedRollouts> {
    const joined = this.queue.then(() => this.joinNow(traces, passes, signal, pace));
    this.queue = joined.catch(() => undefined);
    return joined;
  }

  /** As far as they are matched, of one trace after the other, the latest step first. */
  on(image: number): readonly ImageGroup[] {
    return this.shown.flatMap((trace) => {
      const match = this.known.get(trace)?.match;
      if (match === undefined) return [];
      const { traceId } = trace.opened();
      const groups = match.groupsOn(image).flatMap((group): ImageGroup[] => {
        const [summary] = trace.groups(group, 1, null);
        const by = match.imagesOf(group)?.by;
        return summary === undefined || by === undefined ? [] : [{ traceId, by, summary }];
      });
      return groups.sort((a, b) => (b.summary.step ?? 0) - (a.summary.step ?? 0));
    });
  }

  /** The images that one group used; looks at that group alone. */
  async imagesOf(trace: Trace, group: number, signal: AbortSignal): Promise<GroupImages | null> {
    await this.set.scanned(signal);
    const { tables } = await trace.scanned(signal);
    tables.checkedGroup(group);
    return this.matchOf(trace, tables).match.look(group, signal);
  }

  private async joinNow(
    traces: readonly Trace[],
    passes: number | null,
    signal: AbortSignal,
    pace: MatchPace,
  ): Promise<JoinedRollouts> {
    await this.set.scanned(signal);
    const joined: Joined[] = [];
    this.shown = traces;
    for (const trace of traces) {
      const { tables } = await trace.scanned(signal);
      const one = this.matchOf(trace, tables);
      await one.match.extend(signal, pace);
      joined.push(one);
    }
    if (traces.length === 0) {
      this.set.dropValues(rolloutColumnNames);
      this.set.rewards = null;
      return { traces: [], images: 0, uncompared: 0 };
    }
    const matched = joined.map(({ match, tables }) => ({ tables, imagesOf: match.imagesOf.bind(match) }));
    const found = await rolloutColumns(matched, this.set.tables.images.length, passes);
    for (const column of found.columns) this.set.addValues(column);
    this.set.rewards = found.rewards;
    const told = joined.map(({ match }, i) => {
      const { rollouts = 0, rewarded = 0, rule = null } = found.traces[i] ?? {};
      const pass = rule === null ? null : passWords(rule);
      return { traceId: match.trace.opened().traceId, groups: match.counts(), rollouts, rewarded, pass };
    });
    return { traces: told, images: found.images, uncompared: this.pictures.uncompared };
  }

  private matchOf(trace: Trace, tables: TraceTables): Joined {
    const known = this.known.get(trace);
    if (known !== undefined && !known.match.isStale) return known;
    const made = { tables, match: new TraceMatch(trace, tables, this.pictures) };
    this.known.set(trace, made);
    return made;
  }
}
