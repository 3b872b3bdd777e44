import { describe, expect, it } from 'vitest';
import type { DeviceOptions } from '../../../src/inference/options';
import { chosenDevice, whyTooLarge } from '../../../src/inference/process/runtime/deviceMemory';
import { ProvenGraph } from '../../../src/inference/process/runtime/provenGraph';
import { providerPlan, type Surroundings } from '../../../src/inference/process/runtime/providers';
import type { NamedTensor } from '../../../src/inference/segmenter';
import type { Provider, ProviderReport } from '../../../src/protocol/segment';

const linux: Surroundings = {
  platform: 'linux',
  backends: [
    { name: 'cpu', bundled: true },
    { name: 'webgpu', bundled: true },
    { name: 'cuda', bundled: false },
  ],
  visibleDevices: undefined,
  whyNoCuda: (folder) => (folder === '/cuda' ? null : `${folder}: there is no libonnxruntime_providers_cuda.so`),
};
const allowed: DeviceOptions = { provider: null, index: 0, memoryMb: null, cudaFolder: null };

describe('providers that are tried', () => {
  it('are the CPU alone until a device is allowed', () => {
    expect(providerPlan(null, linux)).toEqual({ providers: ['cpu'], passedOver: [] });
  });

  it('follow the platform', () => {
    const everything = ['cpu', 'webgpu', 'dml', 'coreml'].map((name) => ({ name, bundled: true }));
    const on = (platform: NodeJS.Platform) =>
      providerPlan(allowed, { ...linux, platform, backends: everything }).providers;
    expect(on('win32')).toEqual(['dml', 'webgpu', 'cpu']);
    expect(on('darwin')).toEqual(['coreml', 'webgpu', 'cpu']);
    expect(providerPlan({ ...allowed, cudaFolder: '/cuda' }, linux).providers).toEqual(['cuda', 'webgpu', 'cpu']);
    expect(providerPlan({ ...allowed, provider: 'webgpu' }, linux).providers).toEqual(['webgpu', 'cpu']);
  });

  it('leave out what cannot work, and say why', () => {
    const reasons = (device: Partial<DeviceOptions>, visibleDevices: string | undefined) =>
      Object.fromEntries(
        providerPlan({ ...allowed, ...device }, { ...linux, visibleDevices }).passedOver.map(({ provider, reason }) => [
          provider,
          reason,
        ]),
      );
    expect(reasons({}, undefined).cuda).toContain('no folder with them is set');
    expect(reasons({ cudaFolder: '/nowhere' }, undefined).cuda).toContain('/nowhere: there is no');
    expect(reasons({ cudaFolder: '/cuda' }, '')).toEqual({
      cuda: 'CUDA_VISIBLE_DEVICES hides every device',
      webgpu: 'CUDA_VISIBLE_DEVICES hides every device',
    });
    // A variable that spares some devices is kept by CUDA, and cannot be kept by WebGPU.
    expect(Object.keys(reasons({ cudaFolder: '/cuda' }, '1'))).toEqual(['webgpu']);
  });
});

describe('memory of a device', () => {
  const csv = '0, GPU-aaaa-1, 512, 24564\n1, GPU-bbbb-2, 20000, 24564\n';

  it('is that of the device that is visible under the number', () => {
    expect(chosenDevice(csv, 1, undefined)).toEqual({ freeMb: 20000, totalMb: 24564 });
    expect(chosenDevice(csv, 0, '1')).toEqual({ freeMb: 20000, totalMb: 24564 });
    expect(chosenDevice(csv, 0, 'GPU-aaaa')).toEqual({ freeMb: 512, totalMb: 24564 });
    expect(chosenDevice(csv, 2, undefined)).toBeNull();
    expect(chosenDevice('No devices were found\n', 0, undefined)).toBeNull();
  });

  it('has to hold the model, within the limit that was set', () => {
    const model = 375 * 2 ** 20;
    expect(whyTooLarge(model, { freeMb: 512, totalMb: 24564 }, allowed)).toBe(
      'it needs about 1262 MiB, and 512 MiB are free',
    );
    expect(whyTooLarge(model, { freeMb: 20000, totalMb: 24564 }, allowed)).toBeNull();
    expect(whyTooLarge(model, null, { ...allowed, memoryMb: 1000 })).toContain('1000 MiB are allowed');
  });
});

