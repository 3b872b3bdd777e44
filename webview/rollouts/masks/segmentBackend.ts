import type { SegmentBackend } from '../../segment/segmentHost';
import type { Host } from '../store/host';

/** The rollouts editor's way to models. */
export function segmentBackend(host: Host): SegmentBackend {
  // Work waits for its turn behind other work.
  const patient = { deadline: Number.POSITIVE_INFINITY };
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
