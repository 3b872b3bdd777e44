import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import type { RolloutRecord } from '../../../core/trajectory/rollout';
import type { FormatId } from '../../../formats/format';
import type { ImageRef, ImageState, RunConfig, TraceOverrides } from '../../../protocol/data';

/** Which group's image is wanted; `record` is one row of the group, `file` the trace file it stands in (relative). */
export interface ImageQuery {
  readonly groupKey: string;
  readonly record: RolloutRecord;
  readonly file: string;
}

/** Finds the image a rollout was about: named by the log, or joined from the run's datasets. */
export interface ImageResolver {
  /** The run's own configuration when one was found near the trace. */
  readonly config: RunConfig | null;
  /** A lookup; never fetches an image's bytes into the cache. */
  resolve(query: ImageQuery, signal?: AbortSignal): Promise<ImageState>;
  /** A path on disk with the encoded bytes: a file as it stands, a table cell written into the cache first. Throws `UserError`. */
  file(ref: ImageRef): Promise<string>;
  /** What is wrong with the configuration and the datasets. */
  problems(): readonly Problem[];
  setOverrides(overrides: TraceOverrides): Promise<void>;
  dispose(): Promise<void>;
}

export interface ImageResolverOptions {
  /** Absolute path of the opened file or folder. */
  readonly tracePath: string;
  readonly format: FormatId;
  readonly overrides: TraceOverrides;
  /** Absolute; created when missing. */
  readonly cacheDir: string;
}

export async function createImageResolver(options: ImageResolverOptions): Promise<ImageResolver> {
  let overrides = options.overrides;
  return {
    config: null,
    async resolve(query) {
      const chosen = overrides.images?.[query.groupKey];
      if (chosen !== undefined) return { kind: 'resolved', ref: chosen, how: 'chosen by you', count: 1 };
      return { kind: 'missing', reason: 'The log names no image and no dataset of the run was found.', tried: [] };
    },
    async file(ref) {
      if (ref.kind === 'file') return ref.path;
      throw new UserError(`${ref.dataset}: its images cannot be read`);
    },
    problems: () => [],
    async setOverrides(next) {
      overrides = next;
    },
    async dispose() {
      overrides = {};
    },
  };
}
