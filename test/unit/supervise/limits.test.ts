import { describe, expect, it } from 'vitest';
import { cgroupLimits, childLimits, thisMachine } from '../../../src/supervise/limits';

const gib = 2 ** 30;
/** A file system of the few files that matter. */
const files = (content: Record<string, string>) => (path: string) => content[path] ?? null;

describe('limits of a child', () => {
  const server = { cpus: 128, memoryMb: 1_000_000 };

  it('are 4 threads and 2 GiB on a large shared machine', () => {
    expect(childLimits({}, server)).toEqual({ threads: 4, memoryMb: 2048, heapMb: 1024 });
  });

  it('follow the user, who knows the machine', () => {
    expect(childLimits({ threads: 16, memoryMb: 8192 }, server)).toMatchObject({ threads: 16, memoryMb: 8192 });
    expect(childLimits({ threads: 1, memoryMb: 512 }, server)).toMatchObject({ threads: 1, memoryMb: 512 });
  });

  it('never exceed what there is', () => {
    const container = { cpus: 2, memoryMb: 4096 };
    expect(childLimits({}, container)).toEqual({ threads: 2, memoryMb: 1024, heapMb: 512 });
    expect(childLimits({ threads: 64, memoryMb: 99_999 }, container)).toMatchObject({ threads: 2, memoryMb: 4096 });
    expect(childLimits({}, { cpus: 0.5, memoryMb: 200 })).toEqual({ threads: 1, memoryMb: 256, heapMb: 128 });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('ignore a setting of %s', (value) => {
    expect(childLimits({ threads: value, memoryMb: value }, server)).toEqual(childLimits({}, server));
  });

  it('of this machine are usable numbers', () => {
    const { cpus, memoryMb } = thisMachine();
    expect(cpus).toBeGreaterThan(0);
    expect(memoryMb).toBeGreaterThan(64);
  });
});

describe('limits of control groups', () => {
  it('are none where there are no control groups', () => {
    expect(cgroupLimits(files({}))).toEqual({ memoryBytes: null, cpus: null });
  });

  it('v2: the least of all levels counts, and max is no limit', () => {
    const read = files({
      '/proc/self/cgroup': '0::/user.slice/user-1000.slice/session-3.scope\n',
      '/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope/memory.max': 'max\n',
      '/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/user.slice/user-1000.slice/memory.max': `${8 * gib}\n`,
      '/sys/fs/cgroup/user.slice/memory.max': `${64 * gib}\n`,
      '/sys/fs/cgroup/user.slice/cpu.max': '150000 100000\n',
    });
    expect(cgroupLimits(read)).toEqual({ memoryBytes: 8 * gib, cpus: 1.5 });
  });

  it('v2 in a container: its own group is the root of the mount', () => {
    const own = { '/sys/fs/cgroup/memory.max': `${2 * gib}\n`, '/sys/fs/cgroup/cpu.max': '400000 100000\n' };
    expect(cgroupLimits(files({ '/proc/self/cgroup': '0::/\n', ...own }))).toEqual({ memoryBytes: 2 * gib, cpus: 4 });
    // Without a namespace of its own it sees a path of the host's, which is not mounted here.
    expect(cgroupLimits(files({ '/proc/self/cgroup': '0::/docker/4f2a\n', ...own }))).toEqual({
      memoryBytes: 2 * gib,
      cpus: 4,
    });
  });

  it('v1: quota over period, and the huge number that means unlimited', () => {
    const read = files({
      '/proc/self/cgroup': '9:memory:/slurm/uid_7/job_42\n4:cpu,cpuacct:/slurm/uid_7/job_42\n1:name=systemd:/x\n0::/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/slurm/uid_7/job_42/memory.limit_in_bytes': `${16 * gib}\n`,
      '/sys/fs/cgroup/cpu,cpuacct/slurm/uid_7/job_42/cpu.cfs_quota_us': '800000\n',
      '/sys/fs/cgroup/cpu,cpuacct/slurm/uid_7/job_42/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu,cpuacct/slurm/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu,cpuacct/slurm/cpu.cfs_period_us': '100000\n',
    });
    expect(cgroupLimits(read)).toEqual({ memoryBytes: 16 * gib, cpus: 8 });
  });

  it('that cannot be understood set no limit', () => {
    const read = files({
      '/proc/self/cgroup': 'garbage\n0::/../..\n',
      '/sys/fs/cgroup/memory.max': 'lots',
      '/sys/fs/cgroup/cpu.max': '0 0',
    });
    expect(cgroupLimits(read)).toEqual({ memoryBytes: null, cpus: null });
  });
});
