/** LLaMA-Factory's `dataset_info.json` beside the data: `--dataset_dir FOLDER --dataset saccade`. */
export function datasetInfo(entry: object): object {
  return { saccade: { file_name: 'data.jsonl', formatting: 'sharegpt', ...entry } };
}

const messageTags = {
  role_tag: 'role',
  content_tag: 'content',
  user_tag: 'user',
  assistant_tag: 'assistant',
  observation_tag: 'tool',
  system_tag: 'system',
} as const;

export const shareGptEntry = { columns: { messages: 'conversations', system: 'system', images: 'images' } };
export const openAiEntry = { columns: { messages: 'messages', images: 'images' }, tags: messageTags };
export const rankingEntry = {
  ranking: true,
  columns: { ...shareGptEntry.columns, chosen: 'chosen', rejected: 'rejected' },
};
export const ktoEntry = { columns: { ...openAiEntry.columns, kto_tag: 'label' }, tags: messageTags };
