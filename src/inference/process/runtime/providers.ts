import type { Provider } from '../../../protocol/segment';
import type { DeviceOptions } from '../../options';

/** What this machine is, as far as providers go. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  /** Backends that this build of ONNX Runtime knows; `bundled` ones need no other library. */
  readonly backends: readonly { readonly name: string; readonly bundled: boolean }[];
  /** `CUDA_VISIBLE_DEVICES`; undefined where it is not set. */
  readonly visibleDevices: string | undefined;
  /** Why there is no CUDA in a folder; null when there is. */
  readonly whyNoCuda: (folder: string) => string | null;
}

export interface ProviderPlan {
  /** In the order they are tried; the CPU is the last. */
  readonly providers: readonly Provider[];
  readonly passedOver: readonly { readonly provider: Provider; readonly reason: string }[];
}

const platformOrder: Readonly<Partial<Record<NodeJS.Platform, readonly Provider[]>>> = {
  win32: ['dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
  linux: ['cuda', 'webgpu'],
};

/**
 * Providers to try. Without a device that the user allowed it is the CPU alone: a machine's accelerator is usually training, and
 * even to open it takes memory from others.
 */
export function providerPlan(device: DeviceOptions | null, surroundings: Surroundings): ProviderPlan {
  if (device === null) return { providers: ['cpu'], passedOver: [] };
  const wanted = device.provider === null ? (platformOrder[surroundings.platform] ?? []) : [device.provider];
  const providers: Provider[] = [];
  const passedOver: { provider: Provider; reason: string }[] = [];
  for (const provider of wanted) {
    if (provider === 'cpu') continue;
    const reason = whyNot(provider, device, surroundings);
    if (reason === null) providers.push(provider);
    else passedOver.push({ provider, reason });
  }
  return { providers: [...providers, 'cpu'], passedOver };
}

function whyNot(
  provider: Provider,
  device: DeviceOptions,
  { backends, visibleDevices, whyNoCuda }: Surroundings,
): string | null {
  const backend = backends.find(({ name }) => name === provider);
  if (backend === undefined) return 'this build of ONNX Runtime does not have it';
  const hidden = visibleDevices?.trim() === '' || visibleDevices?.trim() === '-1';
  if (hidden && (provider === 'cuda' || provider === 'webgpu')) return 'CUDA_VISIBLE_DEVICES hides every device';
  if (provider === 'cuda' && !backend.bundled) {
    if (device.cudaFolder === null) return 'its libraries are not part of the package, and no folder with them is set';
    const reason = whyNoCuda(device.cudaFolder);
    if (reason !== null) return reason;
  }
  // It opens whatever device it likes best, which may be one that the variable was set to spare.
  if (provider === 'webgpu' && visibleDevices !== undefined && device.provider !== 'webgpu')
    return 'it cannot be told which device to use, and CUDA_VISIBLE_DEVICES is set';
  return null;
}
