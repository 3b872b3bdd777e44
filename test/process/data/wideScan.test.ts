import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FolderSource } from '../../../src/data/process/files/folderSource';
import { Foreground } from '../../../src/data/process/scan/foreground';
import { fileStart, type WideReading } from '../../../src/data/process/scan/scanJob';
import { scanTrace } from '../../../src/data/process/scan/scanner';
import { measureRows } from '../../../src/data/process/scan/wide/measureRows';
import { SegmentReader } from '../../../src/data/process/scan/wide/readSegment';
import type { ResultOf, ScanTask } from '../../../src/data/process/scan/wide/segment';
import { readResponses } from '../../../src/data/process/trace/responsePass';
import { TraceTables } from '../../../src/data/process/trace/tables';
import { takeSegment } from '../../../src/data/process/trace/takeSegment';
import { traceFormats } from '../../../src/formats/detect';
import type { TraceFormat } from '../../../src/formats/format';
import { allShapes } from '../../fixtures/shapes/all';
import { makeFolder, verlLine } from './openClient';

/** Does what threads do, at once and here. `fails` tells at which task the thread ends. */
function threads(fails = Number.POSITIVE_INFINITY): WideReading['workers'] & { readonly left: () => number } {
  const reader = new SegmentReader();
  let tasks = 0;
  let left = 0;
  const run = async (task: ScanTask) => {
    if (tasks++ >= fails) throw new Error('the thread ended');
    if (task.kind === 'measure') return measureRows(task);
    if (task.kind === 'coco') throw new Error('no log');
    const rows = reader.read(task);
    left += rows?.flags.filter((flags) => (flags & 1) !== 0).length ?? 0;
    return rows;
  };
  return { count: 2, run: run as <T extends ScanTask>(task: T) => Promise<ResultOf<T>>, left: () => left };
}

let folder = '';
beforeAll(async () => {
  folder = await makeFolder();
});

/** The tables of a log, by one thread or with stretches of `segmentBytes` by several. */
async function scanned(
  format: TraceFormat,
  content: string | Uint8Array,
  segmentBytes: number | null,
  workers: WideReading['workers'] = threads(),
): Promise<TraceTables> {
  const file = '7.jsonl';
  folder = await makeFolder({ [file]: content });
  const dir = new FolderSource(folder);
  const tables = new TraceTables(format, new Set());
  const problem = tables.problems.add.bind(tables.problems);
  const sink = {
    row: tables.add.bind(tables),
    segment: (rows: Parameters<typeof takeSegment>[1]) => takeSegment(tables, rows, problem),
    problem,
    progress: () => undefined,
  };
  const wide = segmentBytes === null ? null : { workers, segmentBytes, firstRows: false };
  const foreground = new Foreground();
  const log = () => undefined;
  const { signal } = new AbortController();
  await scanTrace(
    { dir, format, foreground, parquet: null, wide, log },
    [{ file, index: 0, from: fileStart }],
    sink,
    signal,
  );
  const names = [file];
  const input = { tables, dir, format: format.id, names, unsplit: new Set<string>(), workers, foreground, log };
  await readResponses({ ...input, progress: () => undefined }, signal);
  return tables;
}

/** Everything that the tables can be asked for. */
function contents(tables: TraceTables) {
  const rows = Array.from({ length: tables.rows.length }, (_, row) => tables.rows.get(row));
  const groups = Array.from({ length: tables.groups.length }, (_, group) => ({
    ...tables.groups.get(group),
    rows: [...tables.rowsOf(group)],
    sample: [tables.sampleKeys.question(group), tables.sampleKeys.name(group), tables.sampleKeys.picture(group)],
    sizes: tables.sizes.of(group),
    attempt: tables.attempts.numberOf(group),
  }));
  const columns = [...tables.columns.all()].map(({ name, kind, role, data }) => ({
    name,
    kind,
    role,
    values: rows.map((_, row) => data.at(row)),
  }));
  return {
    rows,
    groups,
    columns,
    infos: tables.columns.infos(),
    problems: tables.problems.problems,
    steps: tables.sortedSteps,
    sources: tables.dataSources,
    badges: tables.badges,
    files: tables.troubledFiles,
    counts: [tables.samples, tables.measured, tables.rows.length],
  };
}

/** What Python, others and nobody write where a value stands. */
const oddTokens = ['', ...'NaN Infinity -Infinity 01 -01 1. .5 +1 - 1e 1e+ nul 0x10 [1,] " [1} [1]] True'.split(' ')];
const verl = traceFormats.find(({ id }) => id === 'verl-dump')!;

