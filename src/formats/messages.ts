import type { JsonValue } from '../core/text/jsonValue';
import type { StatedTurn } from '../core/trajectory/rollout';
import { isObject, type JsonObject, kindOf } from './columns';
import { imagesInText, type LoggedImage, loggedImage, withoutImages } from './embedded';

/** A place in the messages where an image stood. */
export interface ImageSlot {
  /** Null for a bare `<image>` mark: the image is in a column, if anywhere. */
  readonly image: LoggedImage | null;
  /** 0-based turn of the rollout; null in the prompt. */
  readonly turn: number | null;
  readonly role: StatedTurn['role'];
}

/** A conversation split at its first assistant message: what was asked, and the rollout. */
export interface Conversation {
  /** Messages before the first assistant message as role lines and texts, the shape that prompts are compared in. */
  readonly prompt: string;
  /** The messages from there on, one after another; '' when the assistant says nothing. */
  readonly response: string;
  readonly turns: readonly StatedTurn[];
  /** Images of all messages in order; the first 1,000. */
  readonly slots: readonly ImageSlot[];
  /** 0-based messages that were left out or read with doubt, with what is wrong: `message 3 has no role`. */
  readonly troubles: readonly string[];
}

type Role = StatedTurn['role'] | 'system';

interface Message {
  readonly role: Role;
  readonly text: string;
  readonly images: readonly (LoggedImage | null)[];
}

/** What reading messages finds on the way. */
interface Findings {
  readonly troubles: string[];
  images: (LoggedImage | null)[];
}

/** A conversation with more is no rollout of a policy that looks at images: the rest is not listed. */
const slotsKept = 1000;

/** OpenAI's roles, ShareGPT's, LLaMA-Factory's and ms-swift's. */
const roles: ReadonlyMap<string, Role> = new Map<string, Role>([
  ...['system', 'developer'].map((name) => [name, 'system'] as const),
  ...['user', 'human'].map((name) => [name, 'user'] as const),
  ...['assistant', 'gpt', 'model', 'function_call', 'tool_call'].map((name) => [name, 'assistant'] as const),
  ...['tool', 'function', 'observation', 'tool_response'].map((name) => [name, 'tool'] as const),
]);
/** Roles whose whole text is a call. */
const callRoles: ReadonlySet<string> = new Set(['function_call', 'tool_call']);

/**
 * The messages of a column: a list of `{role, content}` or `{from, value}`, or ShareGPT as columns `{from: [], value: []}`.
 * Null when it is none of these.
 */
export function messagesIn(value: JsonValue | undefined): readonly JsonValue[] | null {
  if (isObject(value)) {
    const { from, value: said } = value;
    if (!Array.isArray(from) || !Array.isArray(said)) return null;
    return from.map((name: JsonValue, i: number) => ({ from: name, value: said[i] ?? null }));
  }
  if (!Array.isArray(value)) return null;
  const [first] = value;
  return isObject(first) && roleNameOf(first) !== null ? value : null;
}

/** Reads messages. What the assistant calls as `tool_calls` or in a message of its own is put in `<tool_call>` tags. */
export function readConversation(list: readonly JsonValue[]): Conversation {
  const found: Findings = { troubles: [], images: [] };
  const messages = list.flatMap((item, i): readonly Message[] => {
    if (!isObject(item)) found.troubles.push(`message ${i} is ${kindOf(item)}, not an object; it was left out`);
    found.images = [];
    return isObject(item) ? readMessage(item, i, found) : [];
  });
  const answer = messages.findIndex(({ role }) => role === 'assistant');
  const answered = answer < 0 ? messages.length : answer;
  const asked = messages.slice(0, answered);
  const prompt = asked.map(({ role, text }) => `${role}\n${text}`).join('\n');
  const slots = messages.flatMap(({ role, images }, i): readonly ImageSlot[] =>
    images.map((image) => ({ image, turn: i < answered ? null : i - answered, role: turnRole(role) })),
  );
  const { troubles } = found;
  return { prompt, ...laidOut(messages.slice(answered)), slots: slots.slice(0, slotsKept), troubles };
}

