import type { FrameField } from '../geometry/frame';
import type { FoundClick } from './clicks';
import { excerpt, type FoundBox } from './readBoxes';
import type { Action, Click, FormatBadge, Region, Repair, Section, TextSpan } from './rollout';
import { type BoxFailure, MAX_BOXES } from './scanObjects';
import { findMarks, MAX_MARKS, type Mark } from './textMarks';

/** Gathers the regions of a response and gives them their numbers. */
export class ResponseBuilder {
  readonly regions: Region[] = [];
  readonly clicks: Click[] = [];
  /** Why part of the text was left unread; null when all was read. */
  unread: string | null = null;

  constructor(readonly text: string) {}

  findMarks(): readonly Mark[] {
    const { marks, complete } = findMarks(this.text);
    if (!complete)
      this.unread = `The text holds more than ${MAX_MARKS} tags and role lines; what follows was not read.`;
    return marks;
  }

  /** Adds boxes of one section, as long as there is room; returns their indices. `view` as in `Region`. */
  addRegions(
    found: readonly FoundBox[],
    turn: number,
    section: Section,
    field: FrameField,
    view = 0,
  ): readonly number[] {
    const room = found.slice(0, MAX_BOXES - this.regions.length);
    if (room.length < found.length)
      this.unread = `The text holds more than ${MAX_BOXES} regions; only these are shown.`;
    return room.map((box) => {
      const index = this.regions.length;
      this.regions.push({ index, ...box, view, turn, section, field });
      return index;
    });
  }

  /** As `addRegions`, for points. */
  addClicks(found: readonly FoundClick[], turn: number, section: Section, field: FrameField): readonly number[] {
    const room = found.slice(0, MAX_BOXES - this.clicks.length);
    if (room.length < found.length) this.unread = `The text holds more than ${MAX_BOXES} points; only these are shown.`;
    return room.map((click) => {
      const index = this.clicks.length;
      this.clicks.push({ index, ...click, turn, section, field });
      return index;
    });
  }

  action(kind: Action['kind'], span: TextSpan, more: Partial<Omit<Action, 'kind' | 'span' | 'text'>> = {}): Action {
    const { regions = [], tool = null, reason = null, ...rest } = more;
    const action = { kind, span, text: this.text.slice(span.start, span.end), regions, tool, reason };
    return Object.assign(action, rest);
  }

  /** One `malformed` action for each object that promised a box in vain. */
  failed(failures: readonly BoxFailure[]): readonly Action[] {
    return failures.map(({ span, reason }) =>
      this.action('malformed', span, { reason: `A region cannot be read: ${reason}.` }),
    );
  }

  /**
   * A list in `span` that was cut off is closed at its last whole object: the mend goes to the last of `found`.
   * Cut off means that an object stays open behind the last whole one, or that the list opened and never closes.
   */
  closeTruncated(found: readonly FoundBox[], span: TextSpan): readonly FoundBox[] {
    const first = found[0];
    const last = found.at(-1);
    if (first === undefined || last === undefined) return found;
    const rest = this.text.slice(last.span.end, span.end);
    const partial = rest.includes('{', rest.lastIndexOf('}') + 1);
    const listOpen = this.text.slice(span.start, first.span.start).trimEnd().endsWith('[') && !rest.includes(']');
    if (!partial && !listOpen) return found;
    const repair: Repair = {
      kind: 'truncatedList',
      span: { start: last.span.end, end: span.end },
      before: excerpt(rest),
      after: ']',
    };
    return [...found.slice(0, -1), { ...last, repairs: [...last.repairs, repair] }];
  }
}

/** What a list shows of a response at a glance. */
export function badgeOf(actions: readonly Action[], regions: readonly Region[]): FormatBadge {
  if (actions.some((a) => a.kind === 'malformed')) return 'malformed';
  if (regions.some((r) => r.repairs.length > 0)) return 'repaired';
  return actions.length > 0 ? 'ok' : 'none';
}
