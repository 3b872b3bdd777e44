import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PolicyEvents } from '../../../src/protocol/policy';
import { looks, request, sampleOf, server } from './asked';
import { ChatServer } from './chatServer';
import { type Lab, policyLab } from './fixture';

let lab: Lab;
let url: string;
const chat = new ChatServer(() => ({ text: '' }));
const key = 'sk-secret-0123456789';
const answer = looks([0, 0, 196, 196]);
const waits: PolicyEvents['policy/waiting'][] = [];
const texts: PolicyEvents['policy/text'][] = [];

beforeAll(async () => {
  lab = await policyLab();
  url = await chat.start();
  lab.client.on('policy/waiting', (wait) => waits.push(wait));
  lab.client.on('policy/text', (text) => texts.push(text));
});
beforeEach(() => {
  chat.asked.length = 0;
  chat.busiest = 0;
  waits.length = 0;
  texts.length = 0;
  chat.say = () => ({ text: answer });
});
afterAll(() => chat.stop());

/** One group of regions alone, by a server of its own, so that what another was refused is not remembered. */
let servers = 0;
const propose = async (
  spec: Parameters<typeof server>[1] = {},
  more: Parameters<typeof request>[1] = {},
  signal?: AbortSignal,
) => {
  const policy = { spec: server(url, { name: `test ${++servers}`, model: 'Qwen2.5-VL', ...spec }), key };
  return (await lab.client.propose(request(sampleOf(lab.image), { policy, ...more }), signal)).rollouts;
};
const first = async (...asked: Parameters<typeof propose>) => (await propose(...asked))[0]!;

describe('a server that', () => {
  it('streams is read along, and its thought told apart is put back into its tags', async () => {
    const said = answer.slice(answer.indexOf('<answer>'));
    chat.say = () => ({ text: said, thought: 'Up there.' });
    const rollout = await first({}, { stream: true });
    expect(rollout.reply).toMatchObject({
      text: `<think>Up there.</think>${said}`,
      finish: 'stop',
      usage: { input: 11, output: 7 },
    });
    expect(rollout.reply.firstText).not.toBeNull();
    expect(texts.map(({ more }) => more).join('')).toBe(`Up there.${said}`);
    expect(texts.map(({ fresh }) => fresh)).toEqual([true, ...texts.slice(1).map(() => false)]);
  });

  it('is busy is asked again when it says so', async () => {
    chat.say = (_, call) => (call === 0 ? { status: 429, headers: { 'retry-after': '0.05' } } : { text: answer });
    expect(await first()).toMatchObject({ malformed: null, reply: { retries: 1 } });
    expect(waits).toEqual([{ job: 'job', reason: expect.stringContaining('429'), ms: 50 }]);
  });

  it.each([
    ['fails', { status: 503, headers: { 'retry-after-ms': '1' } }],
    ['answers no JSON', { raw: '<html>gateway</html>' }],
    ['cuts the stream in half', { text: answer, cut: true }],
    ['ends a stream with an error', { raw: 'data: {"error": {"message": "out of memory"}}\n\n' }],
    ['streams broken JSON', { raw: 'data: {"choices": [{\n\n' }],
  ] as const)('%s is asked again', async (_, said) => {
    chat.say = (_body, call) => (call === 0 ? said : { text: answer });
    const stream = !('raw' in said && said.raw.startsWith('<'));
    expect(await first({}, { stream })).toMatchObject({ malformed: null, reply: { text: answer, retries: 1 } });
  });

  it('refuses the key is told of without the key, and not asked again', async () => {
    chat.say = () => ({ status: 401, message: `Incorrect API key provided: ${key}` });
    await expect(propose()).rejects.toThrow(/the server refuses the key .*•••/);
    expect(chat.asked).toHaveLength(1);
    expect(lab.log.join('\n')).not.toContain(key);
  });

  it('keeps failing is given up, with what it said', async () => {
    chat.say = () => ({ status: 500, message: 'CUDA out of memory', headers: { 'retry-after-ms': '1' } });
    await expect(propose({ retries: 2 })).rejects.toThrow(/CUDA out of memory, 3 times/);
    expect(chat.asked).toHaveLength(3);
  });

  it('knows no schema and no log probabilities is asked without, from then on', async () => {
    chat.say = ({ response_format: format, logprobs }) => {
      if (format !== undefined) return { status: 400, message: 'response_format is not supported' };
      if (logprobs === true) return { status: 400, message: 'logprobs: unknown field' };
      return { text: answer };
    };
    const policy = { spec: server(url, { name: 'plain', model: 'Qwen2.5-VL', logprobs: true }), key: null };
    const asked = request(sampleOf(lab.image), { policy, taskPolicy: policy });
    await lab.client.propose(asked);
    // Two refusals, then where to look and one region.
    expect(chat.asked).toHaveLength(4);
    await lab.client.propose(asked);
    expect(chat.asked).toHaveLength(6);
  });

  it('tells log probabilities has them kept', async () => {
    const token = { token: answer, logprob: -0.25 };
    chat.say = () => ({ text: answer, logprobs: [token] });
    expect((await first({ logprobs: true })).reply.tokens).toEqual([{ text: answer, logprob: -0.25 }]);
  });

  it('gives fewer choices than asked is asked for the others', async () => {
    chat.say = ({ n = 1 }) => ({ choices: n > 1 ? [answer, answer] : [answer] });
    expect(await propose({ sampling: 'n' }, { count: 4 })).toHaveLength(4);
    expect(chat.asked.map(({ body }) => body.n ?? 1)).toEqual([4, 1, 1]);
  });

  it('is slow is left when the request is cancelled', async () => {
    chat.say = () => ({ text: answer, after: 60_000 });
    const ending = new AbortController();
    const asked = propose({}, { count: 3 }, ending.signal);
    await vi.waitFor(() => expect(chat.busy).toBe(3));
    ending.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(chat.busy).toBe(0));
  });

  it('has a limit is never asked more at once', async () => {
    chat.say = () => ({ text: answer, after: 20 });
    await propose({ concurrency: 2 }, { count: 9 });
    expect(chat.busiest).toBe(2);
  });
});

describe('several addresses', () => {
  it('share the calls, and one that is gone is passed over', async () => {
    const other = new ChatServer(() => ({ text: answer, after: 10 }));
    chat.say = () => ({ text: answer, after: 10 });
    const second = await other.start();
    await propose({ baseURL: [url, second], concurrency: 4 }, { count: 8 });
    expect([chat.asked.length, other.asked.length]).toEqual([4, 4]);
    await other.stop();
    expect(await propose({ baseURL: [url, second], concurrency: 4 }, { count: 8 })).toHaveLength(8);
    expect(chat.asked).toHaveLength(12);
  });
});

describe('an endpoint', () => {
  it('is checked: its models, and how the one that will be asked writes numbers', async () => {
    const { models, model, convention } = await lab.client.check({ spec: server(url), key: null });
    expect({ models, model, convention }).toEqual({
      models: ['Qwen2.5-VL-test'],
      model: 'Qwen2.5-VL-test',
      convention: 'abs-resized',
    });
  });

  it('that does not answer is named', async () => {
    const spec = server('http://127.0.0.1:9/v1', { retries: 0 });
    await expect(lab.client.check({ spec, key: null })).rejects.toThrow(/test: no connection/);
  });
});
