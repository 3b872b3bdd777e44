import type { Size } from '../core/geometry/box';
import type { GroupDetail, GroupSummary } from './data';
import type { JoinProgress, MatchCounts, MatchedBy } from './imageSetRollouts';

/** A trace whose rollouts are shown on the images of a set. */
export interface TraceOnImages {
  /** Names the trace in later calls. */
  readonly trace: number;
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Id of its format; '' until it is open. */
  readonly format: string;
  /** What is wrong with it; null while it is read, and when all is well. */
  readonly failure: string | null;
  /** Null until it was looked through. */
  readonly found: {
    readonly groups: MatchCounts;
    readonly rollouts: number;
    readonly rewarded: number;
    readonly pass: string | null;
  } | null;
}

/** What is joined with a set's images. */
export interface RolloutsOnSet {
  /** Rises when what is known of any image's rollouts changed. */
  readonly version: number;
  readonly traces: readonly TraceOnImages[];
  /** Images with rollouts. */
  readonly images: number;
  /** Images inside other files that were not compared by content. */
  readonly uncompared: number;
  /** Total from which a rollout passes, by the user's word; null for what the traces say. */
  readonly passes: number | null;
  /** Null while nothing is looked for. */
  readonly search: Pick<JoinProgress, 'what' | 'done' | 'total'> | null;
}

export interface GroupOnImage {
  readonly trace: number;
  readonly by: MatchedBy;
  readonly summary: GroupSummary;
}

export interface RolloutsOnImage {
  readonly groups: readonly GroupOnImage[];
  /** Of the image's stored pixels, in which boxes of rollouts count; null where it was not found. */
  readonly stored: { readonly size: Size; readonly orientation: number } | null;
}

/** Served by the host to a page of the dataset editor. */
export type DatasetRolloutsHostMethods = {
  'rollouts/state': (p: Record<never, never>) => RolloutsOnSet;
  /** Lets the user choose traces; false when they thought better of it. */
  'rollouts/choose': (p: Record<never, never>) => boolean;
  /** Asks from which total on a rollout passes; false when the user thought better of it. */
  'rollouts/passes': (p: Record<never, never>) => boolean;
  'rollouts/on': (p: { readonly index: number }) => RolloutsOnImage;
  /** A group with its rollouts' texts. */
  'rollouts/group': (p: { readonly trace: number; readonly group: number }) => GroupDetail;
  /** Opens the rollouts editor at a row of a trace. */
  'rollouts/open': (p: { readonly trace: number; readonly row: number }) => null;
};

export type DatasetRolloutsHostEvents = {
  'rollouts/changed': RolloutsOnSet;
  /** An image is to be shown alone. */
  'editor/reveal': { readonly index: number };
};
