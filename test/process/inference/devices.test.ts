import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { tinyModel, writeExport } from '../../models/exports';
import { brightImage, extent, inferenceLab, type Lab, request, shown } from './fixture';

let lab: Lab;
let model: string;
let image: string;
const clicks = [{ x: 300, y: 200, positive: true }];
const onLinux = process.platform === 'linux' && process.arch === 'x64';

beforeAll(async () => {
  lab = await inferenceLab();
  const folder = join(lab.dir, 'tiny');
  await writeExport(folder, tinyModel());
  model = join(folder, 'tiny_decoder.onnx');
  image = await brightImage(join(lab.dir, 'image.png'), 640, 480, 320);
});

it.runIf(onLinux)(
  'CUDA libraries in a folder of the user stand beside a copy of the runtime, and the CPU behind them',
  async () => {
    const cudaFolder = join(lab.dir, 'cuda');
    await mkdir(cudaFolder);
    for (const name of ['shared', 'cuda'])
      await writeFile(join(cudaFolder, `libonnxruntime_providers_${name}.so`), 'no library at all');
    const cacheDir = join(lab.dir, 'staged');
    const client = lab.client({ cacheDir, device: { provider: 'cuda', index: 0, memoryMb: null, cudaFolder } });
    const answer = await client.segment(request(image, model, { clicks }));
    expect(answer.provider).toBe('cpu');
    expect(await client.state()).toMatchObject({ providers: [{ provider: 'cuda', usable: false }] });
    const [staged = ''] = (await readdir(cacheDir)).filter((name) => name.startsWith('runtime-'));
    expect(await readFile(`/proc/${client.pid}/maps`, 'utf8')).toContain(join(cacheDir, staged));
    client.dispose();
  },
);

it.runIf(onLinux)(
  'a device is not as much as asked what is free on it without leave; with leave a full one is left alone',
  async () => {
    const bin = join(lab.dir, 'bin');
    await mkdir(bin);
    const asked = join(lab.dir, 'asked');
    const answer = '0, GPU-aaaa-1, 300, 24564';
    await writeFile(
      join(bin, 'nvidia-smi'),
      `#!/bin/sh\necho "$CUDA_VISIBLE_DEVICES" >>'${asked}'\necho '${answer}'\n`,
      {
        mode: 0o755,
      },
    );
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    const click = request(image, model, { clicks });
    const without = lab.client({ cacheDir: join(lab.dir, 'without leave') });
    expect((await without.segment(click)).provider).toBe('cpu');
    expect(existsSync(asked)).toBe(false);
    const device = { provider: 'webgpu', index: 0, memoryMb: null, cudaFolder: null } as const;
    const allowed = lab.client({ cacheDir: join(lab.dir, 'with leave'), device });
    expect((await allowed.segment(click)).provider).toBe('cpu');
    expect(existsSync(asked)).toBe(true);
    expect((await allowed.state()).providers).toMatchObject([
      { provider: 'webgpu', usable: false, reason: expect.stringContaining('300 MiB are free') },
    ]);
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '');
    const hidden = lab.client({ cacheDir: join(lab.dir, 'hidden'), device });
    expect((await hidden.segment(click)).provider).toBe('cpu');
    expect((await hidden.state()).providers).toMatchObject([
      { provider: 'webgpu', usable: false, reason: 'CUDA_VISIBLE_DEVICES hides every device' },
    ]);
    vi.unstubAllEnvs();
    for (const client of [without, allowed, hidden]) client.dispose();
  },
);

/** Vulkan's loader and a device in software, as Debian's Chromium brings them. */
const chromium = '/usr/lib/chromium';
const hasVulkan = ['libvulkan.so.1', 'vk_swiftshader_icd.json'].every((name) => existsSync(join(chromium, name)));

it.runIf(onLinux && hasVulkan)(
  'WebGPU computes what the CPU computes, on a device in software',
  async () => {
    const loader = join(lab.dir, 'vulkan');
    await mkdir(loader);
    await symlink(join(chromium, 'libvulkan.so.1'), join(loader, 'libvulkan.so.1'));
    vi.stubEnv('LD_LIBRARY_PATH', loader);
    vi.stubEnv('VK_DRIVER_FILES', join(chromium, 'vk_swiftshader_icd.json'));
    const cacheDir = join(lab.dir, 'webgpu');
    const client = lab.client({ cacheDir, device: { provider: 'webgpu', index: 0, memoryMb: null, cudaFolder: null } });
    const answer = await client.segment(request(image, model, { clicks }));
    vi.unstubAllEnvs();
    const { providers } = await client.state();
    expect(providers).toMatchObject([{ provider: 'webgpu', usable: true }]);
    expect(answer.provider).toBe('webgpu');
    const onCpu = await lab.client().segment(request(image, model, { clicks }));
    // The mask ends where the image grows dark, which only the encoder knows.
    expect(Math.abs(extent(shown(answer)).right - 320)).toBeLessThanOrEqual(40);
    expect(extent(shown(answer))).toEqual(extent(shown(onCpu)));
    client.dispose();
  },
  120_000,
);
