import type { DrawnMask } from '../click/maskAnnotation';
import type { ImageNotes } from '../dataset/edit/imageNotes';
import type { Box } from '../geometry/box';
import type { Ranking } from './ranking';

/** Who said something, and when. The author may be a person or a judge model. */
export interface Stamp {
  readonly author: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** A value with its stamp; the logged value stays where it is. */
export interface Noted<T> extends Stamp {
  readonly value: T;
}

/** A step's label; unset is the absence of one, and is not 0. */
export type StepLabel = -1 | 0 | 1;

/** What decides a group's mean and deviation when rollouts are excluded: those that remain, or all G. */
export type ExcludedCount = 'remaining' | 'original';

/**
 * Annotations of one rollout. Boxes are in stored pixels of the original image; indices are those of the rollout as parsed
 * from its log. Every member is absent until somebody says something.
 */
export interface RolloutNotes {
  /** By 0-based region: where it should be. */
  readonly regions?: Readonly<Record<string, Noted<Box>>>;
  /** By component name: what it should be. */
  readonly components?: Readonly<Record<string, Noted<number>>>;
  readonly total?: Noted<number>;
  /** By 0-based turn. */
  readonly labels?: Readonly<Record<string, Noted<StepLabel>>>;
  /** By 0-based turn: why. */
  readonly stepRationales?: Readonly<Record<string, Noted<string>>>;
  readonly tags?: Noted<readonly string[]>;
  readonly rationale?: Noted<string>;
  readonly excluded?: Noted<true>;
  readonly reviewed?: Noted<true>;
}

/** Annotations of a group: what all its rollouts share. */
export interface GroupNotes {
  /** By 0-based ground-truth box, in stored pixels of the original. */
  readonly truth?: Readonly<Record<string, Noted<Box>>>;
  /** By id: masks that people drew on the group's image. */
  readonly masks?: Readonly<Record<string, Noted<DrawnMask>>>;
  readonly ranking?: Noted<Ranking>;
  readonly excluded?: Noted<true>;
  /** Asked when its first rollout is excluded. */
  readonly statistics?: Noted<ExcludedCount>;
  readonly tags?: Noted<readonly string[]>;
}

/** Where a record was when it was written: it finds its row at once, and is told by them when its key matches nothing. */
export interface RecordHints {
  /** 1-based line in the log; of an image, its 1-based place in its image set. */
  readonly line: number;
  readonly step: number | null;
}

/**
 * All that a sidecar knows of one rollout (key: hash of prompt, response and occurrence), one group, or one image of an
 * image set (key: `DatasetImage.key`).
 */
export type AnnotationRecord =
  | { readonly kind: 'rollout'; readonly key: string; readonly hints: RecordHints; readonly notes: RolloutNotes }
  | { readonly kind: 'group'; readonly key: string; readonly hints: RecordHints; readonly notes: GroupNotes }
  | { readonly kind: 'image'; readonly key: string; readonly hints: RecordHints; readonly notes: ImageNotes };

/** Records by `idOf`. */
export type Annotations = ReadonlyMap<string, AnnotationRecord>;

/** Rollouts, groups and images have keys of their own. */
export function idOf({ kind, key }: Pick<AnnotationRecord, 'kind' | 'key'>): string {
  return `${kind}:${key}`;
}
