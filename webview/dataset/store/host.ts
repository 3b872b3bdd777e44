import { Channel } from '../../../src/protocol/channel';
import type {
  DatasetHostEvents,
  DatasetHostMethods,
  DatasetWebviewEvents,
  DatasetWebviewMethods,
} from '../../../src/protocol/datasetEditor';
import { type VsCodeApi, webviewPort } from '../../rollouts/store/host';

export type DatasetHost = Channel<DatasetWebviewMethods, DatasetHostMethods, DatasetWebviewEvents, DatasetHostEvents>;

/** The channel to the extension's host over the webview's messages. `snapshot` serves tests. */
export function connectDatasetHost(api: VsCodeApi, snapshot: () => unknown): DatasetHost {
  return new Channel<DatasetWebviewMethods, DatasetHostMethods, DatasetWebviewEvents, DatasetHostEvents>(
    webviewPort(api),
    { 'test/snapshot': snapshot },
    (_, error) => reportError(error),
  );
}
