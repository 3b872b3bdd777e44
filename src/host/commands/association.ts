import type { FormatId } from '../../formats/format';

/** Glob for `workbench.editorAssociations` under which files like the given one open with Saccade, and no others. */
export interface Association {
  readonly glob: string;
  /** The files meant, for the user. */
  readonly what: string;
}

export interface AssociationTarget {
  readonly format: FormatId;
  /** Absolute, forward slashes. */
  readonly path: string;
  readonly folder: boolean;
}

/**
 * Files of the ACTIVE-O3 demo are told by their name; the others only by the folder they are in, since `7.jsonl` and
 * `sample.json` may be anything elsewhere.
 */
export function associationFor({ format, path, folder }: AssociationTarget): Association {
  const parts = path.split('/').filter((part) => part !== '');
  const folderName = (folder ? parts.at(-1) : parts.at(-2)) ?? '';
  switch (format) {
    case 'active-o3-demo':
      return { glob: '**/*_mid.json', what: '*_mid.json' };
    case 'verl-dump':
    case 'deepeyes-eval':
    case 'chain-of-focus-eval':
    case 'geovista':
    case 'messages':
    case 'areal':
    case 'skyrl-evals':
    case 'preference-pairs':
    case 'prm800k':
    case 'os-atlas':
    case 'trl-stepwise':
    case 'policy-trace':
      return { glob: `**/${literal(folderName)}/*.jsonl`, what: `${folderName}/*.jsonl` };
    case 'r1v-log':
      return { glob: `**/${literal(folderName)}/*.txt`, what: `${folderName}/*.txt` };
    case 'easyr1-generations':
      return { glob: '**/generations.log', what: 'generations.log' };
    case 'rl-logging-board':
      return { glob: '**/rollout_data_rank*.jsonl', what: 'rollout_data_rank*.jsonl' };
    case 'swift-completions':
      return { glob: '**/completions.jsonl', what: 'completions.jsonl' };
    case 'pixel-reasoner':
      return { glob: '**/conv.json', what: 'conv.json' };
    case 'pixel-reasoner-samples':
      return { glob: '**/logs/sample*.jsonl', what: 'logs/sample*.jsonl' };
    case 'mini-o3':
      return { glob: '**/traj.jsonl', what: 'traj.jsonl' };
    case 'verifiers-results':
      return { glob: '**/results.jsonl', what: 'results.jsonl' };
    case 'verifiers-traces':
      return { glob: '**/traces.jsonl', what: 'traces.jsonl' };
    case 'rllm-episodes':
      return { glob: '**/episode_*.json', what: 'episode_*.json' };
    case 'verl-validation':
      return { glob: '**/val_step*.json', what: 'val_step*.json' };
    case 'wandb-table':
      return { glob: '**/*.table.json', what: '*.table.json' };
    case 'inspect-eval':
      return { glob: '**/*.eval', what: '*.eval' };
    case 'mini-o3-stats':
      return { glob: '**/stats.json', what: 'stats.json' };
    case 'dataset-table':
    case 'preference-pairs-table':
    case 'trl-stepwise-table':
      return { glob: `**/${literal(folderName)}/*.parquet`, what: `${folderName}/*.parquet` };
    case 'omni-r1':
      return { glob: '**/train_logs/**/info.txt', what: 'train_logs/**/info.txt' };
    case 'longvt':
      return { glob: '**/*_round_output.txt', what: '*_round_output.txt' };
    case 'omni-r1-frames':
      return { glob: '**/*ROLL_*_R*/info.txt', what: '*ROLL_*_R*/info.txt' };
    case 'trl-completions':
      return { glob: '**/completions_*.parquet', what: 'completions_*.parquet' };
    case 'vstar':
    case 'inspect-json':
    case 'gui-odyssey':
    case 'preference-pairs-json':
    case 'messages-json':
    case 'segagent':
    case 'segagent-predictions':
    case 'active-zero':
      return { glob: `**/${literal(folderName)}/*.json`, what: `${folderName}/*.json` };
  }
}

/** VS Code's globs have no escape for their own characters; `?` matches any one character in their place. */
export function literal(name: string): string {
  return name.replace(/[*?[\]{}!,]/g, '?');
}
