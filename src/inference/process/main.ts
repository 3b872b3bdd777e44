import { Channel, type Handlers } from '../../protocol/channel';
import type { ProposeMethods } from '../../protocol/propose';
import type { SegmentEvents, SegmentMethods, SegmentParentMethods } from '../../protocol/segment';
import { type ChildBaseEvents, type ChildBaseMethods, parentPort, readyEvent } from '../../supervise/childPort';
import { inferenceVariable, parseOptions } from '../options';
import { loadRuntime } from './runtime/ort';
import { segmentService } from './service';

type ParentChannel = Channel<
  SegmentMethods & ProposeMethods & ChildBaseMethods,
  SegmentParentMethods,
  SegmentEvents & ChildBaseEvents,
  Record<never, never>
>;

/** The inference child: runs segmenters with ONNX Runtime, which blocks whatever process it runs in. */
async function main(): Promise<void> {
  const port = parentPort();
  const options = parseOptions(process.env[inferenceVariable]);
  const log = (message: string) => void process.stdout.write(`${message}\n`);
  const runtime = await loadRuntime(options, log);
  let parent: Pick<ParentChannel, 'call' | 'emit'> | null = null;
  const handlers: Handlers<SegmentMethods & ProposeMethods & ChildBaseMethods> = {
    ...segmentService({
      runtime,
      options,
      pixels: (request) => {
        if (parent === null) throw new Error('asked for pixels before the channel was open');
        // Decoding has a limit of its own, and says so.
        return parent.call('image/pixels', request, { deadline: Number.POSITIVE_INFINITY });
      },
      changed: (state) => parent?.emit('segment/state', state),
      log,
    }),
    'child/ping': () => null,
  };
  const channel: ParentChannel = new Channel<
    SegmentMethods & ProposeMethods & ChildBaseMethods,
    SegmentParentMethods,
    SegmentEvents & ChildBaseEvents,
    Record<never, never>
  >(port, handlers, (method, error) =>
    process.stderr.write(`${method}: ${error instanceof Error ? error.stack : String(error)}\n`),
  );
  parent = channel;
  const versions = runtime.ort === null ? { problem: runtime.reason } : { onnxruntime: runtime.version };
  channel.emit(readyEvent, { pid: process.pid, versions });
}

void main();
