import { hash } from 'node:crypto';
import { Lru } from '../../../core/collections/lru';
import { imageNames } from '../../../core/trajectory/imageNames';
import { normalisePrompt } from '../../../core/trajectory/promptKey';
import type { LoggedView, RolloutRecord } from '../../../core/trajectory/rollout';
import { saysValidation } from '../../../core/trajectory/validation';
import type { RecordPlace, TraceFormat } from '../../../formats/format';

/** UTF-16 units of prompts whose digests are kept: the rollouts of a step share a few hundred. */
const promptsKept = 8 * 1024 * 1024;
/** UTF-16 units of what keys are made of. */
const keysKept = 1024 * 1024;

/** Tells which rows are rollouts of one prompt. Remembers prompts: normalising them is the dearest part. */
export class GroupKeys {
  private readonly digests = new Lru<string, string>(promptsKept);
  private readonly keys = new Lru<string, string>(keysKept);
  private last = { scope: '', step: null as number | null, uid: '', key: '::' };

  constructor(private readonly format: Pick<TraceFormat, 'unit' | 'acrossFiles'>) {}

  /**
   * Which group a row belongs to: the trainer's own id within its step, else what the rollouts of one prompt share: step,
   * normalised prompt, ground truth and image. Never the order: verl shuffles rows before it dumps them. Rows of
   * different log files are different groups; rollouts of a format with one file each may share one. Validation shares none
   * with training. A row that says nothing about its prompt stands alone.
   */
  of(record: RolloutRecord, place: RecordPlace): string {
    const named = this.named(record, place.file, () => imageKey(record.imageView, place.line));
    return named ?? keyAlone(place);
  }

  /** The same for a row without an image inside it, wherever in the file it stands; null when it stands alone. */
  shared(record: RolloutRecord, file: string): string | null {
    return this.named(record, file, () => null);
  }

  private named(record: RolloutRecord, file: string, ownImage: () => string | null): string | null {
    const { step, uid, prompt, groundTruth, fields } = record;
    const split = saysValidation(fields) ? 'validation:' : '';
    const scope = `${split}${this.format.unit === 'document' || this.format.acrossFiles ? '' : file}`;
    if (uid !== null) return this.ofUid(scope, step, uid);
    const image = imageNames(record)[0] ?? ownImage();
    const promptDigest = this.promptDigest(prompt);
    if (promptDigest === '' && image === null) return null;
    const text = JSON.stringify([scope, step, promptDigest, groundTruth, image]);
    const known = this.keys.get(text);
    if (known !== undefined) return known;
    const made = digest(text);
    this.keys.set(text, made, text.length);
    return made;
  }

  /** Rows of a group mostly follow each other: one text for all of them is hashed once. */
  private ofUid(scope: string, step: number | null, uid: string): string {
    const { last } = this;
    if (last.uid === uid && last.step === step && last.scope === scope) return last.key;
    const key = `${scope}:${step ?? ''}:${uid}`;
    this.last = { scope, step, uid, key };
    return key;
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

/** The key of a row that says nothing about its prompt. */
export function keyAlone({ file, line, element }: RecordPlace): string {
  return `${file}#${line}${element === undefined ? '' : `[${element}]`}`;
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
