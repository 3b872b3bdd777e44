import type { CocoMask } from '../core/mask/cocoMask';
import type { CachedImage, ImageProbe } from '../protocol/media';
import type {
  AskAgainAnswer,
  AskAgainRequest,
  EncodeAnswer,
  EncodeRequest,
  JudgeAnswer,
  JudgeRequest,
  KeyedPolicy,
  PolicyCheck,
  PolicyEvents,
  PolicyMethods,
  PolicyParentMethods,
  ProposeAnswer,
  ProposeRequest,
} from '../protocol/policy';
import type { ProposeAnswer as BasicAnswer, ProposeRequest as BasicRequest } from '../protocol/propose';
import type { SegmentAnswer, SegmentRequest } from '../protocol/segment';
import type { ChildLog } from '../supervise/childHandle';
import { childLimits } from '../supervise/limits';
import { mended } from '../supervise/mended';
import { type ChildState, Supervisor } from '../supervise/supervisor';
import { type PolicyOptions, policyVariable } from './options';

export interface PolicyClientOptions {
  /** The child's bundle: `dist/children/policy.js`. */
  readonly entry: string;
  readonly log: ChildLog;
  /** Absolute folder of the prompts that ship: `media/templates`. */
  readonly templates: string;
  /** Pixels, from the media child. */
  readonly probe: (path: string) => Promise<ImageProbe>;
  readonly encode: (request: EncodeRequest) => Promise<EncodeAnswer>;
  /** The policy that ships, in the inference child. */
  readonly basic: (request: BasicRequest) => Promise<BasicAnswer>;
  /** For segmentation. */
  readonly segment: (request: SegmentRequest) => Promise<SegmentAnswer>;
  readonly overlay: (path: string, mask: CocoMask | null) => Promise<CachedImage>;
  readonly memoryMb?: number | undefined;
}

/**
 * Policies through the policy child, which starts on the first call. What the user can mend rejects with `UserError`, what was
 * cancelled or crashed with `ChannelError` (`cancelled`, `disposed`).
 */
export interface PolicyClient {
  check(policy: KeyedPolicy, signal?: AbortSignal): Promise<PolicyCheck>;
  propose(request: ProposeRequest, signal?: AbortSignal): Promise<ProposeAnswer>;
  judge(request: JudgeRequest, signal?: AbortSignal): Promise<JudgeAnswer>;
  askAgain(request: AskAgainRequest, signal?: AbortSignal): Promise<AskAgainAnswer>;
  /** Survives restarts of the child. */
  on<K extends keyof PolicyEvents>(name: K, listener: (payload: PolicyEvents[K]) => void): () => void;
  onState(listener: (state: ChildState, detail: string) => void): () => void;
  readonly pid: number | undefined;
  restart(): Promise<void>;
  dispose(): void;
}

export function createPolicyClient(options: PolicyClientOptions): PolicyClient {
  const child: PolicyOptions = { templates: options.templates };
  const supervisor = new Supervisor<PolicyParentMethods, PolicyMethods, Record<never, never>, PolicyEvents>({
    role: 'policy',
    entry: options.entry,
    env: { [policyVariable]: JSON.stringify(child) },
    handlers: {
      'image/probe': ({ path }) => options.probe(path),
      'image/encode': (request) => options.encode(request),
      'propose/run': (request) => options.basic(request),
      'segment/run': (request) => options.segment(request),
      'image/overlay': ({ path, mask }) => options.overlay(path, mask),
    },
    heapMb: childLimits(options).heapMb,
    log: options.log,
  });
  // A server may think for minutes; each call has a limit of its own, in the child.
  const patient = (signal: AbortSignal | undefined) => ({
    deadline: Number.POSITIVE_INFINITY,
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    check: (policy, signal) => mended(supervisor.call('policy/check', policy, patient(signal))),
    propose: (request, signal) => mended(supervisor.call('policy/propose', request, patient(signal))),
    judge: (request, signal) => mended(supervisor.call('policy/judge', request, patient(signal))),
    askAgain: (request, signal) => mended(supervisor.call('policy/askAgain', request, patient(signal))),
    on: (name, listener) => supervisor.on(name, listener),
    onState: (listener) => supervisor.onState(listener),
    get pid() {
      return supervisor.pid;
    },
    restart: () => supervisor.restart(),
    dispose: () => supervisor.dispose(),
  };
}
