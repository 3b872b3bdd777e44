import type { CanvasSegmentEvents, CanvasSegmentMethods } from '../../src/protocol/canvasSegment';
import type { CallOptions, ParamsOf, ResultOf } from '../../src/protocol/channel';
import type { SegmentBackend } from './segmentHost';

/** The host of any editor that serves segmentation. */
export interface SegmentChannel {
  call<K extends keyof CanvasSegmentMethods>(
    method: K,
    params: ParamsOf<CanvasSegmentMethods, K>,
    options?: CallOptions,
  ): Promise<ResultOf<CanvasSegmentMethods, K>>;
  call(method: 'editor/showLog', params: Record<never, never>): Promise<null>;
  on(event: keyof CanvasSegmentEvents, listener: () => void): unknown;
}

/** Work waits for its turn behind other work, and reading a large image takes its time; cancelling is the tool's. */
const patient = { deadline: Number.POSITIVE_INFINITY };

/** Models by way of an editor's channel. */
export function channelBackend(host: SegmentChannel): SegmentBackend {
  return {
    models: () => host.call('segment/models', {}, patient),
    addModel: () => host.call('segment/addModel', {}, patient),
    onModels: (listener) => host.on('segment/changed', listener),
    choose: (model) => host.call('segment/choose', { model }),
    run: (prompt, signal) => host.call('segment/run', prompt, { signal, ...patient }),
    prepare: (image, signal) => host.call('segment/prepare', image, { signal, ...patient }),
    restart: () => host.call('segment/restart', {}, patient),
    showLog: () => void host.call('editor/showLog', {}),
  };
}
