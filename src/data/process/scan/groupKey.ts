import { hash } from 'node:crypto';
import { imageNames } from '../../../core/trajectory/imageNames';
import { normalisePrompt } from '../../../core/trajectory/promptKey';
import type { LoggedView, RolloutRecord } from '../../../core/trajectory/rollout';
import { saysValidation } from '../../../core/trajectory/validation';
import type { RecordPlace, TraceFormat } from '../../../formats/format';
import { LruCache } from '../lruCache';

/** UTF-16 units of prompts whose digests are kept: the rollouts of a step share a few hundred. */
const promptsKept = 8 * 1024 * 1024;

/** Tells which rows are rollouts of one prompt. Remembers prompts: normalising them is the dearest part. */
export class GroupKeys {
  private readonly digests = new LruCache<string, string>(promptsKept);

  constructor(private readonly format: Pick<TraceFormat, 'unit' | 'acrossFiles'>) {}

  /**
   * Which group a row belongs to: the trainer's own id within its step, else what the rollouts of one prompt share: step,
   * normalised prompt, ground truth and image. Never the order: verl shuffles rows before it dumps them. Rows of
   * different log files are different groups; rollouts of a format with one file each may share one. Validation shares none
   * with training. A row that says nothing about its prompt stands alone.
   */
  of(record: RolloutRecord, { file, line, element }: RecordPlace): string {
    const { step, uid, prompt, groundTruth } = record;
    const image = imageNames(record)[0] ?? imageKey(record.imageView, line);
    const split = saysValidation(record.fields) ? 'validation:' : '';
    const scope = `${split}${this.format.unit === 'document' || this.format.acrossFiles ? '' : file}`;
    if (uid !== null) return `${scope}:${step ?? ''}:${uid}`;
    const promptDigest = this.promptDigest(prompt);
    if (promptDigest === '' && image === null) return `${file}#${line}${element === undefined ? '' : `[${element}]`}`;
    return digest(JSON.stringify([scope, step, promptDigest, groundTruth, image]));
  }

  /** Digest of the normalised prompt; '' for an empty one. */
  private promptDigest(prompt: string): string {
    const known = this.digests.get(prompt);
    if (known !== undefined) return known;
    const normalised = normalisePrompt(prompt);
    const made = normalised === '' ? '' : digest(normalised);
    this.digests.set(prompt, made, prompt.length);
    return made;
  }
}

/** What tells the row's own image from others; a cell is its row's alone. */
function imageKey(view: LoggedView | undefined, line: number): string | null {
  if (view?.kind === 'cell') return `row ${line}`;
  return view?.kind === 'embedded' ? (view.key ?? null) : null;
}

/** 132 bits, so that a million groups never meet by chance. */
function digest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}
