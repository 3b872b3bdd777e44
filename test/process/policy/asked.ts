import type { PolicySample } from '../../../src/core/policy/policyRollout';
import { basicPolicy, parsePolicy, type ServerSpec } from '../../../src/core/policy/policySpec';
import { builtInProfiles } from '../../../src/core/reward/scoring/profile';
import type { JsonValue } from '../../../src/core/text/jsonValue';
import type { ProposeRequest } from '../../../src/protocol/policy';

/** A policy as its user writes it; retries come at once where the server asks for it. */
export function server(
  baseURL: string | readonly string[],
  more: Readonly<Record<string, JsonValue>> = {},
): ServerSpec {
  const spec = parsePolicy({ name: 'test', baseURL, ...more }, (path) => path);
  if (spec.kind !== 'server') throw new Error('no server');
  return spec;
}

export function sampleOf(image: string, more: Partial<PolicySample> = {}): PolicySample {
  return {
    key: 'street',
    image,
    imageName: image,
    object: 'sign',
    question: null,
    options: [],
    answer: null,
    truth: [],
    dataSource: null,
    ...more,
  };
}

export function request(sample: PolicySample, more: Partial<ProposeRequest> = {}): ProposeRequest {
  const profile = builtInProfiles.find(({ id }) => id === 'active-o3-regions');
  if (profile === undefined) throw new Error('no profile');
  return {
    job: 'job',
    sample,
    task: 'detection',
    policy: { spec: basicPolicy, key: null },
    taskPolicy: null,
    count: 1,
    seed: 7,
    maxRegions: 3,
    cropShape: 'square',
    maxIou: 0.5,
    profile,
    advantage: { name: 'grpo', trainer: 'trl' },
    zoom: true,
    drawn: null,
    stream: false,
    journal: null,
    ...more,
  };
}

/** Regions as a sensing model writes them. */
export function looks(...boxes: readonly (readonly number[])[]): string {
  const list = boxes.map((box) => ({ bbox_2d: box, label: 'sign' }));
  return `<think>Signs hang high.</think> <answer>${JSON.stringify(list)}</answer>`;
}
