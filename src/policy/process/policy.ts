import type { ModelInput } from '../../core/policy/convention';
import type { PolicyLabel, Reply, SentMessage } from '../../core/policy/policyRollout';

/** A message ready to be sent: pictures as data URIs, in the order of the message's own. */
export interface ReadyMessage {
  readonly sent: SentMessage;
  readonly pictures: readonly string[];
}

/** What a task model is asked. */
export interface Ask {
  readonly messages: readonly ReadyMessage[];
  readonly seed: number;
  /** JSON schema of the answer; null where it is free. */
  readonly schema: AnswerSchema | null;
  /** Told the text while it comes; `fresh` with the first of an attempt. Null where nobody reads along. */
  readonly onText: ((more: string, fresh: boolean) => void) | null;
  readonly onWait: (reason: string, ms: number) => void;
}

export interface AnswerSchema {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** What a sensing policy is asked for a group: one answer for each of `rollouts`. */
export interface SenseAsk extends Omit<Ask, 'schema' | 'onText'> {
  /** Absolute path of the image. */
  readonly image: string;
  readonly maxRegions: number;
  /** Indices in the group; seeds count from `seed` by them. */
  readonly rollouts: readonly number[];
  readonly onText: ((rollout: number, more: string, fresh: boolean) => void) | null;
}

/** Something that is shown a picture and answers with text, in which regions stand. */
export interface Policy {
  /** How it wants its picture, and what its numbers count in. May ask the server for its model. */
  input(signal: AbortSignal): Promise<ModelInput>;
  label(signal: AbortSignal): Promise<PolicyLabel>;
  /** Whether it reads prompts and sees encoded pictures; the others are only told the image's path. */
  readonly reads: boolean;
  readonly image: 'jpeg' | 'png';
  /** One promise for each of `ask.rollouts`, in step. */
  sense(ask: SenseAsk, signal: AbortSignal): readonly Promise<Reply>[];
  /** Throws `UserError` for a policy that only knows regions. */
  answer(ask: Ask, signal: AbortSignal): Promise<Reply>;
}
