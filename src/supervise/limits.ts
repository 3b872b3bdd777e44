import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';

/** What one child may use. People share login nodes and run in containers, so the defaults are small. */
export interface ChildLimits {
  /** Threads for decoding or queries. */
  readonly threads: number;
  /** MiB in all: heap and native memory together. */
  readonly memoryMb: number;
  /** MiB of it for the JavaScript heap (`--max-old-space-size`). */
  readonly heapMb: number;
}

/** What the machine, or the control group this process runs in, has to give. */
export interface Machine {
  /** CPUs, possibly a fraction. */
  readonly cpus: number;
  readonly memoryMb: number;
}

/** Limits of a control group; null where it sets none. */
export interface CgroupLimits {
  readonly memoryBytes: number | null;
  /** CPU time a second of wall clock. */
  readonly cpus: number | null;
}

/** Reads a file whole; null when it cannot be read. */
export type ReadText = (path: string) => string | null;

const defaultThreads = 4;
const defaultMemoryMb = 2048;
const leastMemoryMb = 256;
/** Children run side by side (data, media and, later, inference and policies) next to the editor itself. */
const shareOfMachine = 4;
/** Cgroup v1 writes "no limit" as the largest multiple of a page that a signed 64-bit number holds. */
const unlimitedV1 = 2 ** 62;

/**
 * Limits of a child from what the user set (`undefined` or not a positive number: the default) and what there is.
 * By default at most 4 threads and 2 GiB, and at most a quarter of the memory there is; a user's own number may take
 * all of it, never more.
 */
export function childLimits(
  wanted: { readonly threads?: number | undefined; readonly memoryMb?: number | undefined },
  machine: Machine = thisMachine(),
): ChildLimits {
  const cpus = Math.max(1, Math.floor(machine.cpus));
  const threads = Math.max(1, Math.min(Math.floor(positive(wanted.threads) ?? defaultThreads), cpus));
  const share = Math.max(leastMemoryMb, Math.floor(machine.memoryMb / shareOfMachine));
  const asked = positive(wanted.memoryMb);
  const memoryMb = Math.floor(
    asked === null ? Math.min(defaultMemoryMb, share) : Math.max(leastMemoryMb, Math.min(asked, machine.memoryMb)),
  );
  return { threads, memoryMb, heapMb: Math.max(leastMemoryMb / 2, Math.floor(memoryMb / 2)) };
}

/** The machine as this process may use it: the least of the hardware, the CPU affinity and every enclosing cgroup. */
export function thisMachine(): Machine {
  const limits = cgroupLimits(readText);
  const total = totalmem();
  return {
    cpus: Math.min(availableParallelism(), limits.cpus ?? Number.POSITIVE_INFINITY),
    memoryMb: Math.min(total, limits.memoryBytes ?? total) / 2 ** 20,
  };
}

/**
 * Limits of this process's control groups, v2 and v1 (Linux; nulls elsewhere). A parent group's limit holds for its
 * children, so all levels count. Inside a container the path that `/proc/self/cgroup` names may not be visible: the
 * levels that are not there are passed over, and the mount's root is the container's own group.
 */
export function cgroupLimits(read: ReadText): CgroupLimits {
  const memory: number[] = [];
  const cpus: number[] = [];
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const names = controllers.split(',');
    if (controllers === '') {
      for (const root of ['/sys/fs/cgroup', '/sys/fs/cgroup/unified']) {
        for (const folder of levels(root, path)) {
          push(memory, plainNumber(read(join(folder, 'memory.max'))));
          push(cpus, quotaV2(read(join(folder, 'cpu.max'))));
        }
      }
    }
    if (names.includes('memory')) {
      for (const folder of levels('/sys/fs/cgroup/memory', path)) {
        const limit = plainNumber(read(join(folder, 'memory.limit_in_bytes')));
        if (limit !== null && limit < unlimitedV1) memory.push(limit);
      }
    }
    if (names.includes('cpu')) {
      for (const root of ['/sys/fs/cgroup/cpu', `/sys/fs/cgroup/${controllers}`]) {
        for (const folder of levels(root, path)) {
          push(cpus, quotaV1(read(join(folder, 'cpu.cfs_quota_us')), read(join(folder, 'cpu.cfs_period_us'))));
        }
      }
    }
  }
  return { memoryBytes: least(memory), cpus: least(cpus) };
}

/** The group's folder and all folders above it up to the mount's root. */
function levels(root: string, path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, cut) => join(root, ...parts.slice(0, parts.length - cut)));
}

function push(into: number[], value: number | null): void {
  if (value !== null) into.push(value);
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}

/** Null for `max`, for what is missing and for what is no number. */
function plainNumber(text: string | null): number | null {
  const value = text?.trim() ?? '';
  return /^\d+$/.test(value) && Number(value) > 0 ? Number(value) : null;
}

function quotaV2(text: string | null): number | null {
  const [quota, period] = (text ?? '').trim().split(/\s+/);
  return ratio(plainNumber(quota ?? null), plainNumber(period ?? null));
}

function quotaV1(quota: string | null, period: string | null): number | null {
  return ratio(plainNumber(quota), plainNumber(period));
}

function ratio(quota: number | null, period: number | null): number | null {
  return quota === null || period === null ? null : quota / period;
}

function positive(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not Linux, or a controller that is not mounted here: no limit from it.
    return null;
  }
}
