import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/text/problem';
import { FolderSource } from '../../../src/data/process/files/folderSource';
import { Foreground } from '../../../src/data/process/scan/foreground';
import { maxRowBytes } from '../../../src/data/process/scan/lines';
import { RowTable } from '../../../src/data/process/scan/rowTable';
import { fileStart, type ScannedRow } from '../../../src/data/process/scan/scanJob';
import { scanTrace } from '../../../src/data/process/scan/scanner';
import { RowReader } from '../../../src/data/process/trace/rowReader';
import type { TraceFormat } from '../../../src/formats/format';
import { verlDump } from '../../../src/formats/verlDump';
import { makeFolder, verlLine } from './openClient';

/** verl rows in one document: no trainer writes them so, but their reader is there. */
const format: TraceFormat = { ...verlDump, unit: 'element', arrayAt: ['rows'] };
const verlRow = (row: Readonly<Record<string, unknown>>) => verlLine(row).trimEnd();

async function scan(folder: string, file = 'a.json') {
  const dir = new FolderSource(folder);
  const rows: ScannedRow[] = [];
  const problems: Problem[] = [];
  let bytes = 0;
  const sink = {
    row: (row: ScannedRow) => rows.push(row),
    segment: () => undefined,
    problem: (problem: Problem) => problems.push(problem),
    progress: (passed: number) => {
      bytes = passed;
    },
  };
  const input = { dir, format, foreground: new Foreground(), parquet: null, wide: null, log: () => undefined };
  await scanTrace(input, [{ file, index: 0, from: fileStart }], sink, new AbortController().signal);
  return {
    dir,
    rows,
    bytes,
    problems: problems.map(({ line, element, field, message }) => ({ line, element, field, message })),
  };
}

describe('rows that are elements of one document', () => {
  it('are scanned by streaming and read again by their bytes', async () => {
    const count = 3000;
    const rows = Array.from({ length: count }, (_, i) => verlRow({ score: i, output: 'é'.repeat(i) }));
    const folder = await makeFolder({ 'a.json': `{"rows": [\n${rows.join(',\n')}\n], "count": ${count}}` });
    const found = await scan(folder);
    expect(found.problems).toEqual([]);
    expect(found.rows.map(({ read }) => read.record?.reward)).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(found.rows[2999]!.place).toEqual({ file: 'a.json', line: 3001, element: 2999 });
    expect(found.bytes).toBe(await found.dir.source('a.json').size());

    const { offset, length, place } = found.rows[2500]!;
    const table = new RowTable();
    const { line, element = null } = place;
    table.add({ file: 0, line, element, offset, length, reward: null, step: null, sample: false }, 0, 0);
    const reader = new RowReader(found.dir, { names: ['a.json'], isGone: () => false }, format, table, null, new Set());
    expect(await reader.record(0)).toMatchObject({ record: { reward: 2500 }, line: 2502, element: 2500 });
  });

  it('open on both sides of bad ones, each told with its line and element', async () => {
    const content = `{"rows": [${verlRow({ score: 1 })},\n{"input": 7},\n${verlRow({ score: 2 })},\n{"input"`;
    const { rows, problems } = await scan(await makeFolder({ 'a.json': content }));
    expect(rows.map(({ read }) => read.record?.reward)).toEqual([1, 2]);
    expect(problems.at(-1)).toMatchObject({ line: 4, message: expect.stringContaining('cut off') });
    expect(problems[0]).toMatchObject({ line: 2, element: 1 });
  });

  it('are passed over when they are too long, without being held in memory', async () => {
    const folder = await makeFolder();
    const handle = await open(join(folder, 'a.json'), 'w');
    await handle.write(`{"rows": [${verlRow({ score: 1 })},"`);
    const piece = Buffer.alloc(8 * 1024 * 1024, 'x');
    for (let i = 0; i < 12; i++) await handle.write(piece);
    await handle.write(`",\n${verlRow({ score: 2 })}]}`);
    await handle.close();
    const { rows, problems } = await scan(folder);
    expect(rows.map(({ place, read }) => [place.line, place.element, read.record?.reward])).toEqual([
      [1, 0, 1],
      [2, 2, 2],
    ]);
    expect(problems).toEqual([
      {
        line: 1,
        element: 1,
        field: null,
        message: `The row is 101 MB long; rows up to ${maxRowBytes / 2 ** 20} MiB are read.`,
      },
    ]);
  });

  it.each([
    ['', 'The file is empty.'],
    [Buffer.from('[1, 2]', 'utf16le'), 'The file is UTF-16LE, not UTF-8.'],
    ['[1, 2]', 'The document is a list where an object is expected.'],
  ])('are not there in %j', async (content, message) => {
    const { rows, problems } = await scan(await makeFolder({ 'a.json': content }));
    expect(rows).toEqual([]);
    expect(problems).toMatchObject([{ message: expect.stringContaining(message) }]);
  });
});
