import type { CocoMask } from '../../core/mask/cocoMask';
import { UserError } from '../../core/text/userError';
import type { Handlers } from '../../protocol/channel';
import type { CachedImage, ImageProbe } from '../../protocol/media';
import type {
  EncodeAnswer,
  EncodeRequest,
  KeyedPolicy,
  PolicyEvents,
  PolicyMethods,
  ProposeRequest,
} from '../../protocol/policy';
import type { ProposeAnswer as BasicAnswer, ProposeRequest as BasicRequest } from '../../protocol/propose';
import type { SegmentAnswer, SegmentRequest } from '../../protocol/segment';
import type { PolicyOptions } from '../options';
import { askedAgain } from './loop/askAgain';
import { proposeGroup } from './loop/group';
import { judged } from './loop/judge';
import type { Policy } from './policy';
import { BasicPolicy, PersonPolicy } from './regionPolicies';
import { ServerPolicy } from './server/serverPolicy';
import { Templates } from './templates';

/** What the child asks of its parent. */
export interface Surroundings {
  readonly options: PolicyOptions;
  probe(path: string): Promise<ImageProbe>;
  encode(request: EncodeRequest, signal: AbortSignal): Promise<EncodeAnswer>;
  segment(request: SegmentRequest, signal: AbortSignal): Promise<SegmentAnswer>;
  overlay(path: string, mask: CocoMask | null, signal: AbortSignal): Promise<CachedImage>;
  basic(request: BasicRequest, signal: AbortSignal): Promise<BasicAnswer>;
  emit<K extends keyof PolicyEvents>(name: K, payload: PolicyEvents[K]): void;
}

/** Groups of more rollouts than anybody trains with would be a mistake. */
const mostRollouts = 1024;
const mostRegions = 32;

/** The methods of the policy child. */
export function policyService(around: Surroundings): Handlers<PolicyMethods> {
  const templates = new Templates(around.options.templates);
  /** Servers by what describes them: their limits hold over all groups that ask them. */
  const servers = new Map<string, ServerPolicy>();
  const server = ({ spec, key }: KeyedPolicy): ServerPolicy => {
    if (spec.kind !== 'server') throw new UserError(`${spec.name} is no server`);
    const id = JSON.stringify([spec, key]);
    const known = servers.get(id) ?? new ServerPolicy(spec, key);
    servers.delete(id);
    servers.set(id, known);
    for (const oldest of servers.keys()) {
      if (servers.size <= serversKept) break;
      servers.delete(oldest);
    }
    return known;
  };
  const policyOf = (keyed: KeyedPolicy, { drawn }: Pick<ProposeRequest, 'drawn'>): Policy => {
    switch (keyed.spec.kind) {
      case 'server':
        return server(keyed);
      case 'basic':
        return new BasicPolicy(keyed.spec, around.basic);
      case 'person':
        if (drawn === null) throw new UserError('The regions of a person are drawn first.');
        return new PersonPolicy(keyed.spec, drawn);
    }
  };
  return {
    'policy/check': async (keyed, signal) => {
      const policy = server(keyed);
      const models = await policy.models(signal);
      const { model, convention } = await policy.label(signal);
      return { models, model, convention };
    },
    'policy/judge': (request, signal) =>
      judged(request, { templates, judge: server(request.policy), encode: around.encode, probe: around.probe }, signal),
    'policy/askAgain': (request, signal) => {
      const policy = server(request.policy);
      return askedAgain(request, { templates, policy, encode: around.encode, probe: around.probe }, signal);
    },
    'policy/propose': (request, signal) => {
      checkRequest(request);
      const { policy, taskPolicy } = request;
      return proposeGroup(
        request,
        {
          templates,
          policy: policyOf(policy, request),
          task: taskPolicy === null ? null : policyOf(taskPolicy, { drawn: null }),
          encode: around.encode,
          segment: around.segment,
          overlay: around.overlay,
          probe: around.probe,
          emit: around.emit,
        },
        signal,
      );
    },
  };
}

const serversKept = 32;

function checkRequest({ count, maxRegions, drawn, task, zoom, taskPolicy }: ProposeRequest): void {
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= mostRollouts))
    throw new UserError(`A group has 1 to ${mostRollouts} rollouts, not ${count}.`);
  if (!(Number.isSafeInteger(maxRegions) && maxRegions >= 1 && maxRegions <= mostRegions))
    throw new UserError(`A rollout looks at 1 to ${mostRegions} regions, not ${maxRegions}.`);
  if (drawn !== null && drawn.length !== count) throw new UserError('Every rollout needs regions of its own.');
  if (task === 'segmentation' && (!zoom || taskPolicy === null))
    throw new UserError('Masks are mended by a task model that looks into regions.');
  if (!zoom && taskPolicy === null) throw new UserError('Without zoom there must be a task model to ask.');
}
