import type { MatchCounts, MatchedBy } from '../../../../protocol/imageSetRollouts';
import { KeptWork } from '../../files/keptWork';
import type { TraceTables } from '../../trace/tables';
import type { Trace } from '../../trace/trace';
import { type NameClaim, NameClaims } from './nameClaims';
import type { Measuring, SetPictures } from './setPictures';

/** What became of one picture of a trace. */
type Match =
  | { readonly kind: 'file' | 'content'; readonly images: readonly number[] }
  | { readonly kind: 'name'; readonly claim: NameClaim }
  | { readonly kind: 'ambiguous' | 'different' | 'absent' | 'missing' };

/** Which images a group used, and what tells so. */
export interface GroupImages {
  readonly by: MatchedBy;
  readonly images: readonly number[];
}

export interface MatchPace {
  readonly groups: (done: number, total: number) => void;
  readonly images: Measuring;
}

const atOnce = 8;
/** Images of one name that are looked at to tell whether they can be read. */
const mostAlike = 64;

/** Which images of a set the groups of one trace used. Groups that write the same picture and question are looked up once. */
export class TraceMatch {
  private readonly byGroup: Match[] = [];
  private readonly known = new KeptWork<string, Match>();
  private readonly claims = new NameClaims();
  private readonly onImage = new Map<number, number[]>();
  private readonly version: number;

  constructor(
    readonly trace: Trace,
    private readonly tables: TraceTables,
    private readonly pictures: SetPictures,
  ) {
    this.version = trace.images.version;
  }

  /** Images of the trace were decided anew since: everything is to be looked up again. */
  get isStale(): boolean {
    return this.trace.images.version !== this.version;
  }

  /** Takes the groups that came since; stops between any two when aborted. */
  async extend(signal: AbortSignal, pace: MatchPace): Promise<void> {
    const { groups } = this.tables;
    while (this.byGroup.length < groups.length) {
      signal.throwIfAborted();
      const from = this.byGroup.length;
      const some = Array.from({ length: Math.min(atOnce, groups.length - from) }, (_, i) => from + i);
      const matches = await Promise.all(some.map((group) => this.matchOnce(group, signal, pace.images)));
      signal.throwIfAborted();
      for (const [i, match] of matches.entries()) this.take(from + i, match);
      if (from % 512 === 0) pace.groups(from, groups.length);
    }
  }

  /** Null for a group that used no image of the set, or none that anybody can tell. */
  imagesOf(group: number): GroupImages | null {
    return this.shown(this.byGroup[group]);
  }

  /** As `imagesOf`, of a group that nobody looked at yet. */
  async look(group: number, signal: AbortSignal): Promise<GroupImages | null> {
    return this.imagesOf(group) ?? this.shown(await this.matchOnce(group, signal, () => undefined));
  }

  /** Groups on an image, in the order of the trace. */
  groupsOn(image: number): readonly number[] {
    return (this.onImage.get(image) ?? []).filter((group) => this.imagesOf(group) !== null);
  }

  counts(): MatchCounts {
    const counts = { file: 0, content: 0, name: 0, ambiguous: 0, different: 0, absent: 0, missing: 0 };
    for (const match of this.byGroup)
      counts[match.kind === 'name' && !this.claims.holds(match.claim) ? 'ambiguous' : match.kind]++;
    return counts;
  }

  private shown(match: Match | undefined): GroupImages | null {
    if (match === undefined) return null;
    if (match.kind === 'name')
      return this.claims.holds(match.claim) ? { by: 'name', images: [match.claim.image] } : null;
    return match.kind === 'file' || match.kind === 'content' ? { by: match.kind, images: match.images } : null;
  }

  private take(group: number, match: Match): void {
    this.byGroup[group] = match;
    const images = match.kind === 'name' ? [match.claim.image] : 'images' in match ? match.images : [];
    for (const image of images) {
      const groups = this.onImage.get(image);
      if (groups === undefined) this.onImage.set(image, [group]);
      else groups.push(group);
    }
  }

  private matchOnce(group: number, signal: AbortSignal, measuring: Measuring): Promise<Match> {
    const { sampleKeys } = this.tables;
    const key = `${sampleKeys.question(group) ?? `group ${group}`}/${sampleKeys.picture(group)}`;
    return this.known.of(key, signal, (stop) => this.match(group, stop, measuring));
  }

  private async match(group: number, signal: AbortSignal, measuring: Measuring): Promise<Match> {
    const { pictures, claims } = this;
    const { name, ref, source } = await this.trace.images.used(group, signal);
    const found = (kind: 'file' | 'content', images: readonly number[]): Match => {
      for (const image of images) claims.own(image, name);
      return { kind, images };
    };
    if (ref?.kind === 'table') {
      const images = await pictures.sameCell(ref);
      if (images.length > 0) return found('file', images);
    }
    if (source !== null) {
      const same = ref?.kind === 'file' ? await pictures.sameFile(ref.path, source) : [];
      if (same.length > 0) return found('file', same);
      const equal = await pictures.sameContent(source, signal, measuring);
      if (equal.length > 0) return found('content', equal);
    }
    const without: Match = { kind: source === null ? 'missing' : 'absent' };
    return name === null ? without : this.byName(name, source !== null, without);
  }

  /** Two pictures that can both be looked at, and differ, are not one for their names. */
  private async byName(name: string, readable: boolean, without: Match): Promise<Match> {
    const { pictures, claims } = this;
    const { indices, shared } = await pictures.nearest(name);
    const [first] = indices;
    if (first === undefined) return without;
    const unseen: number[] = [];
    for (const index of indices.slice(0, mostAlike))
      if (!readable || (await pictures.source(index)) === null) unseen.push(index);
    const [image] = unseen;
    if (image === undefined) return { kind: 'different' };
    if (unseen.length > 1 || indices.length > mostAlike) return { kind: 'ambiguous' };
    const claim = { image, name, shared };
    claims.add(claim);
    return { kind: 'name', claim };
  }
}
