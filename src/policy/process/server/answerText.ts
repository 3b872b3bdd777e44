import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { Reply } from '../../../core/policy/policyRollout';

/** One choice of an answer while it is put together. */
interface Choice {
  thought: string;
  text: string;
  finish: string | null;
  readonly tokens: { text: string; logprob: number }[];
}

type Message = ChatCompletion.Choice['message'] | ChatCompletionChunk.Choice['delta'];
type Logprobs = ChatCompletion.Choice['logprobs'] | ChatCompletionChunk.Choice['logprobs'];

/** An answer longer than this is no answer: the stream is left. Characters of one choice. */
const longestAnswer = 4_000_000;

/** Puts choices together from a whole answer or from its stream. */
export class AnswerText {
  private readonly choices = new Map<number, Choice>();
  private usage: Reply['usage'] = null;
  private first: number | null = null;

  constructor(private readonly onText: ((choice: number, more: string, fresh: boolean) => void) | null) {}

  /** Milliseconds since `start` until the first text; null before it. */
  firstText(start: number): number | null {
    return this.first === null ? null : this.first - start;
  }

  add(part: ChatCompletion | ChatCompletionChunk): void {
    if (part.usage != null)
      this.usage = { input: part.usage.prompt_tokens ?? 0, output: part.usage.completion_tokens ?? 0 };
    // Servers send parts without choices: usage at the end, comments of their own.
    for (const choice of part.choices ?? []) {
      const message: Message | undefined = 'delta' in choice ? choice.delta : choice.message;
      if (message != null) this.addMessage(choice.index ?? 0, message, choice.finish_reason ?? null, choice.logprobs);
    }
  }

  /** Choices in order, without those that never came. */
  replies(): readonly Omit<Reply, 'took' | 'firstText' | 'retries'>[] {
    return [...this.choices.entries()]
      .sort(([a], [b]) => a - b)
      .map(([, { thought, text, finish, tokens }]) => ({
        text: withThought(thought, text),
        finish,
        tokens: tokens.length === 0 ? null : tokens,
        usage: this.usage,
      }));
  }

  private addMessage(index: number, message: Message, finish: string | null, logprobs: Logprobs | undefined): void {
    const choice = this.choices.get(index) ?? { thought: '', text: '', finish: null, tokens: [] };
    this.choices.set(index, choice);
    const text = typeof message.content === 'string' ? message.content : '';
    const thought = thoughtIn(message);
    const fresh = choice.thought === '' && choice.text === '';
    choice.thought += thought;
    choice.text += text;
    if (choice.thought.length + choice.text.length > longestAnswer)
      throw new SyntaxError(`the answer is longer than ${longestAnswer} characters`);
    if (finish !== null) choice.finish = finish;
    for (const { token, logprob } of logprobs?.content ?? [])
      if (typeof token === 'string' && typeof logprob === 'number') choice.tokens.push({ text: token, logprob });
    if (text === '' && thought === '') return;
    this.first ??= performance.now();
    this.onText?.(index, thought + text, fresh);
  }
}

/** Servers that tell thoughts apart call them one or the other. */
function thoughtIn(message: Message): string {
  const { reasoning_content: content, reasoning } = message as {
    readonly reasoning_content?: unknown;
    readonly reasoning?: unknown;
  };
  if (typeof content === 'string') return content;
  return typeof reasoning === 'string' ? reasoning : '';
}

/** A server's reasoning parser takes the tags off that the model wrote: they are put back where they stood. */
function withThought(thought: string, text: string): string {
  return thought === '' ? text : `<think>${thought}</think>${text}`;
}
