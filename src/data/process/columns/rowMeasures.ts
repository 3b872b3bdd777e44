import { boxArea } from '../../../core/geometry/box';
import type { Action, Field, FormatBadge, ParsedResponse, RolloutRecord } from '../../../core/trajectory/rollout';

/** What a row's response comes to in numbers. Of a sample, which has no response, only the badge counts. */
export interface RowMeasures {
  readonly badge: FormatBadge;
  readonly regions: number;
  /** Mean area, in the units they are written in, squared, of the regions on the image itself; null without any. */
  readonly regionArea: number | null;
  /** Whose frame these count in: that of answers, that of calls, or some in one and some in the other. */
  readonly areaOf: AreaOf;
  readonly turns: number;
  /** Calls of tools that could be read. */
  readonly toolCalls: number;
  readonly truncated: boolean;
}

export type AreaOf = 'prediction' | 'tool' | 'both';

/** Tags whose text is not whole without the closing one. */
const openings = ['<think>', '<answer>', '<tool_call>'] as const;
const closings = ['</think>', '</answer>', '</tool_call>'] as const;
/** Columns in which trainers and evaluators say that generation hit its limit, and the words for it. */
const limitFields: ReadonlySet<string> = new Set(['is_truncated', 'truncated', 'stop_reason', 'finish_reason']);
const limitWords: ReadonlySet<string> = new Set(['length', 'max_tokens', 'max_length', 'truncated', 'model_length']);

export function measureRow(record: RolloutRecord, parsed: ParsedResponse): RowMeasures {
  const { turns, regions, badge } = parsed;
  let toolCalls = 0;
  for (const { actions } of turns) for (const action of actions) if (isToolCall(action)) toolCalls++;
  let area = 0;
  let counted = 0;
  let called = 0;
  for (const { box, view, field } of regions) {
    // What counts in a crop has another unit.
    if (view > 0) continue;
    area += boxArea(box);
    counted++;
    if (field === 'tool') called++;
  }
  return {
    badge,
    regions: regions.length,
    regionArea: counted === 0 ? null : area / counted,
    areaOf: called === 0 ? 'prediction' : called === counted ? 'tool' : 'both',
    turns: turns.length,
    toolCalls,
    truncated: saysTruncated(record.fields) || endsOpen(record.response, parsed),
  };
}

function isToolCall({ kind, tool }: Action): boolean {
  return kind === 'tool' || ((kind === 'zoom' || kind === 'click') && tool !== null);
}

/** The last turn is the policy's, and the last of its tags opens a thought, an answer or a call. */
function endsOpen(response: string, { turns }: ParsedResponse): boolean {
  const last = turns.at(-1);
  if (last === undefined || last.role !== 'assistant') return false;
  const { start, end } = last.span;
  for (let at = response.lastIndexOf('<', end - 1); at >= start; at = response.lastIndexOf('<', at - 1)) {
    if (closings.some((tag) => response.startsWith(tag, at))) return false;
    if (openings.some((tag) => response.startsWith(tag, at))) return true;
    // What follows 0 would be looked for at 0 again.
    if (at === 0) return false;
  }
  return false;
}

function saysTruncated(fields: readonly Field[]): boolean {
  for (const { name, value } of fields) {
    if (!limitFields.has(name)) continue;
    if (value === true || (typeof value === 'string' && limitWords.has(value.toLowerCase()))) return true;
  }
  return false;
}
