import type { Problem } from '../../../core/text/problem';
import { keyAlone } from '../scan/groupKey';
import type { EnteredRow } from '../scan/rowTable';
import type { ScannedSegment } from '../scan/scanJob';
import { rowFlag } from '../scan/wide/segment';
import type { TraceTables } from './tables';

/** Fills the tables from rows that another thread read. */
export function takeSegment(
  tables: TraceTables,
  { rows, from, to, fileIndex, file, line, start }: ScannedSegment,
  problem: (problem: Problem) => void,
): void {
  const { groups, sources, names, texts } = rows;
  for (const { row, problem: found } of rows.problems)
    if (row >= from && row < to) problem({ ...found, line: line + (found.line ?? 0) });
  let field = 0;
  for (let row = 0; row < from; row++) field += rows.fieldCounts[row] ?? 0;
  for (let row = from; row < to; row++) {
    const flags = rows.flags[row] ?? 0;
    const sample = (flags & rowFlag.sample) !== 0;
    const facts: EnteredRow = {
      file: fileIndex,
      line: line + (rows.lineOf[row] ?? 0),
      element: null,
      offset: start + (rows.offsets[row] ?? 0),
      length: rows.lengths[row] ?? 0,
      reward: (flags & rowFlag.reward) === 0 ? null : (rows.rewards[row] ?? null),
      step: (flags & rowFlag.step) === 0 ? null : (rows.steps[row] ?? null),
      sample,
      preference: (flags & rowFlag.chosen) !== 0 ? 'chosen' : (flags & rowFlag.rejected) !== 0 ? 'rejected' : undefined,
    };
    const opening = groups[rows.groupOf[row] ?? 0];
    if (opening === undefined) throw new RangeError('a row of a segment has no group in it');
    const group = tables.groupOf(opening.key ?? keyAlone({ file, line: facts.line }), facts, () => opening);
    const source = rows.sourceOf[row] ?? 0;
    const dataSource = source === 0 ? null : (sources[source - 1] ?? null);
    const responseLength = sample ? null : (rows.responseLengths[row] ?? null);
    const entered = tables.enter(facts, group, file, dataSource, responseLength);
    tables.unmeasured.add(entered);
    const end = field + (rows.fieldCounts[row] ?? 0);
    for (; field < end; field++) {
      const value = rows.fieldValues[field] ?? Number.NaN;
      const name = names[rows.fieldNames[field] ?? 0] ?? '';
      tables.columns.setLogged(entered, name, rows.isText[field] === 1 ? (texts[value] ?? '') : value);
    }
  }
}
