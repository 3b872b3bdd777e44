import type { Box } from '../../core/geometry/box';
import type { ModelInput } from '../../core/policy/convention';
import type { PolicyLabel, Reply } from '../../core/policy/policyRollout';
import type { BasicSpec, PersonSpec } from '../../core/policy/policySpec';
import { regionText } from '../../core/policy/regionText';
import { UserError } from '../../core/text/userError';
import type { SalientRegion, SalientRequest } from '../../protocol/policy';
import type { Policy, SenseAsk } from './policy';

/** Both count in pixels of the image itself, which nothing resizes for them. */
const input: ModelInput = {
  convention: 'abs-original',
  resize: { factor: 1, minPixels: 1, maxPixels: Number.MAX_SAFE_INTEGER, before: null },
};

abstract class RegionPolicy implements Policy {
  readonly reads = false;
  readonly image = 'jpeg';

  constructor(private readonly spec: BasicSpec | PersonSpec) {}

  input(): Promise<ModelInput> {
    return Promise.resolve(input);
  }

  label(): Promise<PolicyLabel> {
    const { name, kind } = this.spec;
    const temperature = this.spec.kind === 'basic' ? this.spec.temperature : null;
    return Promise.resolve({ name, kind, model: null, convention: input.convention, temperature });
  }

  abstract sense(ask: SenseAsk, signal: AbortSignal): readonly Promise<Reply>[];

  answer(): Promise<Reply> {
    return Promise.reject(new UserError(`${this.spec.name} only chooses regions; the task model must be a server`));
  }
}

/** The policy that ships: regions where a picture is conspicuous, whatever was asked. */
export class BasicPolicy extends RegionPolicy {
  constructor(
    private readonly basic: BasicSpec,
    private readonly salient: (request: SalientRequest, signal: AbortSignal) => Promise<readonly SalientRegion[]>,
  ) {
    super(basic);
  }

  sense({ image, maxRegions, rollouts, seed }: SenseAsk, signal: AbortSignal): readonly Promise<Reply>[] {
    // Without a temperature a group would be one rollout eight times.
    const temperature = this.basic.temperature ?? (rollouts.length > 1 ? 1 : 0);
    return rollouts.map(async (rollout) => {
      const start = performance.now();
      const found = await this.salient({ path: image, count: maxRegions, temperature, seed: seed + rollout }, signal);
      const regions = found.map(({ box }) => ({ box, label: 'conspicuous' }));
      const thought = 'Parts of the picture that stand out from the rest; the words of the question are not read.';
      return replyOf(regionText(thought, regions), performance.now() - start);
    });
  }
}

/** A person who drew the regions. */
export class PersonPolicy extends RegionPolicy {
  constructor(
    spec: PersonSpec,
    private readonly drawn: readonly (readonly Box[])[],
  ) {
    super(spec);
  }

  sense({ rollouts }: SenseAsk): readonly Promise<Reply>[] {
    return rollouts.map((rollout) => {
      const regions = (this.drawn[rollout] ?? []).map((box) => ({ box, label: 'drawn' }));
      return Promise.resolve(replyOf(regionText('Regions that a person drew.', regions), 0));
    });
  }
}

function replyOf(text: string, took: number): Reply {
  return { text, finish: 'stop', tokens: null, usage: null, took, firstText: null, retries: 0 };
}
