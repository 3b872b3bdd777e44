import type { Box, Size } from '../geometry/box';
import type { StatedFrame } from '../geometry/frame';
import type { CocoMask } from '../mask/cocoMask';
import type { LabelledBox } from '../reward/apAr';
import type { TruthBox } from '../trajectory/rollout';
import type { CoordinateConvention } from './convention';
import type { MaskStep } from './maskSteps';

/** What is asked of a picture: find an object, mend its mask, or answer a question. */
export const policyTasks = ['detection', 'segmentation', 'question'] as const;
export type PolicyTask = (typeof policyTasks)[number];

/** A picture and what is asked of it. */
export interface PolicySample {
  /** Equal over sessions: rollouts of one sample and one run are a group. */
  readonly key: string;
  /** Absolute path of the image file. */
  readonly image: string;
  /** As the dataset names it, or the path again; written into the trace. */
  readonly imageName: string;
  readonly object: string | null;
  readonly question: string | null;
  /** In the order of the dataset; empty where the question is open. */
  readonly options: readonly string[];
  /** The right answer as text; null where none is known. */
  readonly answer: string | null;
  /** In stored pixels of the original. */
  readonly truth: readonly TruthBox[];
  /** For segmentation: the box that the first mask is made from; without it the task model looks for one. */
  readonly box?: Box | null;
  /** For segmentation: the mask to reach, of the stored image. */
  readonly truthMask?: CocoMask | null;
  readonly dataSource: string | null;
}

/** A message as it was sent, a picture by its path and its part of the image. */
export interface SentMessage {
  readonly role: 'system' | 'user';
  readonly content: readonly (
    | { readonly type: 'text'; readonly text: string }
    | { readonly type: 'image'; readonly image: string; readonly crop: Box | null; readonly size: Size }
  )[];
}

/** One call's answer. */
export interface Reply {
  readonly text: string;
  readonly finish: string | null;
  readonly tokens: readonly { readonly text: string; readonly logprob: number }[] | null;
  readonly usage: { readonly input: number; readonly output: number } | null;
  /** Milliseconds from sending to the whole answer; to the first of it where it was streamed. */
  readonly took: number;
  readonly firstText: number | null;
  /** Calls that failed before it. */
  readonly retries: number;
}

/** What the task model said about one view: a crop, or all of them together. */
export interface TaskCall {
  /** 0-based region; null for a call about all of them. */
  readonly region: number | null;
  /** Whole stored pixels that were cut; null for the whole image. */
  readonly cut: Box | null;
  /** Pixels of the picture that was sent. */
  readonly size: Size;
  readonly reply: Reply;
  /** In stored pixels of the original, in the order of the answer. */
  readonly boxes: readonly LabelledBox[];
  readonly points: readonly TaskPoint[];
  /** Why the answer cannot be read; null otherwise. */
  readonly malformed: string | null;
}

/** A point that the task model named, in stored pixels of the original. */
export interface TaskPoint {
  readonly x: number;
  readonly y: number;
  /** Null where points have no sign. */
  readonly positive: boolean | null;
  readonly label: string | null;
}

/** Who answered, for the trace. */
export interface PolicyLabel {
  readonly name: string;
  readonly kind: 'server' | 'basic' | 'person';
  /** Null where there is no model. */
  readonly model: string | null;
  readonly convention: CoordinateConvention;
  readonly temperature: number | null;
}

/** One rollout of the loop: where a policy looked, what was found there, and what that is worth. */
export interface PolicyRollout {
  readonly task: PolicyTask;
  readonly sample: PolicySample;
  /** 0-based in its group of `groupSize`. */
  readonly index: number;
  readonly groupSize: number;
  readonly group: string;
  /** False for one that was asked of the whole picture alone, for comparison. */
  readonly zoomed: boolean;
  readonly seed: number;
  readonly policy: PolicyLabel;
  /** Null where only regions were asked for. */
  readonly taskPolicy: PolicyLabel | null;
  /** Stored pixels of the original. */
  readonly imageSize: Size;
  /** Pixels of the picture that the policy saw. */
  readonly inputSize: Size;
  readonly frame: StatedFrame;
  readonly messages: readonly SentMessage[];
  readonly reply: Reply;
  /** Why no region can be read; null where there is one, or where the policy names none on purpose. */
  readonly malformed: string | null;
  /** Regions by their number in the response, in stored pixels of the original, clamped; null for one without area there. */
  readonly regions: readonly (Box | null)[];
  readonly calls: readonly TaskCall[];
  /** Boxes of all crops after non-maximum suppression, model order kept. */
  readonly boxes: readonly LabelledBox[];
  /** For segmentation: the first mask, then the mask after each region. */
  readonly masks?: readonly MaskStep[];
  /** Final answer in words; null where there is none. */
  readonly answer: string | null;
  /** Index into `sample.options` that the answer names; null for none. */
  readonly chosen: number | null;
  /** The options' order as the model saw them: index into `sample.options` by place. */
  readonly shuffle: readonly number[];
  /** Components by name; null for one that cannot be computed. */
  readonly rewards: Readonly<Record<string, number | null>>;
  /** Profile the rewards are of. */
  readonly profile: string;
  readonly score: number | null;
  readonly advantage: number | null;
  /** Milliseconds of everything from the first picture to the last answer. */
  readonly took: number;
}
