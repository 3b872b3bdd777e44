import type { Conversation, ExportMessage, LeftOut } from './conversation';
import { messagesRecord, openAiMessages, shareGptTurn } from './sft';

/** Two rollouts of one prompt, the first preferred. */
export interface ConversationPair {
  readonly chosen: Conversation;
  readonly rejected: Conversation;
}

const severalTurns: LeftOut = { reason: 'an answer of several turns: this consumer takes one message' };

/** TRL's preference data for vision models: `prompt`, `chosen` and `rejected` as messages in parts, `images` beside them. */
export function trlPairRecord({ chosen, rejected }: ConversationPair): object {
  const last = [chosen, rejected].map((side) => lastOnly(side));
  const [good, bad] = last;
  if (good === undefined || bad === undefined || good === null || bad === null) return severalTurns;
  return { prompt: trlPrompt(chosen), chosen: [trlMessage(good)], rejected: [trlMessage(bad)], images: chosen.images };
}

/** LLaMA-Factory with `ranking: true`: the conversation up to the question, then one message each. */
export function llamaFactoryPairRecord({ chosen, rejected }: ConversationPair): object {
  const [good, bad] = [lastOnly(chosen), lastOnly(rejected)];
  if (good === null || bad === null) return severalTurns;
  const { system, images } = chosen;
  const conversations = askedOf(chosen).map(shareGptTurn);
  return { conversations, system, chosen: shareGptTurn(good), rejected: shareGptTurn(bad), images };
}

/** ms-swift: `rejected_response` for one message; for several turns `rejected_messages` and their images (3.8 and later). */
export function swiftPairRecord({ chosen, rejected }: ConversationPair): object {
  const bad = lastOnly(rejected);
  const record = messagesRecord(chosen);
  if (bad !== null && lastOnly(chosen) !== null) return { ...record, rejected_response: bad.content };
  return { ...record, rejected_messages: openAiMessages(rejected), rejected_images: rejected.images };
}

/** TRL's unpaired preference: an answer that was good or bad. */
export function trlKtoRecord(conversation: Conversation, label: boolean): object {
  const answer = lastOnly(conversation);
  if (answer === null) return severalTurns;
  return { prompt: trlPrompt(conversation), completion: [trlMessage(answer)], label, images: conversation.images };
}

/** LLaMA-Factory (`kto_tag: label`) and ms-swift read the same record. */
export function labelledRecord(conversation: Conversation, label: boolean): object {
  return { ...messagesRecord(conversation), label };
}

/** The one message behind the prompt; null where there are more. */
function lastOnly({ messages, asked }: Conversation): ExportMessage | null {
  const [only, ...more] = messages.slice(asked);
  return only === undefined || more.length > 0 ? null : only;
}

const askedOf = ({ messages, asked }: Conversation) => messages.slice(0, asked);

function trlPrompt({ system, messages, asked }: Conversation): readonly object[] {
  const first = system === '' ? [] : [{ role: 'system', content: [{ type: 'text', text: system }] }];
  return [...first, ...askedOf({ system, messages, asked, images: [] }).map(trlMessage)];
}

function trlMessage({ role, content }: ExportMessage): object {
  const parts = content.split('<image>').flatMap((text, i) => {
    const image = i === 0 ? [] : [{ type: 'image' }];
    return text === '' ? image : [...image, { type: 'text', text }];
  });
  return { role, content: parts };
}