describe('a log that several threads read', () => {
  it('is told apart into the same rows, groups, columns and problems, for every shape of such logs', async () => {
    for (const shape of await allShapes()) {
      const format = traceFormats.find(({ id }) => id === shape.format)!;
      if (format.objectLines === undefined) continue;
      for (const content of Object.values(shape.files)) {
        const slow = contents(await scanned(format, content, null));
        for (const bytes of [64, 1000, 1e6]) expect(contents(await scanned(format, content, bytes))).toEqual(slow);
      }
    }
  });

  it('leaves no row of an ordinary dump to the other way of reading', async () => {
    const lines = Array.from({ length: 50 }, (_, i) =>
      verlLine({ gts: `“${i}” \\ "x"\n`, score: i / 3, tags: ['a', { b: null }], output: `é “${i}”\n\u0001` }),
    );
    const python = lines.map((line) => line.replaceAll('","', '", "').replaceAll('":', '": '));
    const workers = threads();
    const tables = await scanned(verl, [...lines, ...python].join(''), 4096, workers);
    expect(tables.rows.length).toBe(100);
    expect(workers.left()).toBe(0);
    expect(tables.columns.own('response_length').at(60)).toBe('é “10”\n\u0001'.length);
  });

  it('is read to its end when a thread ends, and says so', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => verlLine({ score: i })).join('');
    const slow = contents(await scanned(verl, lines, null));
    const { problems, ...rest } = contents(await scanned(verl, lines, 2000, threads(4)));
    expect(problems.map(({ message, severity }) => `${severity}: ${message}`)).toEqual([
      'warning: A thread that read the log ended unexpectedly; the rest is read without it, which takes longer.',
    ]);
    expect(rest).toEqual({ ...slow, problems: undefined });
  });

  it('comes to the same for each value that is none', async () => {
    for (const odd of [...oddTokens, '"\\x"', '"\\u12"', '"\t"', '"\u0000"', '1 2', '"a" "b"', '[1]]', '\u00a01']) {
      const content = verlLine().replace('"gts":"A"', `"acc":${odd}`);
      const slow = contents(await scanned(verl, content, null));
      expect(contents(await scanned(verl, content, 1e6)), odd).toEqual(slow);
    }
  });

  it('comes to the same whatever stands in its lines', async () => {
    await fc.assert(
      fc.asyncProperty(dump, fc.integer({ min: 1, max: 600 }), async (content, bytes) => {
        const slow = contents(await scanned(verl, content, null));
        expect(contents(await scanned(verl, content, bytes))).toEqual(slow);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});

/** Mostly what belongs in a log: a line that is broken in several places says little of each. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, often: number) =>
  fc.oneof({ weight: often, arbitrary: usual }, { weight: 1, arbitrary: odd });
const token = mostly(
  fc.constantFrom(
    ...'0 -0 1 -17 0.1 0.30000000000000004 1e400 -1E-3 123456789012345678901 1.5e+3 true false null [] {}'.split(' '),
    ...['[1, {"a": "]"}]', '{"a": {"b": ["\\"}"]}}', '["\\ud800"]', '{"a":1,"a":2}'],
  ),
  fc.constantFrom(...oddTokens),
  12,
);
const character = mostly(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...'abc 01{}[]:,<>/') },
    fc.constantFrom('\\n', '\\"', '\\\\', '\\/', '\\u0041', '\\uD83D\\uDE00', '\\ud800', '\\u00e9', '\\b'),
    fc.constantFrom('é', '漢', '😀', '\u2028', '\u007f'),
  ),
  fc.constantFrom('\\x', '\\u12', '\t', '\u0000', '\u001f', '\\', '"'),
  500,
);
const text = fc.array(character, { maxLength: 60 }).map((characters) => `"${characters.join('')}"`);
const answer = fc.constantFrom(
  '"<think>x</think><answer>[1, 2, 3, 4]</answer>"',
  '"<tool_call>{\\"name\\": \\"zoom\\", \\"arguments\\": {\\"bbox_2d\\": [1, 2, 3, 4]}}</tool_call>"',
  '"<tool_call>{broken</tool_call>"',
  '"<think>cut off"',
);
const value = fc.oneof(text, token, answer);
const key = mostly(
  fc.constantFrom('input', 'output', 'gts', 'score', 'step', 'uid', 'acc', 'data_source', 'image_path', '0', 'naïve'),
  fc.constantFrom('reward', 'outp\\u0075t', '__proto__', '', 'finish_reason', 'a\\nb', 'input_size'),
  6,
);
const space = mostly(fc.constantFrom('', '', ' ', '  '), fc.constantFrom('\t', '\r', '\u00a0'), 60);
const row = fc
  .tuple(
    fc.array(fc.tuple(key, value, space), { maxLength: 7 }),
    answer,
    fc.boolean(),
    fc.constantFrom('u1', 'u2', 'g_1_2'),
  )
  .map(([members, output, whole, uid]) => {
    const first: [string, string, string][] = whole
      ? [
          ['input', '"user\\nWhere?\\nassistant\\n"', ''],
          ['output', output, ''],
          ['uid', `"${uid}"`, ' '],
          ['score', '0.5', ''],
        ]
      : [];
    return `{${[...first, ...members].map(([name, written, gap]) => `${gap}"${name}"${gap}:${gap}${written}`).join(`,`)}}`;
  });
const line = fc.oneof(
  { weight: 10, arbitrary: row },
  fc.constantFrom('', '  ', '\t', 'null', '[]', '"x"', '3', '{', '{}', '{}}', '{,}', '{"a" 1}', '{"a":1,}', '\ufeff{}'),
);
const dump = fc
  .tuple(
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\r\n', ' \n')), { maxLength: 14 }),
    fc.oneof(
      fc.constant(''),
      row,
      row.map((whole) => whole.slice(0, whole.length / 2)),
    ),
    fc.constantFrom(null, null, null, 0xff, 0xc3, 0x80),
  )
  .map(([lines, tail, odd]) => {
    const bytes = Buffer.from(lines.map(([written, end]) => written + end).join('') + tail);
    // A byte that is no UTF-8 in the middle.
    if (odd !== null && bytes.length > 40) bytes[Math.floor(bytes.length / 2)] = odd;
    return bytes;
  });
