import { setImmediate as nextTurn } from 'node:timers/promises';
import { Lru } from '../../../core/collections/lru';
import { UserError } from '../../../core/text/userError';
import type { ImageSetQuery, ImageSetView } from '../../../protocol/imageSet';
import type { RowMask } from '../columns/groupStatistics';
import { emptyMask, forEachRow, inMask, intersect, maskOf } from '../columns/rowMask';
import type { ColumnShelf } from './columnShelf';
import type { EffectiveTables } from './effectiveTables';
import { matchingChip } from './setChips';
import { matchingSql } from './setSql';
import { SetView } from './setView';

/** Views held at a time: what the grid shows, what it showed before, and those of other windows. */
const viewsKept = 8;

/** Times that a query begins anew while somebody edits; after that the view is as its version says: of before. */
const mostTries = 4;

/** Rows of both kinds that a query lets through; null for all. */
export interface Matching {
  readonly image: RowMask;
  readonly annotation: RowMask;
}

/** Images a request is about, with the rows of them that match. */
export interface Listed {
  /** Ascending. */
  readonly images: Uint32Array;
  readonly matching: Matching;
}

interface HeldView {
  readonly view: SetView;
  readonly query: ImageSetQuery;
  /** Of the tables when `matching` was found. */
  readonly version: number;
  readonly matching: Matching;
}

/** Answers queries over a set's columns and holds what they found. */
export class SetQueries {
  private readonly views = new Lru<number, HeldView>(viewsKept);
  private last = 0;

  constructor(
    private readonly tables: EffectiveTables,
    private readonly shelf: ColumnShelf,
  ) {}

  /** Throws `UserError` for what the query has wrong. Stops when aborted. */
  async query(query: ImageSetQuery, signal: AbortSignal): Promise<ImageSetView> {
    const { version, matching } = await this.steady(query, signal, (found) => found);
    const view = new SetView(matching, query, this.tables, this.shelf);
    this.views.set(++this.last, { view, query, version, matching });
    return view.wire(this.last);
  }

  /** Throws `UserError` when the view is held no longer. */
  view(id: number): SetView {
    return this.held(id).view;
  }

  /** What a view holds, or everything: images stay as they were found, which of their annotations match is as they stand now. */
  async listed(id: number | null, signal: AbortSignal): Promise<Listed> {
    const { version, images: all } = this.tables;
    if (id === null) {
      const images = Uint32Array.from({ length: all.length }, (_, index) => index);
      return { images, matching: { image: null, annotation: null } };
    }
    const held = this.held(id);
    const { images } = held.view;
    if (held.version === version) return { images, matching: held.matching };
    const now = await this.steady(held.query, signal, ({ annotation }) => ({
      image: maskOf(images, all.length),
      annotation,
    }));
    this.views.set(id, { ...held, ...now });
    return { images, matching: now.matching };
  }

  private held(id: number): HeldView {
    const held = this.views.get(id);
    if (held === undefined) throw new UserError('The filter’s result is no longer held. Apply the filter again.');
    return held;
  }

  /** What matches in one state of the annotations: an edit numbers them anew, and what was found before it is looked for again. */
  private async steady(query: ImageSetQuery, signal: AbortSignal, among: (found: Matching) => Matching) {
    for (let tries = 1; ; tries++) {
      const { version, annotations } = this.tables;
      const found = await this.matching(query, signal);
      if (this.tables.annotations === annotations || tries === mostTries)
        return { version, matching: withImages(among(found), this.tables) };
    }
  }

  private async matching({ chips, where }: ImageSetQuery, signal: AbortSignal): Promise<Matching> {
    const rows = { image: this.tables.images.length, annotation: this.tables.annotations.length };
    const masks: { image: Uint32Array | null; annotation: Uint32Array | null } = { image: null, annotation: null };
    const take = ({ of, mask }: { of: 'image' | 'annotation'; mask: Uint32Array }) => {
      const before = masks[of];
      masks[of] = before === null ? mask : intersect(before, mask);
    };
    for (const chip of chips) {
      take(matchingChip(chip, this.shelf, rows));
      await nextTurn();
      signal.throwIfAborted();
    }
    // SQL copies only rows that are left.
    if (where.trim() !== '') take(await matchingSql(where, this.shelf, this.tables, masks, signal));
    return masks;
  }
}

/** Images that lack a matching annotation go, and annotations of images that do not match. */
function withImages({ image, annotation }: Matching, { images, annotations }: EffectiveTables): Matching {
  const own = emptyMask(annotations.length);
  const found = emptyMask(images.length);
  forEachRow(annotation, annotations.length, (row) => {
    const of = annotations.images[row] ?? -1;
    if (of < 0 || of >= images.length || !inMask(image, of)) return;
    own[row >>> 5] = (own[row >>> 5] ?? 0) | (1 << (row & 31));
    found[of >>> 5] = (found[of >>> 5] ?? 0) | (1 << (of & 31));
  });
  return { image: annotation === null ? image : found, annotation: own };
}