function turnRole(role: Role): StatedTurn['role'] {
  return role === 'system' ? 'user' : role;
}

/** Messages as one text, a line break between two of them. */
function laidOut(messages: readonly Message[]): Pick<Conversation, 'response' | 'turns'> {
  let start = 0;
  const turns = messages.map(({ role, text }): StatedTurn => {
    const span = { start, end: start + text.length };
    start = span.end + 1;
    return { role: turnRole(role), span };
  });
  return { response: messages.map(({ text }) => text).join('\n'), turns };
}

function readMessage(message: JsonObject, i: number, found: Findings): readonly Message[] {
  const name = roleNameOf(message);
  if (name === null) {
    found.troubles.push(`message ${i} has no role; it was left out`);
    return [];
  }
  const role = roles.get(name);
  if (role === undefined)
    found.troubles.push(`message ${i} has the role "${name.slice(0, 40)}", read as what a tool returned`);
  const text = contentText(message.content ?? message.value, i, found);
  const { images } = found;
  if (role !== 'assistant') return [{ role: role ?? 'tool', text, images }];
  const thought = [message.reasoning_content, message.reasoning].find((one) => typeof one === 'string' && one !== '');
  const said = [
    typeof thought === 'string' ? `<think>\n${withoutImages(thought)}\n</think>` : '',
    callRoles.has(name) ? tagged(text) : text,
    ...callsIn(message.tool_calls),
  ];
  return [{ role, text: said.filter((part) => part !== '').join('\n'), images }];
}

function roleNameOf({ role, from }: JsonObject): string | null {
  return typeof role === 'string' ? role : typeof from === 'string' ? from : null;
}

function contentText(content: JsonValue | undefined, i: number, found: Findings): string {
  if (content === undefined || content === null) return '';
  const parts: readonly JsonValue[] = Array.isArray(content) ? content : [content];
  return parts.map((part) => partText(part, i, found)).join('');
}

/** A part's text; `<image>` for an image, which is noted. */
function partText(part: JsonValue, i: number, found: Findings): string {
  if (typeof part === 'string') return textWithImages(part, found);
  if (!isObject(part)) {
    found.troubles.push(`message ${i} holds ${kindOf(part)} where a part of its content is expected`);
    return '';
  }
  if (typeof part.text === 'string') return textWithImages(part.text, found);
  const { type } = part;
  if (type === 'text') return typeof part.value === 'string' ? textWithImages(part.value, found) : '';
  if (type === 'image' || type === 'image_url') {
    found.images.push(loggedImage(part.image_url ?? part.image ?? part.value ?? part.path));
    return '<image>';
  }
  return typeof type === 'string' ? `<${type.slice(0, 40)}>` : '';
}

function textWithImages(text: string, { images }: Findings): string {
  for (const image of imagesInText(text)) if (images.push(image) >= slotsKept) break;
  return withoutImages(text);
}

/** OpenAI's `tool_calls` the way the chat templates of Hermes and Qwen write them. */
function callsIn(calls: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call: JsonValue) => {
    const made = isObject(call) ? (call.function ?? call) : null;
    if (!isObject(made) || typeof made.name !== 'string') return [];
    return [tagged(`{"name": ${JSON.stringify(made.name)}, "arguments": ${argumentsText(made.arguments)}}`)];
  });
}

/** OpenAI writes arguments as a string of JSON: it goes in as it stands, so that a malformed one is seen as such. */
function argumentsText(value: JsonValue | undefined): string {
  if (typeof value === 'string' && value.trim() !== '') return withoutImages(value);
  return JSON.stringify(value === undefined || typeof value === 'string' ? {} : value);
}

function tagged(call: string): string {
  return call.includes('<tool_call>') ? call : `<tool_call>\n${call}\n</tool_call>`;
}
