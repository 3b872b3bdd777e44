import { Channel, type Handlers } from '../../protocol/channel';
import type { PolicyEvents, PolicyMethods, PolicyParentMethods } from '../../protocol/policy';
import { type ChildBaseEvents, type ChildBaseMethods, parentPort, readyEvent } from '../../supervise/childPort';
import { parseOptions, policyVariable } from '../options';
import { policyService, type Surroundings } from './service';

type ParentChannel = Channel<
  PolicyMethods & ChildBaseMethods,
  PolicyParentMethods,
  PolicyEvents & ChildBaseEvents,
  Record<never, never>
>;

/** The policy child: asks models where to look and what is there. It alone talks to the network, and to no address but the user's. */
function main(): void {
  const port = parentPort();
  const options = parseOptions(process.env[policyVariable]);
  let parent: ParentChannel | null = null;
  const open = (): ParentChannel => {
    if (parent === null) throw new Error('asked before the channel was open');
    return parent;
  };
  const patient = { deadline: Number.POSITIVE_INFINITY };
  const surroundings: Surroundings = {
    options,
    probe: (path) => open().call('image/probe', { path }, patient),
    encode: (request, signal) => open().call('image/encode', request, { ...patient, signal }),
    basic: (request, signal) => open().call('propose/run', request, { ...patient, signal }),
    segment: (request, signal) => open().call('segment/run', request, { ...patient, signal }),
    overlay: (path, mask, signal) => open().call('image/overlay', { path, mask }, { ...patient, signal }),
    emit: (name, payload) => open().emit(name, payload as never),
  };
  const handlers: Handlers<PolicyMethods & ChildBaseMethods> = {
    ...policyService(surroundings),
    'child/ping': () => null,
  };
  const channel: ParentChannel = new Channel(port, handlers, (method, error) =>
    process.stderr.write(`${method}: ${error instanceof Error ? error.stack : String(error)}\n`),
  );
  parent = channel;
  channel.emit(readyEvent, { pid: process.pid, versions: {} });
}

main();
