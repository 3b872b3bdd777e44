import OpenAI from 'openai';
import type { ModelInput } from '../../../core/policy/convention';
import type { PolicyLabel, Reply } from '../../../core/policy/policyRollout';
import { inputOf, type ServerSpec } from '../../../core/policy/policySpec';
import { UserError } from '../../../core/text/userError';
import type { Ask, Policy, SenseAsk } from '../policy';
import { AnswerText } from './answerText';
import { attempted } from './attempts';
import { Balance } from './balance';
import { type BodyParts, bodyOf, type Nicety, refusedNicety, usedNiceties } from './body';
import { failureOf } from './failure';
import { Gate } from './gate';

type Call = Pick<Ask, 'messages' | 'seed' | 'schema' | 'onWait'> & {
  readonly count: number;
  readonly onText: ((choice: number, more: string, fresh: boolean) => void) | null;
};

/** A model behind an OpenAI-compatible endpoint, or behind several that are alike. */
export class ServerPolicy implements Policy {
  readonly reads = true;
  readonly image: 'jpeg' | 'png';
  private readonly gate: Gate;
  private readonly servers: Balance<OpenAI>;
  private readonly refused = new Set<Nicety>();
  private named: string | null;

  /** The key is kept in memory, and taken out of everything that a server says. */
  constructor(
    private readonly spec: ServerSpec,
    private readonly key: string | null,
  ) {
    this.image = spec.image;
    this.named = spec.model;
    this.gate = new Gate(spec.concurrency);
    this.servers = new Balance(spec.baseUrls.map((baseURL) => clientOf(baseURL, spec, key)));
  }

  async input(signal: AbortSignal): Promise<ModelInput> {
    return inputOf(this.spec, await this.model(signal));
  }

  async label(signal: AbortSignal): Promise<PolicyLabel> {
    const model = await this.model(signal);
    const { name, temperature } = this.spec;
    return { name, kind: 'server', model, convention: inputOf(this.spec, model).convention, temperature };
  }

  /** Names that the first server to answer gives. Throws `UserError` where none answers. */
  async models(signal: AbortSignal): Promise<readonly string[]> {
    const { value } = await attempted(
      () => this.servers.use(async (client) => (await client.models.list({ signal })).data, isLost(this.key)),
      this.attempts(signal, () => undefined),
    );
    return (Array.isArray(value) ? value : []).map(({ id }) => id).filter((id) => typeof id === 'string');
  }

  sense(ask: SenseAsk, signal: AbortSignal): readonly Promise<Reply>[] {
    const { rollouts, messages, seed, onText, onWait } = ask;
    const one = async (rollout: number): Promise<Reply> => {
      const told = onText === null ? null : (_: number, more: string, fresh: boolean) => onText(rollout, more, fresh);
      const call = { messages, seed: seed + rollout, schema: null, onWait, count: 1, onText: told };
      return first(await this.call(call, signal), this.spec.name);
    };
    if (this.spec.sampling === 'separate' || rollouts.length < 2 || this.refused.has('n')) return rollouts.map(one);
    const told =
      onText === null
        ? null
        : (choice: number, more: string, fresh: boolean) => onText(rollouts[choice] ?? choice, more, fresh);
    const together = this.call(
      { messages, seed: seed + (rollouts[0] ?? 0), schema: null, onWait, count: rollouts.length, onText: told },
      signal,
    );
    // A server that ignores `n` gives one answer: the others are asked for one by one.
    return rollouts.map(async (rollout, i) => (await together)[i] ?? one(rollout));
  }

  async answer({ onText, ...ask }: Ask, signal: AbortSignal): Promise<Reply> {
    const told = onText === null ? null : (_: number, more: string, fresh: boolean) => onText(more, fresh);
    return first(await this.call({ ...ask, count: 1, onText: told }, signal), this.spec.name);
  }

  private async call(call: Call, signal: AbortSignal): Promise<readonly Reply[]> {
    const model = await this.model(signal);
    const parts: BodyParts = { ...call, model, stream: call.onText !== null };
    return this.gate.run(signal, async () => {
      let used: readonly Nicety[] = [];
      const start = performance.now();
      const { value, retries } = await attempted(
        () => {
          used = usedNiceties(this.spec, parts).filter((name) => !this.refused.has(name));
          return this.servers.use((client) => this.ask(client, parts, used, call.onText, signal), isLost(this.key));
        },
        {
          ...this.attempts(signal, call.onWait),
          concede: (failure) => {
            const nicety = refusedNicety(failure, used);
            if (nicety !== null) this.refused.add(nicety);
            return nicety !== null;
          },
        },
      );
      const took = performance.now() - start;
      return value.replies().map((reply) => ({
        ...reply,
        text: this.key === null || this.key === '' ? reply.text : reply.text.replaceAll(this.key, '•••'),
        took,
        firstText: value.firstText(start),
        retries,
      }));
    });
  }

  private async ask(
    client: OpenAI,
    parts: BodyParts,
    niceties: readonly Nicety[],
    onText: Call['onText'],
    signal: AbortSignal,
  ): Promise<AnswerText> {
    const body = bodyOf(this.spec, parts, niceties);
    const text = new AnswerText(onText);
    if (body.stream === true) {
      const stream = await client.chat.completions.create({ ...body, stream: true }, { signal });
      for await (const part of stream) text.add(part);
      if (signal.aborted) throw new Error('cancelled');
    } else text.add(await client.chat.completions.create({ ...body, stream: false }, { signal }));
    // A gateway's page, or an object of another kind.
    if (text.replies().length === 0) throw new SyntaxError('it holds no choice');
    return text;
  }

  private async model(signal: AbortSignal): Promise<string> {
    if (this.named !== null) return this.named;
    const [found] = await this.models(signal);
    if (found === undefined) throw new UserError(`${this.spec.name}: the server names no model; set one`);
    this.named = found;
    return found;
  }

  private attempts(signal: AbortSignal, onWait: Ask['onWait']) {
    const { retries, name } = this.spec;
    return { retries, key: this.key, name, signal, onWait, concede: () => false };
  }
}

function clientOf(baseURL: string, { timeout }: ServerSpec, key: string | null): OpenAI {
  return new OpenAI({
    baseURL,
    // The library insists on a key; without one its header is taken away again.
    apiKey: key ?? 'none',
    ...(key === null ? { defaultHeaders: { Authorization: null } } : {}),
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: timeout * 1000,
    logLevel: 'off',
  });
}

/** Whether an address gave no answer at all, and others should be asked before it. */
const isLost = (key: string | null) => (error: unknown) => {
  const failure = failureOf(error, key);
  return failure !== null && (failure.status === null || failure.status >= 500) && failure.again;
};

function first(replies: readonly Reply[], name: string): Reply {
  const [reply] = replies;
  if (reply === undefined) throw new UserError(`${name}: the server gave an answer without a choice`);
  return reply;
}
