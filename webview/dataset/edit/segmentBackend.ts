import type { SegmentBackend } from '../../segment/segmentHost';
import type { DatasetHost } from '../store/host';

/** A read of a large image and a run may take their time; cancelling is the tool's. */
const patient = { deadline: Number.POSITIVE_INFINITY };

/** Models by way of the dataset editor's channel. */
export function segmentBackend(host: DatasetHost): SegmentBackend {
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
