/** One message of a prompt, its pictures marked `<image>` where they stand. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
}

type Role = PromptMessage['role'];

/** How a prompt marks a picture in training data. */
export const imageMark = '<image>';

/** Qwen's placeholders, whole or folded by ms-swift into `[151655 * 1024]`. Every repetition is over one literal: linear. */
const PICTURE = /(?:<\|vision_start\|>)?(?:(?:<\|image_pad\|>)+|\[\d{1,10} \* \d{1,10}\])(?:<\|vision_end\|>)?/g;
const SPECIAL = /<\|[^<>|\s]{1,60}\|>/g;
const CHAT_START = /<\|im_start\|>[ \t]{0,20}(system|user|assistant|tool)[ \t]{0,20}(?:\r?\n|$)/g;
const ROLE_LINE = /^(system|user|assistant|tool)[ \t]{0,20}$/gm;

/** Roles that may follow another one: a line of a question that happens to read `user` opens no message. */
const followers: Readonly<Record<Role, readonly Role[]>> = {
  system: ['user'],
  user: ['assistant'],
  assistant: ['user', 'tool'],
  tool: ['assistant', 'tool'],
};

interface Opening {
  readonly role: Role;
  readonly start: number;
  readonly end: number;
}

/**
 * The messages of a logged prompt: of ChatML with its tokens, of the same text with the tokens stripped (verl's `input`,
 * where roles stand on lines of their own), or one message of the user. An `assistant` that only asks for the answer is
 * left out. Special tokens go, picture tokens become `<image>`.
 */
export function promptMessages(prompt: string): readonly PromptMessage[] {
  const openings = prompt.includes('<|im_start|>') ? chatStarts(prompt) : roleLines(prompt);
  if (openings.length === 0) return kept([{ role: 'user', content: plainText(prompt) }]);
  return kept(
    openings.map(({ role, end }, i) => ({
      role,
      content: plainText(prompt.slice(end, openings[i + 1]?.start ?? prompt.length)),
    })),
  );
}

/** Text without special tokens and outer white space, picture tokens as `<image>`. */
export function plainText(text: string): string {
  return text.replace(PICTURE, imageMark).replace(SPECIAL, '').trim();
}

/** How many pictures a text marks. */
export function countImageMarks(text: string): number {
  return text.split(imageMark).length - 1;
}

function kept(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  return messages.filter(({ content }) => content !== '');
}

function chatStarts(prompt: string): readonly Opening[] {
  return [...prompt.matchAll(CHAT_START)].map((match) => opening(match));
}

/** None unless the text begins with one. */
function roleLines(prompt: string): readonly Opening[] {
  const found: Opening[] = [];
  for (const match of prompt.matchAll(ROLE_LINE)) {
    const next = opening(match);
    const last = found.at(-1);
    if (last === undefined) {
      if (prompt.slice(0, next.start).trim() !== '' || (next.role !== 'system' && next.role !== 'user')) return [];
      found.push(next);
    } else if (followers[last.role].includes(next.role)) found.push(next);
  }
  return found;
}

function opening(match: RegExpExecArray): Opening {
  return { role: match[1] as Role, start: match.index, end: match.index + match[0].length };
}
