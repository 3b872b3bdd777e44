import type { GroupSummary } from './data';

/**
 * What tells that a group of rollouts used an image of a set. `file`: both are one file, or one cell of a table. `content`:
 * equal bytes. `name`: one of the two cannot be looked at, and no other image or picture has so much of the name.
 */
export type MatchedBy = 'file' | 'content' | 'name';

/** Groups of a trace by what became of their image. */
export type MatchCounts = Readonly<
  Record<
    | MatchedBy
    /** The picture cannot be looked at, and its name is that of several. */
    | 'ambiguous'
    /** An image has the name and other content. */
    | 'different'
    /** No image of the set is it. */
    | 'absent'
    /** The trace says nothing of the picture, or it was not found, and no image has its name. */
    | 'missing',
    number
  >
>;

/** A trace as far as a set is concerned. */
export interface JoinedTrace {
  readonly traceId: number;
  readonly groups: MatchCounts;
  /** Of groups that used an image of the set. */
  readonly rollouts: number;
  /** Those have a finite total. */
  readonly rewarded: number;
  /** What counts as passing, as part of a sentence; null while nobody can tell. */
  readonly pass: string | null;
}

export interface JoinedRollouts {
  readonly traces: readonly JoinedTrace[];
  /** Images of the set with rollouts on them. */
  readonly images: number;
  /** Images inside other files that were not compared by content: there are too many of them. */
  readonly uncompared: number;
}

/** A group of rollouts on an image. */
export interface ImageGroup {
  readonly traceId: number;
  readonly by: MatchedBy;
  readonly summary: GroupSummary;
}

/** Names of the columns that joined rollouts make. */
export const rolloutColumnNames = ['rollouts', 'reward', 'rewardSpread', 'passRate'] as const;
export type RolloutColumnName = (typeof rolloutColumnNames)[number];

/** Served by the data child. */
export type ImageSetRolloutsMethods = {
  /**
   * Finds which groups of these open traces used which images, all read to their ends first, and makes the columns of
   * `rolloutColumnNames` in the place of those before; none for no traces. A trace that was joined before is only looked at
   * where it grew. `passes`: total from which a rollout passes; null for what the traces say.
   */
  'imageset/rollouts': (p: { setId: number; traces: readonly number[]; passes: number | null }) => JoinedRollouts;
  /** Groups on an image, of the traces joined last, as far as they are matched: by trace, the latest step first. */
  'imageset/rolloutsOn': (p: { setId: number; index: number }) => readonly ImageGroup[];
  /** The images that a group used, of any open trace; empty where none is. */
  'imageset/imagesOf': (p: { setId: number; traceId: number; group: number }) => {
    readonly by: MatchedBy | null;
    readonly indices: readonly number[];
  };
};

/** How far a search for matches has come. */
export interface JoinProgress {
  readonly setId: number;
  /** Groups of a trace, or images whose sizes are read. */
  readonly what: 'groups' | 'images';
  readonly done: number;
  readonly total: number;
}

export type ImageSetRolloutsEvents = { 'imageset/joining': JoinProgress };
