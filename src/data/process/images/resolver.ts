import type { Problem } from '../../../core/text/problem';
import type { RolloutRecord } from '../../../core/trajectory/rollout';
import type { FormatId } from '../../../formats/format';
import type { ImageRef, ImageState, RunConfig, TraceOverrides } from '../../../protocol/data';

export interface ImageQuery {
  readonly groupKey: string;
  readonly record: RolloutRecord;
  /** The log file the record stands in, relative to the trace's root. */
  readonly file: string;
}

/** Finds a rollout's image: named by the log, or joined from the run's dataset. */
export interface ImageResolver {
  readonly config: RunConfig | null;
  /** A lookup; never fetches an image's bytes. */
  resolve(query: ImageQuery, signal?: AbortSignal): Promise<ImageState>;
  /** Path of a file with the image's encoded bytes; a table cell is written into the cache first. */
  file(ref: ImageRef): Promise<string>;
  problems(): readonly Problem[];
  setOverrides(overrides: TraceOverrides): Promise<void>;
  dispose(): Promise<void>;
}

export interface ImageResolverOptions {
  /** Absolute path of the file or folder that was opened. */
  readonly tracePath: string;
  readonly format: FormatId;
  readonly overrides: TraceOverrides;
  readonly cacheDir: string;
}

/** Until the joins stand, every image is missing. */
export async function createImageResolver(_options: ImageResolverOptions): Promise<ImageResolver> {
  return {
    config: null,
    resolve: async () => ({ kind: 'missing', reason: 'Images are not looked up yet.', tried: [] }),
    file: async (ref) => (ref.kind === 'file' ? ref.path : ''),
    problems: () => [],
    setOverrides: async () => undefined,
    dispose: async () => undefined,
  };
}
