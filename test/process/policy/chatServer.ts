import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server says to one call, field by field as vLLM's OpenAI server writes it. */
export interface Said {
  readonly text?: string;
  /** As a server with a reasoning parser tells it apart. */
  readonly thought?: string;
  /** Texts of several choices, in place of `text`. */
  readonly choices?: readonly string[];
  /** An error in place of an answer. */
  readonly status?: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds before the answer. */
  readonly after?: number;
  /** The connection is cut after half of the text. */
  readonly cut?: boolean;
  /** Sent as it is, in place of JSON. */
  readonly raw?: string;
  readonly logprobs?: readonly { readonly token: string; readonly logprob: number }[];
}

/** A call as it came in. */
export interface Asked {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: ChatBody;
}

export interface ChatBody {
  readonly model: string;
  readonly messages: readonly {
    readonly role: string;
    readonly content:
      | string
      | readonly { readonly type: string; readonly text?: string; readonly image_url?: { readonly url: string } }[];
  }[];
  readonly stream?: boolean;
  readonly seed?: number;
  readonly n?: number;
  readonly temperature?: number;
  readonly logprobs?: boolean;
  readonly response_format?: unknown;
}

/** A small server that speaks the OpenAI protocol over a socket, saying what a test writes. */
export class ChatServer {
  readonly asked: Asked[] = [];
  /** Calls under way now, and the most there ever were. */
  busy = 0;
  busiest = 0;
  answered = 0;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  constructor(public say: (body: ChatBody, call: number) => Said) {}

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith('/models')) {
      json(response, 200, { object: 'list', data: [{ id: 'Qwen2.5-VL-test', object: 'model' }] });
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatBody;
    const call = this.asked.length;
    this.asked.push({ url: request.url ?? '', headers: request.headers, body });
    this.busy++;
    this.busiest = Math.max(this.busiest, this.busy);
    response.once('close', () => this.busy--);
    const said = this.say(body, call);
    if (said.after !== undefined) await new Promise((resolve) => setTimeout(resolve, said.after));
    if (response.destroyed) return;
    this.answer(response, body, said);
  }

  private answer(response: ServerResponse, body: ChatBody, said: Said): void {
    if (said.status !== undefined) {
      for (const [name, value] of Object.entries(said.headers ?? {})) response.setHeader(name, value);
      json(response, said.status, { error: { message: said.message ?? 'no', type: 'test', code: said.status } });
      return;
    }
    if (said.raw !== undefined) {
      response.writeHead(200, { 'content-type': body.stream ? 'text/event-stream' : 'application/json' });
      response.end(said.raw);
      return;
    }
    const texts = said.choices ?? [said.text ?? ''];
    if (body.stream) this.stream(response, texts, said);
    else {
      json(response, 200, {
        id: 'chatcmpl-1',
        object: 'chat.completion',
        choices: texts.map((content, index) => ({
          index,
          message: {
            role: 'assistant',
            content,
            ...(said.thought === undefined ? {} : { reasoning_content: said.thought }),
          },
          logprobs: said.logprobs === undefined ? null : { content: said.logprobs },
          finish_reason: 'stop',
        })),
        usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
      });
      this.answered++;
    }
  }

  private stream(response: ServerResponse, texts: readonly string[], { thought, cut }: Said): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const part = (choice: object) =>
      response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [choice] })}\n\n`);
    texts.forEach((text, index) => {
      if (thought !== undefined) part({ index, delta: { reasoning_content: thought }, finish_reason: null });
      const half = Math.ceil(text.length / 2);
      part({ index, delta: { role: 'assistant', content: text.slice(0, half) }, finish_reason: null });
      if (!cut) {
        part({ index, delta: { content: text.slice(half) }, finish_reason: null });
        part({ index, delta: {}, finish_reason: 'stop' });
      }
    });
    if (cut) {
      // What was written must be on its way before the socket is torn down.
      setTimeout(() => response.destroy(), 20);
      return;
    }
    response.write(`data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 7 } })}\n\n`);
    response.end('data: [DONE]\n\n');
    this.answered++;
  }
}

/** The text of a call's prompt, without its pictures. */
export function promptOf({ messages }: ChatBody): string {
  return messages
    .flatMap(({ content }) => (typeof content === 'string' ? content : content.flatMap(({ text }) => text ?? [])))
    .join('\n');
}

/** Data URIs of a call's pictures. */
export function picturesOf({ messages }: ChatBody): readonly string[] {
  return messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.flatMap(({ image_url: image }) => image?.url ?? []),
  );
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
