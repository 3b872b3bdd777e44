import { open, rm, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

const good = verlLine();

async function scan(files: Record<string, string | Uint8Array>, path = '') {
  const folder = await makeFolder(files);
  const { client } = await startClient();
  const trace = await openTrace(client, join(folder, path));
  return { ...trace, client, folder, info: await trace.scanned() };
}

async function refusal(files: Record<string, string | Uint8Array>, path = ''): Promise<string> {
  const folder = await makeFolder(files);
  const { client } = await startClient();
  const failure: unknown = await openTrace(client, join(folder, path)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'UserError' });
  return (failure as Error).message.replaceAll(folder, '…');
}

describe('bad rows cost themselves and nothing else', () => {
  it('a last line that was cut off', async () => {
    const { info } = await scan({ '7.jsonl': good + good + good.slice(0, 30) });
    expect(info).toMatchObject({ rollouts: 2, problemCount: 1 });
    expect(info.problems[0]).toEqual({
      severity: 'error',
      file: '7.jsonl',
      line: 3,
      element: null,
      field: null,
      message: 'The last line is cut off: its writer stopped in the middle of it, or is still writing.',
    });
  });

  it('a last line without a newline is whole all the same', async () => {
    expect((await scan({ '7.jsonl': good + good.trimEnd() })).info).toMatchObject({ rollouts: 2, problemCount: 0 });
  });

  it('NaN and infinities: the row opens, its reward is not a number', async () => {
    const rows = ['NaN', 'Infinity', '-Infinity'].map((value) => good.replace('"score":1', `"score": ${value}`));
    const { info, groups, group } = await scan({ '7.jsonl': rows.join('') + good });
    expect(info).toMatchObject({ rollouts: 4, problemCount: 0 });
    const [summary] = await groups();
    expect(summary!.rollouts.map(({ reward }) => reward)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1,
    ]);
    expect(summary!.meanReward).toBeNaN();
    expect((await group(0)).rollouts[0]!.reward).toBeNaN();
  });

  it('rows that are no object, or lack what a rollout needs', async () => {
    const bad = ['[1]', '3', 'nonsense', '{"input": "a", "score": 1}', '{"output": 3}'];
    const { info } = await scan({ '7.jsonl': `${good + bad.join('\n')}\n\n   \n${good}` });
    expect(info).toMatchObject({ rollouts: 2, problemCount: 5 });
    expect(info.problems.map(({ line, field, severity }) => [line, field, severity])).toEqual([
      [2, null, 'error'],
      [3, null, 'error'],
      [4, null, 'error'],
      [5, 'output', 'error'],
      [6, 'output', 'error'],
    ]);
  });

  it('columns of the wrong type', async () => {
    const { info, groups } = await scan({ '7.jsonl': good + verlLine({ score: 'high', step: 7.5 }) });
    expect(info.problems.map(({ line, field }) => [line, field])).toEqual([
      [2, 'step'],
      [2, 'score'],
    ]);
    expect((await groups())[0]).toMatchObject({ rollouts: [{ reward: 1 }, { reward: null, step: 7 }] });
  });

  it('an empty file and one in another encoding among good ones', async () => {
    const { info } = await scan({
      '1.jsonl': verlLine({ step: 1 }),
      '2.jsonl': '',
      '3.jsonl': Buffer.from(`\ufeff${verlLine({ step: 3 })}`, 'utf16le'),
      '4.jsonl': `\ufeff${verlLine({ step: 4 })}`,
    });
    expect(info).toMatchObject({ rollouts: 2, steps: [1, 4], problemCount: 2 });
    expect(info.problems.map(({ file, message }) => [file, message.split('.')[0]])).toEqual([
      ['2.jsonl', 'The file is empty'],
      ['3.jsonl', 'The file is UTF-16LE, not UTF-8'],
    ]);
  });

  it('a row in Latin-1 opens and says so', async () => {
    const latin1 = Buffer.from(verlLine({ output: 'caf\u00e9' }), 'latin1');
    const { info, rollout } = await scan({ '7.jsonl': Buffer.concat([Buffer.from(good), latin1]) });
    expect(info).toMatchObject({ rollouts: 2, problemCount: 1 });
    expect(info.problems[0]).toMatchObject({ line: 2, severity: 'warning' });
    expect(info.problems[0]!.message).toMatch(/^Not UTF-8: byte 0xE9 at byte \d+ of the line\. It was read as Latin-1/);
    expect((await rollout(1)).response).toBe('café');
  });

  it('a single line of 50 MB opens, cut in its group and whole by row; one of 70 MB is passed over', async () => {
    const huge = verlLine({ output: 'x'.repeat(50_000_000) });
    const { info, group, rollout } = await scan({
      '7.jsonl': good + verlLine({ output: 'y'.repeat(70_000_000) }) + huge + good,
    });
    expect(info).toMatchObject({ rollouts: 3, groups: 1 });
    expect(info.problems).toMatchObject([{ line: 2, message: expect.stringContaining('70 MB') }]);
    const detail = await group(0);
    expect(detail.rollouts.map(({ line }) => line)).toEqual([1, 3, 4]);
    expect(detail.truncated).toEqual([{ row: 1, length: 50_000_000 }]);
    expect(detail.rollouts[1]!.response.length).toBe(256 * 1024);
    expect((await rollout(1)).response.length).toBe(50_000_000);
  });

  it('a million-fold mistake is counted, and told a thousand times at most', async () => {
    const { info } = await scan({ '7.jsonl': good + '[]\n'.repeat(5000) });
    expect(info.problemCount).toBe(5000);
    expect(info.problems).toHaveLength(1000);
  });
});

