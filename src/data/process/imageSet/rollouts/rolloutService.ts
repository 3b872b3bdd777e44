import type { Handlers } from '../../../../protocol/channel';
import type { ImageSetRolloutsMethods, JoinProgress } from '../../../../protocol/imageSetRollouts';
import type { ImageContents } from '../../samples/imageContents';
import type { Trace } from '../../trace/trace';
import type { ImageSet } from '../imageSet';
import { SetRollouts } from './setRollouts';

/** What joining rollouts needs of the process it is in. */
export interface RolloutsHost {
  /** Throws `UserError` for a trace that is not open. */
  trace(traceId: number): Trace;
  readonly contents: ImageContents;
  joining(progress: JoinProgress): void;
}

/** Serves rollouts on the images of sets. */
export function rolloutService(
  find: (setId: number) => ImageSet,
  { trace, contents, joining }: RolloutsHost,
): Handlers<ImageSetRolloutsMethods> {
  const all = new WeakMap<ImageSet, SetRollouts>();
  const of = (setId: number): SetRollouts => {
    const set = find(setId);
    const known = all.get(set) ?? new SetRollouts(set, contents);
    all.set(set, known);
    return known;
  };
  return {
    'imageset/rollouts': ({ setId, traces, passes }, signal) =>
      of(setId).join(traces.map(trace), passes, signal, {
        groups: (done, total) => joining({ setId, what: 'groups', done, total }),
        images: (done, total) => joining({ setId, what: 'images', done, total }),
      }),
    'imageset/rolloutsOn': ({ setId, index }) => of(setId).on(index),
    'imageset/imagesOf': async ({ setId, traceId, group }, signal) => {
      const found = await of(setId).imagesOf(trace(traceId), group, signal);
      return { by: found?.by ?? null, indices: found?.images ?? [] };
    },
  };
}
