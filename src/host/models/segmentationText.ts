import { basename } from 'node:path';
import type { InferenceState, LoadedModel, Provider } from '../../protocol/segment';

/** As their makers write them. */
export const providerNames: Readonly<Record<Provider, string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'Core ML',
};

const precisionNames: Readonly<Record<string, string>> = { float32: 'fp32', float16: 'fp16', uint8: '8 bit' };

/**
 * What the status bar says: text with codicons, and the same in words; null while no model is loaded.
 * @param at a time of `Date.now()`.
 */
export function segmentationText(
  state: InferenceState | null,
  at: number,
): { readonly text: string; readonly spoken: string } | null {
  if (state === null) return null;
  const { now, loaded } = state;
  if (now !== null) {
    const seconds = Math.floor((at - now.since) / 1000);
    const doing = now.kind === 'loading' ? `Loading ${now.title}` : `Encoding ${basename(now.image)}`;
    const spent = seconds < 1 ? '' : ` · ${seconds} s`;
    return { text: `$(loading~spin) ${doing}${spent}`, spoken: `${doing} with ${now.title}${spent}` };
  }
  const [last] = loaded;
  if (last === undefined) return null;
  const parts = [providerNames[last.provider], precisionNames[last.precision] ?? last.precision];
  const ms = last.decodeMs ?? last.encodeMs;
  return {
    text: `$(wand) ${[...parts, ...(ms === null ? [] : [duration(ms)])].join(' · ')}`,
    spoken: loaded.map(spokenOf).join('\n'),
  };
}

/** `MobileSAM on the CPU (fp32): image 2.1 s, click 52 ms`. */
function spokenOf({ title, provider, precision, encodeMs, decodeMs }: LoadedModel): string {
  const runs = [
    ...(encodeMs === null ? [] : [`last image ${duration(encodeMs)}`]),
    ...(decodeMs === null ? [] : [`last click ${duration(decodeMs)}`]),
  ];
  const ran = `${title} on ${providerNames[provider]}, ${precisionNames[precision] ?? precision}`;
  return runs.length === 0 ? ran : `${ran}: ${runs.join(', ')}`;
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