describe('what cannot be opened is refused with the reason', () => {
  it.each([
    ['an empty file', { '7.jsonl': '' }, '7.jsonl', '…/7.jsonl is empty: there is no rollout in it.'],
    ['UTF-16', { '7.jsonl': Buffer.from(good, 'utf16le') }, '7.jsonl', '…/7.jsonl: The file is UTF-16LE, not UTF-8.'],
    ['a binary file', { '7.jsonl': Buffer.from([1, 0, 0, 0, 2, 3, 0]) }, '7.jsonl', '…/7.jsonl: The file is binary'],
    [
      'unrelated JSON',
      { 'package.json': '{}' },
      'package.json',
      '…/package.json is not a trace Saccade knows. It looked for verl',
    ],
    [
      'a folder without any trace',
      { 'a.txt': 'x' },
      '',
      'No trace in …. Saccade looked for verl rollout dumps ({step}.jsonl',
    ],
    ['a folder of an empty file', { '7.jsonl': '' }, '', 'No trace in …. 7.jsonl is empty: there is no rollout in it.'],
    [
      'a folder of UTF-16',
      { '7.jsonl': Buffer.from(good, 'utf16le') },
      '',
      'No trace in …. 7.jsonl: The file is UTF-16LE, not UTF-8.',
    ],
    ['nothing', {}, 'gone.jsonl', '…/gone.jsonl: there is no such file or folder.'],
  ])('%s', async (_, files, path, message) => {
    expect(await refusal(files as Record<string, string>, path)).toContain(message);
  });

  it('a link to itself', async () => {
    const folder = await makeFolder();
    await symlink('7.jsonl', join(folder, '7.jsonl'));
    const { client } = await startClient();
    await expect(openTrace(client, join(folder, '7.jsonl'))).rejects.toMatchObject({
      name: 'UserError',
      message: `${join(folder, '7.jsonl')}: its links lead in a circle`,
    });
  });
});

describe('files that change under an open trace', () => {
  it('say so by row, and the rest still answers', async () => {
    const { folder, groups, rollout } = await scan({
      '1.jsonl': verlLine({ step: 1 }).repeat(8),
      '2.jsonl': verlLine({ step: 2 }),
    });
    await truncate(join(folder, '1.jsonl'), 50);
    await rm(join(folder, '2.jsonl'));
    await expect(rollout(0)).rejects.toThrow('1.jsonl, line 1: the file changed after it was opened. Open it again.');
    await expect(rollout(8)).rejects.toThrow('2.jsonl: there is no such file (any more)');
    expect(await groups()).toHaveLength(2);
  });

  it('and a file that vanishes before it is read costs only its rows', async () => {
    const folder = await makeFolder({ '1.jsonl': verlLine({ step: 1 }).repeat(200_000), '2.jsonl': good });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    await rm(join(folder, '2.jsonl'));
    const info = await trace.scanned();
    expect(info).toMatchObject({ rollouts: 200_000, problemCount: 1 });
    expect(info.problems[0]).toMatchObject({ file: '2.jsonl', line: null });
  });

  it('a number that is no row or group is refused, not fatal', async () => {
    const { group, rollout, groups } = await scan({ '7.jsonl': good });
    await expect(group(5)).rejects.toThrow('no group 6');
    await expect(rollout(-1)).rejects.toThrow('no row');
    expect(await groups(0, 1e9)).toHaveLength(1);
    expect(await groups(5, 5)).toEqual([]);
  });
});

it('a folder is read through links, and a link that leads nowhere is passed over', async () => {
  const folder = await makeFolder({ 'data/1.jsonl': verlLine({ step: 1 }) });
  const { symlink } = await import('node:fs/promises');
  await symlink(join(folder, 'data/1.jsonl'), join(folder, '1.jsonl'));
  await symlink(join(folder, 'nowhere'), join(folder, '2.jsonl'));
  const { client } = await startClient();
  expect(await (await openTrace(client, folder)).scanned()).toMatchObject({ files: ['1.jsonl'], rollouts: 1 });
  const handle = await open(join(folder, '1.jsonl'));
  await handle.close();
});
