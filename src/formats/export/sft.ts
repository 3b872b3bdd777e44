import type { Conversation, ExportMessage } from './conversation';

const shareGptRoles = { system: 'system', user: 'human', assistant: 'gpt', tool: 'observation' } as const;

/** LLaMA-Factory, `formatting: sharegpt`: odd places human or observation, even ones gpt; `system` a column of its own. */
export function shareGptRecord({ system, messages, images }: Conversation): object {
  return { conversations: messages.map(shareGptTurn), system, images };
}

export function shareGptTurn({ role, content }: ExportMessage): { readonly from: string; readonly value: string } {
  return { from: shareGptRoles[role], value: content };
}

/** OpenAI-style messages: LLaMA-Factory reads them by the tags of its entry, ms-swift as they are. */
export function messagesRecord(conversation: Conversation): object {
  return { messages: openAiMessages(conversation), images: conversation.images };
}

/** With the system message in front. */
export function openAiMessages({
  system,
  messages,
}: Pick<Conversation, 'system' | 'messages'>): readonly { readonly role: string; readonly content: string }[] {
  const said = messages.map(({ role, content }) => ({ role, content }));
  return system === '' ? said : [{ role: 'system', content: system }, ...said];
}

/** ms-swift with `--loss_scale`: a weight on each message of the policy. */
export function swiftWeightedRecord(conversation: Conversation, weightOf: (message: ExportMessage) => number): object {
  const { system, messages, images } = conversation;
  const said = messages.map((message) => ({
    role: message.role,
    content: message.content,
    ...(message.role === 'assistant' ? { loss_scale: weightOf(message) } : {}),
  }));
  return { messages: system === '' ? said : [{ role: 'system', content: system }, ...said], images };
}

/** LLaMA-Factory v1 (`data/v1_sft_demo.jsonl`): content in parts, a loss weight on every message. */
export function v1WeightedRecord(conversation: Conversation, weightOf: (message: ExportMessage) => number): object {
  const { system, messages, images } = conversation;
  let used = 0;
  const said = messages.map((message) => {
    const content = partsOf(message.content, () => images[used++] ?? '');
    return { role: message.role, content, loss_weight: message.role === 'assistant' ? weightOf(message) : 0 };
  });
  const first = { role: 'system', content: [{ type: 'text', value: system }], loss_weight: 0 };
  return { messages: system === '' ? said : [first, ...said] };
}

function partsOf(content: string, nextImage: () => string): readonly object[] {
  return content.split('<image>').flatMap((text, i) => {
    const image = i === 0 ? [] : [{ type: 'image_url', value: nextImage() }];
    return text === '' ? image : [...image, { type: 'text', value: text }];
  });
}
