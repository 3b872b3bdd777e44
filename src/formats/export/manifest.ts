/** Rollouts left out for one reason. */
interface Omission {
  readonly reason: string;
  readonly rollouts: number;
  /** The first of them, by place in the log. */
  readonly examples: readonly string[];
}

/** How the reason begins for which a group of another size than the run's is left out. */
export const partialGroup = 'a partial group';

const examplesKept = 5;

/** Counts what went into an export and what did not, and why. */
export class ExportTally {
  private readonly omissions = new Map<string, { rollouts: number; examples: string[] }>();
  private readonly used = new Set<string>();
  private count = 0;

  /** One record was written from these rollouts. */
  record(rollouts: readonly string[]): void {
    this.count++;
    for (const rollout of rollouts) this.used.add(rollout);
  }

  omit(reason: string, rollout: string): void {
    const omission = this.omissions.get(reason) ?? { rollouts: 0, examples: [] };
    omission.rollouts++;
    if (omission.examples.length < examplesKept) omission.examples.push(rollout);
    this.omissions.set(reason, omission);
  }

  get records(): number {
    return this.count;
  }

  get rollouts(): number {
    return this.used.size;
  }

  /** Most frequent first. */
  get leftOut(): readonly Omission[] {
    return [...this.omissions]
      .map(([reason, { rollouts, examples }]) => ({ reason, rollouts, examples }))
      .sort((a, b) => b.rollouts - a.rollouts);
  }
}
