import type { Field } from './rollout';

/** Columns by which logs tell the split that a row belongs to. */
export const splitColumns: ReadonlySet<string> = new Set(['split', 'phase', 'mode']);
const splits: ReadonlySet<string> = new Set(['val', 'valid', 'validation', 'eval', 'evaluation', 'test', 'dev']);
const names: ReadonlySet<string> = new Set(['val', 'valid', 'validation', 'eval', 'evaluation']);
/** Longer names of files and folders say something else. */
const longest = 120;

/** Whether a value of a split column stands for validation rather than training. */
export function isValidationSplit(value: string): boolean {
  return splits.has(value.toLowerCase());
}

/** Whether the row itself says that it was sampled to validate. */
export function saysValidation(fields: readonly Field[]): boolean {
  for (const { name, value } of fields)
    if (splitColumns.has(name) && typeof value === 'string') return isValidationSplit(value);
  return false;
}

/**
 * Whether a file of a trace holds what a run wrote while it validated, by its name or that of a folder: `val_5.jsonl`,
 * `5-validation.jsonl`, `validation/5.jsonl`, `val_rollouts/5.jsonl`. Of `root`, the trace's folder, the name alone counts.
 */
export function isValidationFile(root: string, file: string): boolean {
  const [own = '', ...folders] = file.split(/[\\/]/).reverse();
  const top = root.split(/[\\/]/).findLast((name) => name !== '') ?? '';
  return hasWord(own.replace(/\.[^.]*$/, '')) || [...folders, top].some((name) => isNamed(name));
}

function hasWord(name: string): boolean {
  return name.length <= longest && name.split(/[-_.]/).some((word) => names.has(word.toLowerCase()));
}

function isNamed(folder: string): boolean {
  return folder.length <= longest && names.has((folder.split(/[-_]/)[0] ?? '').toLowerCase());
}
