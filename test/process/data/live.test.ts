import { appendFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

const row = (question: string, score: number, step = 7) =>
  verlLine({ input: `user\n${question}\nassistant\n`, score, step });

/** A trace that is watched as if its editor were in front. */
async function watched(path: string) {
  const { client, log } = await startClient();
  const trace = await openTrace(client, path);
  await trace.scanned();
  await client.call('trace/watch', { traceId: trace.traceId, visible: true });
  const last = () => trace.reports.at(-1)!;
  const until = async (reached: () => boolean) => {
    while (!reached()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  /** Waits until a look found so many rows. */
  const grown = (rollouts: number) => until(() => last().rollouts >= rollouts);
  const titles = async () => (await trace.groups()).map(({ title, size }) => `${title} ${size}`);
  return { ...trace, client, log, last, until, grown, titles };
}

describe('a log that is being written', () => {
  it('grows at its end: a half-written line waits, groups that are there stay where they are', async () => {
    const folder = await makeFolder({ '7.jsonl': row('A?', 1) + row('B?', 2) });
    const file = join(folder, '7.jsonl');
    const trace = await watched(file);
    const [next, rest] = [row('B?', 3), row('C?', 4)];
    await appendFile(file, next + rest.slice(0, 20));
    await trace.grown(3);
    expect(await trace.titles()).toEqual(['A? 1', 'B? 2']);
    expect(trace.last()).toMatchObject({ done: true, groups: 2, problems: 1 });
    expect(trace.reports.filter(({ done, sizesFrom }) => done && sizesFrom === 1)).not.toEqual([]);
    const [problem] = (await trace.scanned()).problems;
    expect(problem).toMatchObject({ line: 4, message: expect.stringContaining('or is still writing') });

    await appendFile(file, rest.slice(20));
    await trace.grown(4);
    expect(await trace.titles()).toEqual(['A? 1', 'B? 2', 'C? 1']);
    expect(await trace.scanned()).toMatchObject({ problemCount: 0 });
    expect(await trace.rollout(3)).toMatchObject({ reward: 4, line: 4 });
    expect(trace.last().bytesRead).toBe(trace.last().bytesTotal);
  });

  it('knows the rows of lines that came after somebody asked for others', async () => {
    const folder = await makeFolder({ '7.jsonl': row('A?', 1) });
    const trace = await watched(join(folder, '7.jsonl'));
    const rowsAt = (...lines: readonly number[]) =>
      trace.client.call('notes/rows', { traceId: trace.traceId, file: '7.jsonl', lines });
    expect(await rowsAt(1, 2)).toEqual([0, null]);
    await appendFile(join(folder, '7.jsonl'), row('B?', 2));
    await trace.grown(2);
    expect(await rowsAt(1, 2)).toEqual([0, 1]);
  });

  it('gains steps as files, also one that was empty when it was seen first', async () => {
    const folder = await makeFolder({ '1.jsonl': row('A?', 1, 1), '2.jsonl': '' });
    const trace = await watched(folder);
    expect(await trace.scanned()).toMatchObject({ problemCount: 1, files: ['1.jsonl', '2.jsonl'] });
    await appendFile(join(folder, '2.jsonl'), row('A?', 2, 2));
    await writeFile(join(folder, '3.jsonl'), row('A?', 3, 3));
    await trace.grown(3);
    expect(await trace.scanned()).toMatchObject({
      steps: [1, 2, 3],
      problemCount: 0,
      files: ['1.jsonl', '2.jsonl', '3.jsonl'],
    });
    expect((await trace.groups()).map(({ meanReward, attempt }) => [meanReward, attempt])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, undefined],
    ]);
  });

  it('is left alone while nobody looks at it', async () => {
    const folder = await makeFolder({ '1.jsonl': row('A?', 1) });
    const { client } = await startClient();
    const quiet = await openTrace(client, folder);
    await quiet.scanned();
    const told = quiet.reports.length;
    await appendFile(join(folder, '1.jsonl'), row('B?', 1));
    const other = await openTrace(client, folder);
    await other.scanned();
    await client.call('trace/watch', { traceId: other.traceId, visible: true });
    await appendFile(join(folder, '1.jsonl'), row('C?', 1));
    while (other.reports.at(-1)!.rollouts < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(quiet.reports.filter(({ traceId }) => traceId === quiet.traceId)).toHaveLength(told);
  });
});

describe('a run that was resumed', () => {
  it('writes a step anew: another attempt, not twice the size', async () => {
    const folder = await makeFolder({ '6.jsonl': row('Z?', 0, 6), '7.jsonl': row('A?', 1) + row('A?', 2) });
    const trace = await watched(folder);
    // Python opens it with "w": it is empty for a moment.
    await truncate(join(folder, '7.jsonl'), 0);
    await trace.until(() => trace.last().problems === 1);
    await appendFile(join(folder, '7.jsonl'), row('A?', 5) + row('A?', 6) + row('A?', 7));
    await trace.grown(6);
    const groups = await trace.groups();
    expect(groups.map(({ size, meanReward, attempt }) => ({ size, meanReward, attempt }))).toEqual([
      { size: 1, meanReward: 0, attempt: undefined },
      { size: 2, meanReward: 1.5, attempt: { number: 1, superseded: true } },
      { size: 3, meanReward: 6, attempt: { number: 2, superseded: false } },
    ]);
    expect(await trace.rollout(4)).toMatchObject({ reward: 6, line: 2 });
    await expect(trace.rollout(1)).rejects.toThrow('the text of this attempt is lost');
    expect(await trace.scanned()).toMatchObject({ problemCount: 0, files: ['6.jsonl', '7.jsonl'] });
  });

  it('goes on in the same log from an earlier step: steps from there on are another attempt', async () => {
    // RLLoggingBoard as DeepEyes writes it: every step appended to one file.
    const line = (step: number, reward: number) => {
      const prompt = '<|im_start|>user\nWhere?<|im_end|>\n<|im_start|>assistant\n';
      const tokens = { response_tokens: ['a'], logprobs: [-1], token_rewards: [1] };
      return `${JSON.stringify({ step, prompt, response: 'There.', ...tokens, reward })}\n`;
    };
    const folder = await makeFolder({
      'rollout_data_rank0.jsonl': [1, 2, 3].map((s) => line(s, s) + line(s, s)).join(''),
    });
    const trace = await watched(folder);
    await appendFile(join(folder, 'rollout_data_rank0.jsonl'), line(2, 20) + line(2, 22) + line(3, 30) + line(4, 40));
    await trace.grown(10);
    const groups = await trace.groups();
    expect(groups.map(({ step, size, meanReward, attempt }) => [step, size, meanReward, attempt])).toEqual([
      [1, 2, 1, undefined],
      [2, 2, 2, { number: 1, superseded: true }],
      [3, 2, 3, { number: 1, superseded: true }],
      [2, 2, 21, { number: 2, superseded: false }],
      [3, 1, 30, { number: 2, superseded: false }],
      [4, 1, 40, { number: 2, superseded: false }],
    ]);
    const { parts } = await trace.client.call('overview/steps', {
      traceId: trace.traceId,
      columns: ['reward'],
      right: null,
    });
    // Numbers by step are those of the last attempt.
    expect([...parts[0]!.columns[0]!.series.mean]).toEqual([1, 21, 30, 40]);
    // Its text is still there.
    expect(await trace.rollout(2)).toMatchObject({ reward: 2 });
    const second = { chips: [{ kind: 'range', column: 'attempt', from: 2, to: 2 } as const], where: '', sort: null };
    const { rows } = await trace.client.call('trace/query', { traceId: trace.traceId, query: second });
    expect(rows).toBe(4);
  });
});

describe('files that are taken away under the reader', () => {
  it('leave their rows, say so when one is asked for, and are found again when they are back', async () => {
    const folder = await makeFolder({ '1.jsonl': row('A?', 1, 1), '2.jsonl': row('B?', 2, 2) });
    const trace = await watched(folder);
    await rm(join(folder, '2.jsonl'));
    await writeFile(join(folder, '3.jsonl'), row('C?', 3, 3));
    await trace.grown(3);
    expect(await trace.titles()).toEqual(['A? 1', 'B? 1', 'C? 1']);
    await expect(trace.rollout(1)).rejects.toThrow('2.jsonl: there is no such file (any more)');
    await writeFile(join(folder, '2.jsonl'), row('B?', 2, 2) + row('B?', 5, 2));
    await trace.grown(4);
    expect(await trace.titles()).toEqual(['A? 1', 'B? 2', 'C? 1']);
    expect((await trace.groups())[1]).toMatchObject({ meanReward: 3.5 });
    expect(trace.log.join('\n')).not.toContain('Error');
  });

  it('may be cut while they are read', async () => {
    const all = Array.from({ length: 20_000 }, (_, i) => row(`${i}?`, i)).join('');
    const folder = await makeFolder({ '7.jsonl': all });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, '7.jsonl'));
    while (trace.reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await truncate(join(folder, '7.jsonl'), 1000);
    const { rollouts } = await trace.scanned();
    expect(rollouts).toBeGreaterThan(0);
    await expect(trace.rollout(rollouts - 1)).rejects.toThrow('the file changed after it was opened');
  });
});
