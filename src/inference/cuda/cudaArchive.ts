import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../core/text/userError';

/** An archive with ONNX Runtime's CUDA libraries, as somebody vouches for it. */
export interface CudaArchive {
  readonly url: string;
  /** Null where only a checksum is known. */
  readonly bytes: number | null;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Where ONNX Runtime publishes its builds; GitHub tells size and SHA-256 of each file of a release. */
export const releasesApi = 'https://api.github.com/repos/microsoft/onnxruntime/releases/tags';
export const releasesPage = 'https://github.com/microsoft/onnxruntime/releases/tag';

/** Larger is no build of ONNX Runtime. */
const mostBytes = 2 * 2 ** 30;
const checksum = /^[0-9a-f]{64}$/;

/**
 * What is published for a version: its Linux build with CUDA 12. Throws a `UserError` where the release cannot be read, has no such file, or
 * tells no checksum of it: nothing is downloaded on trust.
 * @param api other than GitHub's only in tests.
 */
export async function publishedArchive(version: string, signal: AbortSignal, api = releasesApi): Promise<CudaArchive> {
  const release = await fetchOk(`${api}/v${version}`, signal);
  const { assets } = (await release.json()) as { readonly assets?: unknown };
  const named = (Array.isArray(assets) ? assets : []) as readonly Partial<Record<'name' | 'digest', unknown>>[];
  // Releases have a plain name for the CUDA version they were made for first, and name the other.
  const wanted = [`onnxruntime-linux-x64-gpu_cuda12-${version}.tgz`, `onnxruntime-linux-x64-gpu-${version}.tgz`];
  const asset = wanted.map((name) => named.find((one) => one.name === name)).find((one) => one !== undefined);
  if (asset === undefined) throw new UserError(`ONNX Runtime ${version} has no ${wanted.at(-1)} among its files`);
  const { browser_download_url: url, size, digest } = asset as Partial<Record<string, unknown>>;
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(typeof digest === 'string' ? digest : '')?.[1];
  if (typeof url !== 'string' || typeof size !== 'number' || sha256 === undefined)
    throw new UserError(`the release of ONNX Runtime ${version} tells no checksum of ${String(asset.name)}`);
  return { url, bytes: size, sha256 };
}

/** An archive that the user names. Throws a `UserError` for what is no address or no checksum. */
export function namedArchive(url: string, sha256: string): CudaArchive {
  const digits = sha256.trim().toLowerCase();
  if (!checksum.test(digits)) throw new UserError('A SHA-256 has 64 hexadecimal digits.');
  if (!URL.canParse(url.trim()) || !/^https?:$/.test(new URL(url.trim()).protocol))
    throw new UserError(`${url}: not an address of the web`);
  return { url: url.trim(), bytes: null, sha256: digits };
}

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes so far. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Fetches an archive into a folder and answers its path. What is not of the size and checksum that were promised is deleted, and so is what
 * was called off; both throw, the first a `UserError`.
 */
export async function downloadArchive(
  { url, bytes, sha256 }: CudaArchive,
  folder: string,
  { signal, onProgress }: DownloadOptions,
): Promise<string> {
  const response = await fetchOk(url, signal);
  if (response.body === null) throw new UserError(`${url}: an empty answer`);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${basename(new URL(url).pathname) || 'archive'}.part`);
  const most = bytes ?? mostBytes;
  const hash = createHash('sha256');
  let got = 0;
  const checked = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      got += chunk.length;
      if (got > most) throw new UserError(`${url}: more than the ${most} bytes that it should have`);
      hash.update(chunk);
      onProgress?.(got);
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.fromWeb(response.body as never), checked, createWriteStream(path), { signal });
    if (bytes !== null && got !== bytes) throw new UserError(`${url}: ${got} bytes instead of ${bytes}`);
    const found = hash.digest('hex');
    if (found !== sha256) throw new UserError(`${url}: its SHA-256 is ${found}, and should be ${sha256}`);
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function fetchOk(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new UserError(`${url}: cannot be reached (${cause})`);
  }
  if (!response.ok) throw new UserError(`${url}: answered ${response.status} ${response.statusText}`.trim());
  return response;
}
