import type { PolicySample } from '../../core/policy/policyRollout';

/** What stands at one place of a dataset: an image with its questions, or a line. */
export interface SamplePlace {
  /** 0-based, the same in every session. */
  readonly position: number;
  readonly samples: readonly PolicySample[];
  /** Why there are none; null where there are, or where nothing is asked of it. */
  readonly problem: string | null;
}

/** Samples of a dataset in order, read as they are needed. */
export interface SampleSource {
  /** Samples there are; null where that is not known. */
  readonly count: number | null;
  /** From a place on, without reading what is before it where that can be helped. */
  from(position: number): AsyncIterable<SamplePlace>;
}
