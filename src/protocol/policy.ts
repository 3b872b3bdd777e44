import type { Box, Size } from '../core/geometry/box';
import type { PolicyLabel, PolicyRollout, PolicySample, PolicyTask, Reply } from '../core/policy/policyRollout';
import type { PolicySpec } from '../core/policy/policySpec';
import type { PartLook, ShownPart } from '../core/policy/probeViews';
import type { Verdict } from '../core/policy/readVerdicts';
import type { ScoringProfile } from '../core/reward/scoring/profile';
import type { AdvantageName, Trainer } from '../core/reward/trainerAdvantage';
import type { ImageProbe, MediaMethods } from './media';
import type { ProposeMethods } from './propose';
import type { SegmentMethods } from './segment';

/** Pictures, regions and rollouts between host (or command line) and policy child. Keys travel in memory only. */

/** A policy with its key, which is never written anywhere; null where the endpoint needs none. */
export interface KeyedPolicy {
  readonly spec: PolicySpec;
  readonly key: string | null;
}

/** How crops are brought to the task model: the paper's 840 × 840 whatever their shape, or with their shape kept. */
export const cropShapes = ['square', 'aspect'] as const;
export type CropShape = (typeof cropShapes)[number];

/** One group: `count` rollouts of one sample. */
export interface ProposeRequest {
  /** Names the request in events. */
  readonly job: string;
  readonly sample: PolicySample;
  readonly task: PolicyTask;
  readonly policy: KeyedPolicy;
  /** Null: regions alone are asked for. */
  readonly taskPolicy: KeyedPolicy | null;
  readonly count: number;
  /** Rollout i is asked with `seed` + i. */
  readonly seed: number;
  /** Regions that are asked for, and cropped at most; the paper's 3. */
  readonly maxRegions: number;
  readonly cropShape: CropShape;
  /** Boxes of which a later one overlaps an earlier one by more (IoU) are one. */
  readonly maxIou: number;
  /** For segmentation, as `ModelInfo.id`; the one that ships without it. */
  readonly segmenter?: string;
  readonly profile: ScoringProfile;
  readonly advantage: { readonly name: AdvantageName; readonly trainer: Trainer };
  /** False: the task model is asked about the whole picture, without regions, for comparison. */
  readonly zoom: boolean;
  /** In stored pixels of the original, of a person; one list a rollout, `count` of them. Null for other policies. */
  readonly drawn: readonly (readonly Box[])[] | null;
  /** Whether text and finished rollouts are told while they come. */
  readonly stream: boolean;
  /** Absolute path of a file for finished calls: those in it are not made again. Null: nothing is kept. */
  readonly journal: string | null;
}

export interface ProposeAnswer {
  /** By `index`; all of `count`. */
  readonly rollouts: readonly PolicyRollout[];
}

/** A rollout to be judged by a model. */
export interface JudgeRequest {
  readonly policy: KeyedPolicy;
  /** Absolute path of the image; null where there is none. */
  readonly image: string | null;
  /** Where it looked, in stored pixels of the original, as far as the judge is to see it. */
  readonly regions: readonly Box[];
  /** What it was asked. */
  readonly question: string;
  /** Its turns in order, as text. */
  readonly steps: readonly string[];
  /** What the task model answered where another one looked; null for nothing beside the turns. */
  readonly outcome: string | null;
  readonly seed: number;
}

export interface JudgeAnswer {
  /** By turn; empty for an answer that holds none. */
  readonly verdicts: readonly Verdict[];
  readonly reply: Reply;
  readonly judge: PolicyLabel;
}

/** A question of a rollout, asked once more with evidence of the caller's choice. */
export interface AskAgainRequest {
  readonly policy: KeyedPolicy;
  /** Absolute path of the image, which is shown whole first. */
  readonly image: string;
  readonly parts: readonly ShownPart[];
  readonly question: string;
  /** Options as they are shown; '' without any. */
  readonly options: string;
  /** What the model is told that it thought; null for nothing. */
  readonly thought: string | null;
  readonly cropShape: CropShape;
  readonly seed: number;
}

export interface AskAgainAnswer {
  readonly reply: Reply;
  readonly answered: PolicyLabel;
}

/** What an endpoint is found to be. */
export interface PolicyCheck {
  /** Names the server gives; empty where it tells none. */
  readonly models: readonly string[];
  /** The one that will be asked; null where none is known. */
  readonly model: string | null;
  /** How it is asked, in words. */
  readonly convention: string;
}

/** Part of an image, encoded for a model. */
export interface EncodeRequest {
  readonly path: string;
  /** In stored pixels; null for all of it. */
  readonly crop: Box | null;
  /** Pixels of the encoded picture. */
  readonly size: Size;
  readonly format: 'jpeg' | 'png';
  /** As it is where absent. */
  readonly look?: PartLook;
}

export interface EncodeAnswer {
  readonly bytes: Uint8Array;
  /** The whole stored pixels that were taken. */
  readonly cut: Box;
}

/** Served by the policy child. */
export type PolicyMethods = {
  /** Asks an endpoint for its models. Throws `UserError` for one that does not answer. */
  'policy/check': (p: KeyedPolicy) => PolicyCheck;
  /** One group. An answer that is rubbish is a malformed rollout; throws `UserError` where a server gives none at all. */
  'policy/propose': (p: ProposeRequest) => ProposeAnswer;
  /** Labels of a rollout's steps, by a server. */
  'policy/judge': (p: JudgeRequest) => JudgeAnswer;
  /** One call of a server as task model. */
  'policy/askAgain': (p: AskAgainRequest) => AskAgainAnswer;
};

export type PolicyEvents = {
  /** More text of a call; `call` as in `policy/replied`. */
  'policy/text': {
    readonly job: string;
    readonly rollout: number;
    readonly call: string;
    readonly more: string;
    /** The first text of this call, also where it is made again: what was told of it before is void. */
    readonly fresh: boolean;
  };
  /** A call was answered, and its answer is kept. */
  'policy/replied': { readonly job: string; readonly call: string };
  /** A rollout of a group that is read along is through, not yet scored. */
  'policy/rollout': { readonly job: string; readonly rollout: PolicyRollout };
  /** A call waits to be made again. */
  'policy/waiting': { readonly job: string; readonly reason: string; readonly ms: number };
};

/** Served by its parent. */
export type PolicyParentMethods = {
  'image/probe': (p: { path: string }) => ImageProbe;
  'image/encode': (p: EncodeRequest) => EncodeAnswer;
  /** The policy that ships, in the inference child. */
  'propose/run': ProposeMethods['propose/run'];
  'segment/run': SegmentMethods['segment/run'];
  'image/overlay': MediaMethods['image/overlay'];
};
