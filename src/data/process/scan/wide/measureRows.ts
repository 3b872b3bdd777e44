import type { ParsedResponse } from '../../../../core/trajectory/rollout';
import { traceFormat } from '../../../../formats/detect';
import { objectIn } from '../../../../formats/jsonLines';
import { measureRow } from '../../columns/rowMeasures';
import { parseRecord } from '../../trace/rowReader';
import { decodeRow } from '../decodeRow';
import { badges } from '../rowTable';
import { readRange } from './readRange';
import { type ActionCounts, areaFields, type MeasuredRows, type MeasureTask, unreadable } from './segment';

/** Reads rows once more, this time with what their responses hold. */
export function measureRows({ format: id, location, file, infer, offsets, lengths }: MeasureTask): MeasuredRows {
  const { objectLines } = traceFormat(id);
  const count = offsets.length;
  const base = offsets[0] ?? 0;
  const bytes = readRange(location, base, (offsets[count - 1] ?? 0) + (lengths[count - 1] ?? 0));
  const measured = {
    badge: new Uint8Array(count).fill(unreadable),
    regions: new Uint32Array(count),
    regionArea: new Float64Array(count),
    areaOf: new Uint8Array(count),
    turns: new Uint32Array(count),
    toolCalls: new Uint32Array(count),
    truncated: new Uint8Array(count),
  };
  let actions: ActionCounts = { actions: 0, malformed: 0, repaired: 0 };
  for (let row = 0; row < count; row++) {
    const from = (offsets[row] ?? 0) - base;
    // The line is in no message here: what is wrong with the row was told before.
    const place = { file, line: 0 };
    const line = objectIn(decodeRow(bytes.subarray(from, from + (lengths[row] ?? 0))).text, place);
    const record = line.row === null ? null : (objectLines?.read(line.row, place).record ?? null);
    if (record === null) continue;
    const parsed = parseRecord(record, id, infer);
    const measures = measureRow(record, parsed);
    measured.badge[row] = badges.indexOf(measures.badge);
    measured.regions[row] = measures.regions;
    if (measures.regionArea !== null) {
      measured.regionArea[row] = measures.regionArea;
      measured.areaOf[row] = areaFields.indexOf(measures.areaOf) + 1;
    }
    measured.turns[row] = measures.turns;
    measured.toolCalls[row] = measures.toolCalls;
    measured.truncated[row] = measures.truncated ? 1 : 0;
    actions = sumOf(actions, countActions(parsed));
  }
  return { ...measured, actions };
}

export function countActions({ turns, regions }: ParsedResponse): ActionCounts {
  let [all, malformed, repaired] = [0, 0, 0];
  for (const { actions } of turns) {
    for (const { kind, regions: indices } of actions) {
      all++;
      if (kind === 'malformed') malformed++;
      else if (indices.some((index) => (regions[index]?.repairs.length ?? 0) > 0)) repaired++;
    }
  }
  return { actions: all, malformed, repaired };
}

export function sumOf(a: ActionCounts, b: ActionCounts): ActionCounts {
  return {
    actions: a.actions + b.actions,
    malformed: a.malformed + b.malformed,
    repaired: a.repaired + b.repaired,
  };
}
