import { NOTES_MEMBERS } from '../../../protocol/notes';
import type { ReviewFound, ReviewProgress, ReviewStep } from '../../../protocol/review';
import type { View } from '../columns/view';
import type { TraceTables } from '../trace/tables';

/** What of a trace is to be reviewed, in the order of a view or of the file: numbers only, nothing is read from disk. */
export class ReviewQueue {
  constructor(private readonly tables: TraceTables) {}

  progress(view: View | null): ReviewProgress {
    const { groups, marks } = this.tables;
    const { groupOf } = this.tables.rows;
    const open = new Uint32Array(groups.length);
    const all = new Uint32Array(groups.length);
    let rollouts = 0;
    let reviewed = 0;
    for (let row = 0; row < this.tables.rows.length; row++) {
      if (!this.counts(row, view)) continue;
      const group = groupOf[row] ?? 0;
      all[group] = (all[group] ?? 0) + 1;
      rollouts++;
      if (marks.isReviewed(row)) reviewed++;
      else open[group] = (open[group] ?? 0) + 1;
    }
    const listed = all.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
    const left = open.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
    return { rollouts, reviewed, groups: listed, reviewedGroups: listed - left };
  }

  /** The rollout that the search begins at is never found: it may just be looked at. */
  next(view: View | null, { from, direction }: ReviewStep): ReviewFound {
    const slots = view?.groups.length ?? this.tables.groups.length;
    const start = this.slotOf(view, from);
    for (let step = 0; step <= slots; step++) {
      const slot = start === null ? (direction > 0 ? step : slots - 1 - step) : start + direction * step;
      const place = ((slot % slots) + slots) % slots;
      const group = view === null ? place : (view.groups[place] ?? 0);
      const part = start === null || (step > 0 && step < slots) ? 'all' : step === 0 ? 'beyond' : 'before';
      const row = this.find(group, view, direction, from, part);
      if (row === null) continue;
      const { member } = this.tables.rows.get(row);
      return { group, member, row, wrapped: start !== null && (slot !== place || part === 'before') };
    }
    return null;
  }

  /** Slot of the group of a row; null where the row is not listed. */
  private slotOf(view: View | null, row: number | null): number | null {
    if (row === null || row >= this.tables.rows.length || (view !== null && !view.has(row))) return null;
    const { group } = this.tables.rows.get(row);
    if (view === null) return group;
    const slot = view.groups.indexOf(group);
    return slot < 0 ? null : slot;
  }

  /** The first one of a group that is not reviewed: of all its rows, or of those beyond or before `from`, as the search goes. */
  private find(
    group: number,
    view: View | null,
    direction: 1 | -1,
    from: number | null,
    part: 'all' | 'beyond' | 'before',
  ): number | null {
    const { tables } = this;
    const rows = [...tables.rowsOf(group)];
    if (!rows.some((row) => this.isOpen(row, view))) return null;
    const ordered = view === null ? rows : [...view.members(group, () => rows)];
    if (direction < 0) ordered.reverse();
    const at = part === 'all' || from === null ? -1 : ordered.indexOf(from);
    const some = part === 'before' ? ordered.slice(0, at) : ordered.slice(at + 1);
    return some.find((row) => this.isOpen(row, view)) ?? null;
  }

  private isOpen(row: number, view: View | null): boolean {
    return this.counts(row, view) && !this.tables.marks.isReviewed(row);
  }

  /** A rollout that can be annotated: it has a response, and is one of the first of its group. */
  private counts(row: number, view: View | null): boolean {
    const { rows, columns } = this.tables;
    if (view !== null && !view.has(row)) return false;
    return columns.own('response_length').has(row) && rows.memberOf(row) < NOTES_MEMBERS;
  }
}
