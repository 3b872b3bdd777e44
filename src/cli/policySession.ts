import { join } from 'node:path';
import type { PolicySpec } from '../core/policy/policySpec';
import { UserError } from '../core/text/userError';
import { createInferenceClient } from '../inference/client';
import { createMediaClient, type MediaClient } from '../media/client';
import { createPolicyClient, type PolicyClient } from '../policy/client';
import { readPolicy } from '../policy/policyFile';
import type { KeyedPolicy } from '../protocol/policy';
import { childLog, defaultCacheDir, templatesFolder } from './children';
import type { PolicyCommand } from './policyArguments';

/** The children that policies need, and the one that reads images for them. */
export interface PolicyChildren {
  readonly client: PolicyClient;
  readonly media: MediaClient;
}

/** Starts the children that policies need, hands them to `work` and ends them, whatever happened. */
export async function withPolicies<T>(
  command: PolicyCommand,
  work: (children: PolicyChildren) => Promise<T>,
): Promise<T> {
  const cacheDir = command.cacheDir ?? defaultCacheDir();
  const children = join(__dirname, 'children');
  const log = childLog();
  const media = createMediaClient({ entry: join(children, 'media.js'), log, cacheDir });
  const inference = createInferenceClient({
    entry: join(children, 'infer.js'),
    log,
    cacheDir: join(cacheDir, 'embeddings'),
    pixels: (request) => media.pixels(request),
  });
  const client = createPolicyClient({
    entry: join(children, 'policy.js'),
    log,
    templates: templatesFolder(),
    probe: (path) => media.probe(path),
    encode: (request) => media.encode(request),
    basic: (request) => inference.propose(request),
    segment: (request) => inference.segment(request),
    overlay: (path, mask) => media.overlay(path, mask),
  });
  try {
    return await work({ client, media });
  } finally {
    client.dispose();
    inference.dispose();
    media.dispose();
  }
}

/** Who chooses regions, and who looks into them; null where nobody does. */
export interface ChosenPolicies {
  readonly policy: KeyedPolicy;
  readonly taskPolicy: KeyedPolicy | null;
}

/** The policies that the command line names, with their keys from the environment. Throws `UserError`. */
export async function chosenPolicies({ policy, taskPolicy }: PolicyCommand): Promise<ChosenPolicies> {
  const sensing = await readPolicy(policy);
  if (sensing.kind === 'person')
    throw new UserError(`${policy}: a person draws in the editor, not on the command line`);
  const keyed = withKey(sensing);
  if (taskPolicy === 'none') return { policy: keyed, taskPolicy: null };
  // One model looks and answers, as in the paper; the policy that ships answers nothing.
  if (taskPolicy === null) return { policy: keyed, taskPolicy: sensing.kind === 'server' ? keyed : null };
  return { policy: keyed, taskPolicy: withKey(await readPolicy(taskPolicy)) };
}

function withKey(spec: PolicySpec): KeyedPolicy {
  const variable = spec.kind === 'server' ? spec.keyEnv : null;
  if (variable === null) return { spec, key: null };
  const key = process.env[variable] ?? '';
  if (key === '') throw new UserError(`${spec.name}: the environment variable ${variable} holds no key`);
  return { spec, key };
}
