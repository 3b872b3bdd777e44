import { execFile } from 'node:child_process';
import type { DeviceOptions } from '../../options';

/** MiB on a device. */
export interface DeviceMemory {
  readonly freeMb: number;
  readonly totalMb: number;
}

/** A model takes its weights and about as much again for what it computes. */
const sharePerByte = 2;
/** MiB that a provider takes before any model. */
const ofItself = 512;
const patience = 5_000;

/**
 * Why a model of so many bytes may not be put on the device; null when it may. `memory` null: nobody could say what is free, as
 * on devices of other makers; then only the user's own limit counts.
 */
export function whyTooLarge(bytes: number, memory: DeviceMemory | null, device: DeviceOptions): string | null {
  const needs = Math.round((bytes * sharePerByte) / 2 ** 20 + ofItself);
  if (device.memoryMb !== null && needs > device.memoryMb)
    return `it needs about ${needs} MiB, and ${device.memoryMb} MiB are allowed`;
  if (memory !== null && needs > memory.freeMb) return `it needs about ${needs} MiB, and ${memory.freeMb} MiB are free`;
  return null;
}

/** What is free on an NVIDIA device, by `nvidia-smi`; null without it. `index` counts among the devices that are visible. */
export async function deviceMemory(index: number, visibleDevices: string | undefined): Promise<DeviceMemory | null> {
  const query = ['--query-gpu=index,uuid,memory.free,memory.total', '--format=csv,noheader,nounits'];
  const text = await new Promise<string | null>((resolve) => {
    execFile('nvidia-smi', query, { timeout: patience, windowsHide: true }, (error, out) =>
      resolve(error === null ? out : null),
    );
  });
  return text === null ? null : chosenDevice(text, index, visibleDevices);
}

/** `nvidia-smi` counts all devices of the machine: the variable says which of them are visible, by number or UUID. */
export function chosenDevice(csv: string, index: number, visibleDevices: string | undefined): DeviceMemory | null {
  const devices = csv
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 4);
  const visible = visibleDevices?.split(',').map((name) => name.trim());
  const name = visible === undefined ? String(index) : visible[index];
  const found = devices.find(
    ([number, uuid = '']) => number === name || (name?.startsWith('GPU-') && uuid.startsWith(name)),
  );
  if (found === undefined) return null;
  const [freeMb, totalMb] = [Number(found[2]), Number(found[3])];
  return Number.isFinite(freeMb) && Number.isFinite(totalMb) ? { freeMb, totalMb } : null;
}