describe('a provider', () => {
  const ones = (value: number): Record<string, NamedTensor> => ({
    embedding: { type: 'float32', dims: [4], data: new Float32Array(4).fill(value) },
  });
  interface Fake {
    readonly gives?: number;
    readonly fails?: 'open' | 'later';
    readonly ms?: number;
  }

  interface Asked {
    readonly room?: string | null;
    readonly pinned?: boolean;
  }

  /** A graph on pretended providers; the device takes no time, the CPU some. */
  function fake(providers: Partial<Record<Provider, Fake>>, { room = null, pinned = false }: Asked = {}) {
    const opened: Provider[] = [];
    const reports: ProviderReport[] = [];
    const proofs = new Map<Provider, { usable: boolean; reason: string }>();
    const make = () =>
      new ProvenGraph({
        providers: [...(Object.keys(providers) as Provider[]), 'cpu'],
        pinned,
        open: async (provider) => {
          opened.push(provider);
          const { gives = 1, fails, ms } = providers[provider] ?? {};
          if (fails === 'open') throw new Error('no driver');
          let runs = 0;
          return {
            run: async () => {
              const takes = ms ?? (provider === 'cpu' ? 30 : 0);
              if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes));
              if (fails === 'later' && ++runs > 2) throw new Error('device lost');
              return ones(gives);
            },
            release: async () => undefined,
          };
        },
        roomFor: async () => room,
        probe: () => ones(0),
        remembered: async (provider) => proofs.get(provider) ?? null,
        remember: async (provider, proof) => void proofs.set(provider, proof),
        report: (report) => reports.push(report),
      });
    return { make, opened, reports };
  }

  it('is used when it computes what the CPU computes, and that is remembered', async () => {
    const { make, opened } = fake({ webgpu: {} });
    const first = make();
    await first.run({});
    expect(first.provider).toBe('webgpu');
    await make().run({});
    expect(opened).toEqual(['webgpu', 'cpu', 'webgpu']);
  });

  it('that computes something else is not, and the next is tried', async () => {
    const { make, reports } = fake({ dml: { gives: 1.5 }, webgpu: {} });
    const graph = make();
    await graph.run({});
    expect(graph.provider).toBe('webgpu');
    expect(reports[0]).toEqual({
      provider: 'dml',
      usable: false,
      reason: "its embedding differs from the CPU's by 50 %",
    });
  });

  it('that cannot be opened, or has no room, leaves the CPU', async () => {
    const broken = fake({ cuda: { fails: 'open' } });
    const graph = broken.make();
    await graph.run({});
    expect(graph.provider).toBe('cpu');
    expect(broken.reports).toEqual([{ provider: 'cuda', usable: false, reason: 'no driver' }]);
    const full = fake({ cuda: {} }, { room: 'it needs about 900 MiB, and 12 MiB are free' });
    await full.make().run({});
    expect(full.opened).toEqual(['cpu']);
  });

  it('that is slower than the CPU is used only when it was named', async () => {
    const slow = { webgpu: { ms: 200 } };
    const graph = fake(slow).make();
    await graph.run({});
    expect(graph.provider).toBe('cpu');
    const named = fake(slow, { pinned: true }).make();
    await named.run({});
    expect(named.provider).toBe('webgpu');
  });

  it('that fails later is replaced by the CPU, and the run is answered', async () => {
    const { make } = fake({ webgpu: { fails: 'later' } });
    const graph = make();
    expect(await graph.run({})).toEqual(ones(1));
    expect(graph.provider).toBe('cpu');
  });
});
