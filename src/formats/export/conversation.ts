import {
  countImageMarks,
  imageMark,
  type PromptMessage,
  plainText,
  promptMessages,
} from '../../core/trajectory/promptMessages';
import type { Rollout } from '../../core/trajectory/rollout';

/** A message of an exported conversation. */
export interface ExportMessage extends PromptMessage {
  /** 0-based turns of the rollout that it holds; none for the prompt's. */
  readonly turns: readonly number[];
}

/** A rollout as messages: after a system message the user's side and the policy's alternate, and the policy ends. */
export interface Conversation {
  /** '' without one. */
  readonly system: string;
  readonly messages: readonly ExportMessage[];
  /** Messages of the prompt among them. */
  readonly asked: number;
  /** One path for each `<image>` of the messages, in their order. */
  readonly images: readonly string[];
}

/** Pictures by the path that the export gives them. */
export interface ExportPictures {
  readonly question: readonly string[];
  /** What came back, in order; `turn` is that of the reply, or of the call it answers. */
  readonly replies: readonly { readonly turn: number; readonly path: string }[];
}

/** Why a rollout cannot be written: counted in the manifest by this sentence. */
export interface LeftOut {
  readonly reason: string;
}

export function isLeftOut(value: object): value is LeftOut {
  return 'reason' in value;
}

interface Draft extends ExportMessage {
  readonly images: readonly string[];
}

/** Consumers count `<image>` marks and pictures and fail, or train on the wrong one, where they differ: so such a rollout is left out. */
export function conversationOf(
  { prompt, response, turns }: Pick<Rollout, 'prompt' | 'response' | 'turns'>,
  { question, replies }: ExportPictures,
): Conversation | LeftOut {
  const all = promptMessages(prompt);
  const system = all[0]?.role === 'system' ? all[0].content : '';
  const asked = marked(system === '' ? all : all.slice(1), question);
  if (isLeftOut(asked)) return asked;
  if (asked.length === 0) return { reason: 'its prompt is empty' };
  if (asked[0]?.role !== 'user' || asked.at(-1)?.role === 'assistant')
    return { reason: 'its prompt does not end with a question' };
  const said: Draft[] = [];
  for (const turn of turns) {
    const text = response.slice(turn.span.start, turn.span.end);
    if (turn.role === 'assistant') {
      said.push({ role: 'assistant', content: plainText(text), turns: [turn.index], images: [] });
      const silent = turns[turn.index + 1]?.role === 'assistant';
      const back = silent ? picturesAt(replies, [turn.index]) : [];
      if (back.length > 0) said.push({ role: 'tool', content: marks(back.length), turns: [], images: back });
      continue;
    }
    // A picture that answers a call stands in the first reply to it.
    const first = turns[turn.index - 1]?.role === 'assistant';
    const back = picturesAt(replies, first ? [turn.index - 1, turn.index] : [turn.index]);
    const content = unwrapped(plainText(text));
    const written = countImageMarks(content);
    if (written !== 0 && written !== back.length) return { reason: 'a picture that came back is not to be had' };
    said.push({
      role: turn.role,
      content: written === 0 ? `${marks(back.length)}${content}` : content,
      turns: [turn.index],
      images: back,
    });
  }
  while (said.length > 0 && said.at(-1)?.role !== 'assistant') said.pop();
  if (said.length > 0 && said[0]?.role !== 'assistant') return { reason: 'its answer does not begin with the policy' };
  if (!said.some(({ content }) => content !== '')) return { reason: 'the policy said nothing' };
  if (said.some(({ role, content }) => role === 'assistant' && content.includes(imageMark)))
    return { reason: `the policy itself wrote ${imageMark}` };
  const messages = [...alternating(asked), ...alternating(said)];
  const images = messages.flatMap((message) => message.images);
  return { system, messages: messages.map(withoutImages), asked: alternating(asked).length, images };
}

/** The prompt's messages with as many marks as pictures: where the log kept none, they stand before the first question. */
function marked(messages: readonly PromptMessage[], question: readonly string[]): readonly Draft[] | LeftOut {
  const counts = messages.map(({ content }) => countImageMarks(content));
  const written = counts.reduce((sum, count) => sum + count, 0);
  if (written !== 0 && written !== question.length)
    return { reason: `its prompt marks ${written} pictures and has ${question.length}` };
  let taken = 0;
  return messages.map(({ role, content }, i): Draft => {
    const count = written === 0 ? (i === 0 ? question.length : 0) : (counts[i] ?? 0);
    const images = question.slice(taken, taken + count);
    taken += count;
    return { role, content: written === 0 ? `${marks(count)}${content}` : content, turns: [], images };
  });
}

const marks = (count: number) => imageMark.repeat(count);

function picturesAt(replies: ExportPictures['replies'], turns: readonly number[]): readonly string[] {
  return replies.filter(({ turn }) => turns.includes(turn)).map(({ path }) => path);
}

/** Chat templates put the tags of a tool's reply around it themselves. */
function unwrapped(text: string): string {
  const [open, close] = ['<tool_response>', '</tool_response>'];
  return text.startsWith(open) && text.endsWith(close) ? text.slice(open.length, -close.length).trim() : text;
}

/** Messages of one side in a row become one, as the consumers' loaders want them. */
function alternating(drafts: readonly Draft[]): readonly Draft[] {
  const found: Draft[] = [];
  for (const draft of drafts) {
    const last = found.at(-1);
    if (last === undefined || (last.role === 'assistant') !== (draft.role === 'assistant')) found.push(draft);
    else
      found[found.length - 1] = {
        role: last.role,
        content: `${last.content}\n${draft.content}`,
        turns: [...last.turns, ...draft.turns],
        images: [...last.images, ...draft.images],
      };
  }
  return found;
}

function withoutImages({ role, content, turns }: Draft): ExportMessage {
  return { role, content, turns };
}
