/**
 * What was changed before the same question was asked again: the crop blurred, taken from elsewhere or left blank, or the thought
 * corrupted. `same` is the control: nothing was, and an answer that changes all the same tells how much is chance.
 */
export const probeKinds = ['same', 'blurred', 'elsewhere', 'blank', 'thought'] as const;
export type ProbeKind = (typeof probeKinds)[number];

/** One question asked again. */
export interface Probe {
  readonly kind: ProbeKind;
  /** The answer differs from the one with crop and thought as they were. */
  readonly changed: boolean;
  /** Null where the right answer is unknown. */
  readonly right: boolean | null;
}

export interface ProbedRollout {
  /** Whether its own answer is right; null where that is unknown. */
  readonly right: boolean | null;
  readonly probes: readonly Probe[];
}

/** How much an answer depends on what was looked at and on what was thought; null where that was not tried. */
export interface Faithfulness {
  /** Share of changed pictures after which the answer changed, 0–1: 0 says that the crop was not needed. */
  readonly visual: number | null;
  /** Share of corrupted thoughts after which it changed. */
  readonly textual: number | null;
}

/** Of one rollout, after "On the Faithfulness of Visual Thinking": a faithful rollout's answer follows its evidence. */
export function faithfulness({ probes }: Pick<ProbedRollout, 'probes'>): Faithfulness {
  const share = (some: readonly Probe[]): number | null =>
    some.length === 0 ? null : some.filter(({ changed }) => changed).length / some.length;
  return {
    visual: share(probes.filter(({ kind }) => kind !== 'thought' && kind !== 'same')),
    textual: share(probes.filter(({ kind }) => kind === 'thought')),
  };
}

export interface FaithfulnessReport extends Faithfulness {
  readonly rollouts: number;
  /** By kind, those that were tried. */
  readonly kinds: readonly {
    readonly kind: ProbeKind;
    readonly probes: number;
    readonly changed: number;
    /** Right answers that became wrong, and wrong ones that became right. */
    readonly lost: number;
    readonly gained: number;
  }[];
}

/** Of a file: means over rollouts that were probed, each rollout counting once however often it was asked. Null for none. */
export function faithfulnessReport(rollouts: readonly ProbedRollout[]): FaithfulnessReport | null {
  const probed = rollouts.filter(({ probes }) => probes.length > 0);
  if (probed.length === 0) return null;
  const scores = probed.map(faithfulness);
  return {
    rollouts: probed.length,
    visual: mean(scores.flatMap(({ visual }) => (visual === null ? [] : [visual]))),
    textual: mean(scores.flatMap(({ textual }) => (textual === null ? [] : [textual]))),
    kinds: probeKinds.flatMap((kind) => {
      const own = probed.flatMap(({ right, probes }) =>
        probes.filter((probe) => probe.kind === kind).map((probe) => ({ before: right, ...probe })),
      );
      if (own.length === 0) return [];
      return [
        {
          kind,
          probes: own.length,
          changed: own.filter(({ changed }) => changed).length,
          lost: own.filter(({ before, right }) => before === true && right === false).length,
          gained: own.filter(({ before, right }) => before === false && right === true).length,
        },
      ];
    }),
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}
