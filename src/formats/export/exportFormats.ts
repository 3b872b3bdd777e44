import { ktoEntry, openAiEntry, rankingEntry, shareGptEntry } from './datasetInfo';

/** What one record of a format is made of. */
export type ExportUnit = 'rollout' | 'weighted' | 'pair' | 'judged' | 'steps' | 'clicks' | 'boxes' | 'dataset';

/** A format that `saccade export` writes. */
export interface ExportFormat {
  readonly id: ExportId;
  /** For people: consumer and what it trains. */
  readonly title: string;
  readonly unit: ExportUnit;
  /** LLaMA-Factory's entry; absent for other consumers. */
  readonly entry?: object;
}

export const exportIds = [
  'sharegpt',
  'openai',
  'swift',
  'weighted-swift',
  'weighted-llamafactory',
  'dpo-trl',
  'dpo-llamafactory',
  'dpo-swift',
  'kto-trl',
  'kto-llamafactory',
  'kto-swift',
  'prm-trl',
  'prm800k',
  'gui-shepherd',
  'star-plus',
  'coco',
  'yolo',
  'rl-parquet',
] as const;
export type ExportId = (typeof exportIds)[number];

const formats: Readonly<Record<ExportId, Omit<ExportFormat, 'id'>>> = {
  sharegpt: { title: 'LLaMA-Factory SFT, ShareGPT style', unit: 'rollout', entry: shareGptEntry },
  openai: { title: 'LLaMA-Factory SFT, OpenAI style', unit: 'rollout', entry: openAiEntry },
  swift: { title: 'ms-swift SFT', unit: 'rollout' },
  'weighted-swift': { title: 'ms-swift weighted SFT (loss_scale)', unit: 'weighted' },
  'weighted-llamafactory': { title: 'LLaMA-Factory v1 weighted SFT (loss_weight)', unit: 'weighted' },
  'dpo-trl': { title: 'TRL DPO pairs', unit: 'pair' },
  'dpo-llamafactory': { title: 'LLaMA-Factory DPO pairs', unit: 'pair', entry: rankingEntry },
  'dpo-swift': { title: 'ms-swift DPO pairs', unit: 'pair' },
  'kto-trl': { title: 'TRL KTO', unit: 'judged' },
  'kto-llamafactory': { title: 'LLaMA-Factory KTO', unit: 'judged', entry: ktoEntry },
  'kto-swift': { title: 'ms-swift KTO', unit: 'judged' },
  'prm-trl': { title: 'TRL stepwise supervision (PRM)', unit: 'steps' },
  prm800k: { title: 'PRM800K', unit: 'steps' },
  'gui-shepherd': { title: 'Step records as GUI-Shepherd describes them', unit: 'steps' },
  'star-plus': { title: 'StaR+ self-training of SegAgent (LLaMA-Factory)', unit: 'clicks', entry: shareGptEntry },
  coco: { title: 'COCO boxes of regions, drawn masks', unit: 'boxes' },
  yolo: { title: 'YOLO boxes of regions', unit: 'boxes' },
  'rl-parquet': {
    title: 'RL dataset (parquet), mended',
    unit: 'dataset',
  },
};

export const exportFormats: readonly ExportFormat[] = exportIds.map((id) => ({ id, ...formats[id] }));

export function exportFormat(id: ExportId): ExportFormat {
  return { id, ...formats[id] };
}
