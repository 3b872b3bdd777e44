import type { Box } from '../../core/geometry/box';
import type { ModelInput } from '../../core/policy/convention';
import type { PolicyLabel, Reply } from '../../core/policy/policyRollout';
import type { BasicSpec, PersonSpec } from '../../core/policy/policySpec';
import { basicThought, regionAnswer } from '../../core/policy/regionAnswer';
import { UserError } from '../../core/text/userError';
import { mostRegions, type ProposeAnswer, type ProposeRequest } from '../../protocol/propose';
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

/** The policy that ships: parts of the picture that stand out, whatever was asked. */
export class BasicPolicy extends RegionPolicy {
  constructor(
    private readonly basic: BasicSpec,
    private readonly ask: (request: ProposeRequest, signal: AbortSignal) => Promise<ProposeAnswer>,
  ) {
    super(basic);
  }

  sense({ image, maxRegions, rollouts, seed }: SenseAsk, signal: AbortSignal): readonly Promise<Reply>[] {
    // Without a temperature a group would be one rollout eight times.
    const temperature = this.basic.temperature ?? (rollouts.length > 1 ? 1 : 0);
    const start = performance.now();
    const answer = this.ask(
      {
        image,
        crop: null,
        regions: Math.min(maxRegions, mostRegions),
        temperature,
        seed,
        samples: Math.max(0, ...rollouts) + 1,
      },
      signal,
    );
    return rollouts.map(async (rollout) => {
      const boxes = ((await answer).samples[rollout] ?? []).map(({ box }) => box);
      return replyOf(regionAnswer(basicThought(boxes.length), boxes, 'stands out'), performance.now() - start);
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
      const text = regionAnswer('Regions that a person drew.', this.drawn[rollout] ?? [], 'drawn');
      return Promise.resolve(replyOf(text, 0));
    });
  }
}

function replyOf(text: string, took: number): Reply {
  return { text, finish: 'stop', tokens: null, usage: null, took, firstText: null, retries: 0 };
}
