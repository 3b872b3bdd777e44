import type { JsonValue } from '../text/jsonValue';

/** Blocks that chat templates add when a conversation brings no system message of its own, without white space. */
const DEFAULT_SYSTEM: ReadonlySet<string> = new Set([
  'Youareahelpfulassistant.',
  'Youareahelpfulassistant',
  'YouareQwen,createdbyAlibabaCloud.Youareahelpfulassistant.',
]);

const ROLE_LINE = /^[ \t]{0,20}(?:<\|im_start\|>)?(system|user|assistant|tool)[ \t]{0,20}$/gm;
/** `<|…|>` tokens; `<image>` and its like; ms-swift's `[151655 * 1024]` for a run of placeholder tokens. */
const MARKS = /<\|[^<>|\s]{1,60}\|>|<\/?(?:image|video|audio)>|\[\d{1,10} \* \d{1,10}\]/g;
const WHITE_SPACE = /\s+/g;

interface Part {
  /** Null before the first role line. */
  readonly role: string | null;
  /** Without marks and white space. */
  readonly text: string;
}

/**
 * A prompt stripped of everything that a chat template, a processor or a logger adds: role lines, a default system
 * block, special tokens, image marks and all white space. A verl `input` and the dataset's own messages become equal.
 */
export function normalisePrompt(text: string): string {
  return wholeKey(partsOf(text));
}

/**
 * Keys by which a prompt may be joined, strongest first: the whole prompt; then only what the user said, for templates
 * that add a system block with tools. Empty keys and repetitions are left out.
 */
export function promptKeys(text: string): readonly string[] {
  const parts = partsOf(text);
  const user = parts.filter((p) => p.role === 'user' || (p.role === null && parts.length === 1));
  const keys = [wholeKey(parts), user.map((p) => p.text).join('')];
  return [...new Set(keys)].filter((key) => key !== '');
}

/**
 * The text of a dataset's prompt: a string as it is; a list of `{role, content}` messages (`content` a string or a list
 * of parts) or `{from, value}` turns as role lines and texts. Null when it is neither.
 */
export function promptFromMessages(messages: JsonValue): string | null {
  if (typeof messages === 'string') return messages;
  if (!isList(messages)) return null;
  const turns = messages.map(turnText);
  return turns.length > 0 && turns.every((t) => t !== null) ? turns.join('\n') : null;
}

function wholeKey(parts: readonly Part[]): string {
  const said = parts.filter((p) => p.role !== 'system' || !DEFAULT_SYSTEM.has(p.text));
  return said.map((p) => p.text).join('');
}

function turnText(message: JsonValue): string | null {
  if (!isObject(message)) return null;
  const role = message.role ?? message.from;
  const text = contentText(message.content ?? message.value ?? null);
  if (typeof role !== 'string' || text === null) return null;
  return `${role === 'human' ? 'user' : role === 'gpt' ? 'assistant' : role}\n${text}`;
}

function contentText(content: JsonValue): string | null {
  if (typeof content === 'string') return content;
  if (!isList(content)) return null;
  return content
    .map((part) => {
      if (typeof part === 'string') return part;
      // Parts without text are images, videos or sounds, which the key leaves out anyway.
      return isObject(part) && typeof part.text === 'string' ? part.text : '';
    })
    .join('\n');
}

function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let role: string | null = null;
  let start = 0;
  const push = (end: number): void => {
    const part = text.slice(start, end).replace(MARKS, '').replace(WHITE_SPACE, '');
    if (part !== '') parts.push({ role, text: part });
  };
  for (const match of text.matchAll(ROLE_LINE)) {
    push(match.index);
    role = match[1] ?? null;
    start = match.index + match[0].length;
  }
  push(text.length);
  return parts;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
