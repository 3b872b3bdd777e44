import type { Box } from '../core/geometry/box';

/** Groups of rollouts that are sampled from an editor while the user watches. */

/** What the host made of a wish to ask a policy. */
export type LiveAnswer =
  /** It is being asked; `live/…` events name the job. */
  | { readonly kind: 'started'; readonly job: string }
  /** A person answers: so many regions at most are to be drawn. */
  | { readonly kind: 'draw'; readonly maxRegions: number }
  /** The user thought better of it. */
  | { readonly kind: 'dismissed' };

/** Served by the host to an editor whose images policies can be asked about. An image is named by its number in the editor: of a group in a trace, of an image in a set. */
export type LiveHostMethods = {
  /**
   * Asks the chosen policy about an image's question. `count` null: as many rollouts as the user's groups have. `choose`: which
   * policy and what question are asked first. `drawn`: regions of a person, in stored pixels.
   */
  'live/ask': (p: {
    readonly image: number;
    readonly count: number | null;
    readonly choose: boolean;
    readonly drawn: readonly Box[] | null;
  }) => LiveAnswer;
  'live/cancel': (p: { readonly job: string }) => null;
  /** Opens the trace that the job's rollouts went to, at its group. */
  'live/open': (p: { readonly job: string }) => null;
};

export type LiveHostEvents = {
  'live/started': {
    readonly job: string;
    /** Name of the policy, for people. */
    readonly policy: string;
    readonly count: number;
    readonly question: string;
    /** Name of the file that the rollouts go to. */
    readonly to: string;
  };
  /** More text of a rollout; `fresh`: what was told of this call before is void. `sensing`: the policy's own, else a task call's. */
  'live/text': {
    readonly job: string;
    readonly rollout: number;
    readonly sensing: boolean;
    readonly more: string;
    readonly fresh: boolean;
  };
  /** A rollout is through. */
  'live/rollout': {
    readonly job: string;
    readonly rollout: number;
    readonly regions: number;
    readonly malformed: string | null;
    readonly answer: string | null;
  };
  /** A call is made again after `ms`. */
  'live/waiting': { readonly job: string; readonly reason: string; readonly ms: number };
  /** `error` null: the rollouts are in their trace, or the user cancelled. */
  'live/ended': { readonly job: string; readonly error: string | null; readonly cancelled: boolean };
};
