import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/text/userError';
import { ColumnStore } from '../../../src/data/process/columns/columnStore';
import { rowsWhere } from '../../../src/data/process/columns/whereSql';
import { everything } from '../../../src/protocol/query';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

const lines = [
  verlLine({ score: 0, 'format reward': 0.5, select: 1, pred: "it's" }),
  verlLine({ score: 1, 'format reward': 1, select: 2, pred: '100%' }),
  verlLine({ score: 0.5, select: 3, 'say "x"': 4 }),
  verlLine({ score: 'nan' }).replace('"nan"', 'NaN'),
];

async function openWhere(written: readonly string[] = lines) {
  const folder = await makeFolder({ '7.jsonl': written.join('') });
  const { client } = await startClient();
  const trace = await openTrace(client, join(folder, '7.jsonl'));
  await trace.scanned();
  const { traceId } = trace;
  const where = async (condition: string): Promise<readonly number[]> => {
    const { view } = await client.call('trace/query', { traceId, query: { ...everything, where: condition } });
    const members = await client.call('trace/groups', { traceId, start: 0, count: 1, view });
    return members.flatMap(({ rollouts }) => rollouts.map(({ row }) => row));
  };
  return { client, traceId, where };
}

describe('a condition in SQL', () => {
  it('speaks of every column, also of those that must be quoted', async () => {
    const { where } = await openWhere();
    expect(await where('reward >= 0.5 AND NOT isnan(reward)')).toEqual([1, 2]);
    expect(await where('"format reward" < 1')).toEqual([0]);
    expect(await where('"format reward" IS NULL')).toEqual([2, 3]);
    expect(await where('"select" IN (1, 3) OR pred LIKE \'100%\'')).toEqual([0, 1, 2]);
    expect(await where('"say ""x""" = 4')).toEqual([2]);
    expect(await where("pred = 'it''s'")).toEqual([0]);
    expect(await where('REWARD BETWEEN 0 AND 0.2 -- the bad ones')).toEqual([0]);
    expect(await where('CASE WHEN malformed = 1 THEN false ELSE abs(reward - 1) < 1e-9 END')).toEqual([1]);
    expect(await where("badge = 'ok' AND file ILIKE '%.JSONL'")).toEqual([0, 1, 2, 3]);
    // DuckDB, as PostgreSQL, takes NaN for the largest number.
    expect(await where('reward > 7')).toEqual([3]);
    expect(await where('reward > 7 AND NOT isnan(reward)')).toEqual([]);
  });

  it('answers what is wrong with it, in DuckDB’s words and with the columns there are', async () => {
    const { where } = await openWhere();
    await expect(where('rewrd > 1')).rejects.toThrow(/no column “rewrd”. Columns: reward, step, .*format reward/);
    await expect(where('reward >')).rejects.toThrow(/cannot be read: syntax error at or near/);
    await expect(where("reward > 'high'")).rejects.toThrow(
      /DuckDB: .*Could not convert string 'high'.*Columns: reward/,
    );
    await expect(where('reward.x > 1')).rejects.toThrow('no column');
  });

  const hostile = [
    "COPY t TO '/tmp/stolen.csv'",
    "true; COPY t TO '/tmp/stolen.csv'",
    "true); ATTACH '/etc/passwd' AS p; SELECT (1",
    'true) UNION SELECT (1',
    'true) UNION ALL SELECT row FROM t WHERE (true',
    'true) ORDER BY (1',
    'true) LIMIT (1',
    'true) GROUP BY (1',
    "reward > (SELECT count(*) FROM read_csv('/etc/passwd'))",
    "EXISTS (SELECT * FROM '/etc/passwd')",
    "getenv('HOME') = ''",
    "length(read_text('/etc/passwd')) > 0",
    'true); INSTALL httpfs; SELECT (1',
    'true); PRAGMA database_list; SELECT (1',
    "current_setting('memory_limit') = ''",
    // Cross joins and recursions without end.
    'reward < (SELECT count(*) FROM range(1000000000) a, range(1000000000) b)',
    'reward < (WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r)',
    // Memory without end.
    "length(repeat('x', 2000000000)) > 0",
    "length(lpad('x', 2000000000, 'y')) > 0",
    `length(${'replace('.repeat(60)}'a'${", 'a', 'aaaaaaaaaa')".repeat(60)}) > 0`,
    'len(range(1000000000)) > 0',
    'len(list_transform(range(1000000000), x -> x + 1)) > 0',
    "format('{:2000000000}', 'x') = ''",
    // Time without end: as many branches at every letter.
    "file ILIKE '%j%s%o%n%l%j%s%o%n%l%'",
    'file LIKE badge',
    'COLUMNS(*) > 0',
    '$1 > 0',
    'sum(reward) > 0',
    'row_number() OVER () > 0',
    "CAST('x' AS ENUM('x')) = 'x'",
    `${'('.repeat(3000)}true${')'.repeat(900)}`,
    'a'.repeat(5000),
  ];

  it('that is hostile is refused, and the child lives on', async () => {
    const { where, client } = await openWhere();
    const before = client.pid;
    for (const condition of hostile) await expect(where(condition), condition).rejects.toSatisfy(UserError.is);
    expect(await where('reward = 1')).toEqual([1]);
    expect(client.pid).toBe(before);
  });
});

describe('a condition over many rows', () => {
  it('is cut by its time, and stops when it is no longer wanted', async () => {
    const store = new ColumnStore([]);
    for (let reward = 0; reward < 300_000; reward++) store.add({ reward, step: 1 }, '1.jsonl', null, 0);
    const { signal } = new AbortController();
    const mask = await rowsWhere('reward < 2', store, store.length, null, signal);
    expect([mask[0], ...new Set(mask.subarray(1))]).toEqual([3, 0]);
    await expect(rowsWhere('reward < 2', store, store.length, null, signal, 1)).rejects.toThrow('took longer than');
    const wanted = new AbortController();
    setTimeout(() => wanted.abort(), 5);
    await expect(rowsWhere('reward < 2', store, store.length, null, wanted.signal)).rejects.toThrow(/abort/i);
  });
});
