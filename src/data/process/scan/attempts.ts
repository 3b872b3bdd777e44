import type { GroupAttempt } from '../../../protocol/data';

/** A log that went on from a lower step than it had reached: the resumed run's rows from there on. */
interface Restart {
  readonly attempt: number;
  readonly from: number;
}

/** What `Attempts` remembers, for the index cache. */
export interface AttemptsState {
  readonly logs: readonly (readonly [number, Log])[];
  readonly restarts: readonly (readonly [number, readonly Restart[]])[];
  readonly replaced: readonly number[];
  readonly groups: readonly (readonly [number, number])[];
}

interface Log {
  readonly attempt: number;
  /** Highest step of this attempt; null before its first. */
  readonly reached: number | null;
}

/**
 * A run that is resumed from a checkpoint writes steps again that it had written before. A log that every step is appended
 * to then goes on with a lower step; a file of one step is written anew.
 */
export class Attempts {
  /** By index of the file. */
  private readonly logs = new Map<number, Log>();
  private readonly restarts = new Map<number, Restart[]>();
  private readonly replaced = new Set<number>();
  /** Counts what makes groups superseded. */
  changes = 0;
  /** Groups of later attempts than the first. */
  private readonly groups = new Map<number, number>();

  constructor(
    /** Whether one writer appends all steps to a file, in their order. */
    private readonly appends: boolean,
  ) {}

  /** A file that was written anew is the file of index `next` from now on. */
  replace(file: number, next: number): void {
    const attempt = (this.logs.get(file)?.attempt ?? 1) + 1;
    this.changes++;
    this.replaced.add(file);
    this.logs.set(next, { attempt, reached: null });
  }

  /** Attempt of the next row of a file. */
  of(file: number, step: number | null): number {
    const { attempt, reached } = this.logs.get(file) ?? { attempt: 1, reached: null };
    if (!this.appends || step === null || step === reached) return attempt;
    if (reached === null || step > reached) {
      this.logs.set(file, { attempt, reached: step });
      return attempt;
    }
    this.changes++;
    const restarts = this.restarts.get(file) ?? [];
    restarts.push({ attempt: attempt + 1, from: step });
    this.restarts.set(file, restarts);
    this.logs.set(file, { attempt: attempt + 1, reached: step });
    return attempt + 1;
  }

  /** A new group begins in this attempt. */
  note(group: number, attempt: number): void {
    if (attempt > 1) this.groups.set(group, attempt);
  }

  /** 1-based number of a group's attempt. */
  numberOf(group: number): number {
    return this.groups.get(group) ?? 1;
  }

  /** Null for a group of the only attempt at its step. */
  ofGroup(group: number, file: number, step: number | null): GroupAttempt | null {
    const number = this.numberOf(group);
    const later = (this.restarts.get(file) ?? []).some(
      ({ attempt, from }) => attempt > number && step !== null && step >= from,
    );
    const superseded = later || this.replaced.has(file);
    return number === 1 && !superseded ? null : { number, superseded };
  }

  snapshot(): AttemptsState {
    const { logs, restarts, replaced, groups } = this;
    return { logs: [...logs], restarts: [...restarts], replaced: [...replaced], groups: [...groups] };
  }

  restore({ logs, restarts, replaced, groups }: AttemptsState): void {
    for (const [file, log] of logs) this.logs.set(file, log);
    for (const [file, all] of restarts) this.restarts.set(file, [...all]);
    for (const file of replaced) this.replaced.add(file);
    for (const [group, attempt] of groups) this.groups.set(group, attempt);
  }
}
