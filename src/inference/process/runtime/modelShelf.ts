import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../core/text/userError';
import type { LoadedModel, ModelInfo, Provider, ProviderReport } from '../../../protocol/segment';
import { CacheShelf } from '../../../supervise/cacheShelf';
import type { InferenceOptions } from '../../options';
import type { Segmenter } from '../../segmenter';
import type { Activity } from '../activity';
import type { ContentHashes } from '../embeddings/contentHash';
import { type FoundModel, findModels } from '../models/find';
import { imageTensor } from '../segmenters/imageTensor';
import { OnnxSegmenter } from '../segmenters/onnxSegmenter';
import { builtIns } from './builtIn';
import { whyNoCuda } from './cudaRuntime';
import { deviceMemory, whyTooLarge } from './deviceMemory';
import { openGraph, type Runtime } from './ort';
import { probePixels } from './probe';
import { type Proof, ProvenGraph } from './provenGraph';
import { type ProviderPlan, providerPlan } from './providers';

/** A model whose graphs are loaded when they are first run. */
export interface ShelvedModel {
  readonly info: ModelInfo;
  readonly segmenter: Segmenter;
  /** Of its files. */
  readonly hash: string;
  /** How it wants its images, as part of an embedding's key. */
  readonly input: string;
  readonly encoder: ProvenGraph | null;
  /** Milliseconds of the last runs; null before the first. */
  readonly took: { encode: number | null; decode: number | null };
}

interface Entry {
  readonly model: ShelvedModel;
  /** When it was last used, and how many use it. */
  used: number;
  users: number;
}

/** Proofs are tiny: thousands of them fit. */
const proofBytes = 1 << 20;

export interface ShelfParts {
  readonly runtime: Runtime;
  readonly options: InferenceOptions;
  readonly hashes: ContentHashes;
  readonly activity: Activity;
  log(message: string): void;
}

/** Models by their ids, each released when nobody asked for it for a while. */
export class ModelShelf {
  private readonly entries = new Map<string, Promise<Entry>>();
  /** Those of `entries` that are there, last used last. */
  private readonly ready = new Map<string, Entry>();
  private readonly reports = new Map<Provider, ProviderReport>();
  private readonly proofs: CacheShelf;
  private readonly plan: ProviderPlan;

  constructor(private readonly parts: ShelfParts) {
    const { options, runtime } = parts;
    this.proofs = new CacheShelf(join(options.cacheDir, 'proofs'), proofBytes);
    this.plan = providerPlan(options.device, {
      platform: process.platform,
      backends: options.device === null ? [] : (runtime.ort?.listSupportedBackends() ?? []),
      visibleDevices: process.env.CUDA_VISIBLE_DEVICES,
      whyNoCuda,
    });
    for (const { provider, reason } of this.plan.passedOver) this.report({ provider, usable: false, reason });
  }

  private get version(): string {
    const { runtime } = this.parts;
    return runtime.ort === null ? 'none' : runtime.version;
  }

  get providers(): readonly ProviderReport[] {
    return [...this.reports.values()];
  }

  get loaded(): readonly LoadedModel[] {
    return [...this.ready.values()].reverse().map(({ model: { info, encoder, took } }) => ({
      model: info.id,
      title: info.title,
      provider: encoder?.provider ?? 'cpu',
      precision: info.precision,
      encodeMs: took.encode,
      decodeMs: took.decode,
    }));
  }

  /**
   * Works with a model, which is not let go of meanwhile. Throws a `UserError` for an id that names no model. Weights are loaded
   * by the first run.
   */
  async use<T>(id: string, work: (model: ShelvedModel) => Promise<T>): Promise<T> {
    let making = this.entries.get(id);
    if (making === undefined) {
      making = this.make(id);
      this.entries.set(id, making);
      making.catch(() => this.entries.delete(id));
    }
    const entry = await making;
    this.ready.delete(id);
    this.ready.set(id, entry);
    entry.users++;
    try {
      return await work(entry.model);
    } finally {
      entry.users--;
      entry.used = Date.now();
    }
  }

  /** Lets go of models that nobody has used since `before`, and says whether there were any. Only while nothing runs. */
  async releaseUnused(before: number): Promise<boolean> {
    let released = false;
    for (const [id, { model, used, users }] of [...this.ready]) {
      if (users > 0 || used >= before) continue;
      this.entries.delete(id);
      this.ready.delete(id);
      await model.segmenter.release();
      this.parts.log(`${model.info.title}: released`);
      released = true;
    }
    return released;
  }

  private async make(id: string): Promise<Entry> {
    const builtIn = builtIns.find(({ info }) => info.id === id);
    if (builtIn !== undefined) {
      const { info, version } = builtIn;
      const segmenter = builtIn.create();
      const model = { info, segmenter, hash: version, input: '', encoder: null, took: neverRun() };
      return { model, used: 0, users: 0 };
    }
    const { runtime, hashes } = this.parts;
    if (runtime.ort === null) throw new UserError(`Models cannot be run here: ${runtime.reason}`);
    const { models, refused } = findModels(id);
    const found = models.find(({ info }) => info.id === id) ?? models[0];
    if (found === undefined) throw new UserError(`${id}: ${refused[0]?.reason ?? 'there is no ONNX file in it'}`);
    const { info, recipe } = found;
    const files = [info.encoder, info.decoder].filter((file) => file !== null);
    const hash = (await Promise.all(files.map((file) => hashes.sampled(file)))).join('+');
    const encoder = info.encoder === null ? null : this.encoderOf(found, info.encoder, hash);
    const decoder = new ProvenGraph(this.alone(info, info.decoder ?? id));
    const input = JSON.stringify(recipe.image);
    return {
      model: { info, segmenter: new OnnxSegmenter(recipe, encoder, decoder), hash, input, encoder, took: neverRun() },
      used: 0,
      users: 0,
    };
  }

  /** Decoders run on the CPU: they are small, and what they are fed with would have to cross to the device for every click. */
  private alone(info: ModelInfo, path: string): ConstructorParameters<typeof ProvenGraph>[0] {
    const nothing = () => Promise.resolve(null);
    return {
      providers: ['cpu'],
      pinned: false,
      open: (provider) => this.open(info, path, provider, 'basic'),
      roomFor: nothing,
      probe: () => ({}),
      remembered: nothing,
      remember: async () => undefined,
      report: () => undefined,
    };
  }

  private encoderOf({ info, recipe }: FoundModel, path: string, hash: string): ProvenGraph {
    const { device } = this.parts.options;
    const { image } = recipe;
    const name = (provider: Provider) => `${hash.slice(0, 32)}-${provider}-${device?.index ?? 0}-${this.version}.proof`;
    return new ProvenGraph({
      providers: this.plan.providers,
      pinned: device?.provider != null,
      open: (provider) => this.open(info, path, provider, 'all'),
      roomFor: async () => {
        if (device === null) return 'no device is allowed';
        const memory = await deviceMemory(device.index, process.env.CUDA_VISIBLE_DEVICES);
        return whyTooLarge(info.bytes, memory, device);
      },
      probe: () => ({ [image.name]: imageTensor(probePixels(image.side, image.side), image) }),
      remembered: async (provider) => {
        const proof = await this.proofs.find(name(provider));
        return proof === null ? null : readProof(await readFile(proof, 'utf8'));
      },
      remember: async (provider, proof) => {
        await this.proofs.store(name(provider), (to) => writeFile(to, JSON.stringify(proof)));
      },
      report: (report) => this.report(report),
    });
  }

  private open({ id, title }: ModelInfo, path: string, provider: Provider, optimisation: 'all' | 'basic') {
    const { activity } = this.parts;
    return activity.during({ kind: 'loading', model: id, title }, () => this.load(path, provider, optimisation));
  }

  private async load(path: string, provider: Provider, optimisation: 'all' | 'basic') {
    const { runtime, options, log } = this.parts;
    const { threads, device } = options;
    const start = performance.now();
    if (runtime.ort === null) throw new Error('a graph without ONNX Runtime');
    try {
      const graph = await openGraph(runtime.ort, path, {
        provider,
        deviceIndex: device?.index ?? 0,
        threads,
        optimisation,
      });
      log(`${path}: loaded on ${provider} in ${Math.round(performance.now() - start)} ms`);
      return graph;
    } catch (error) {
      const what = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw new UserError(`${path}: ONNX Runtime cannot load it on ${provider} (${what.slice(0, 300)})`);
    }
  }

  private report(report: ProviderReport): void {
    this.reports.set(report.provider, report);
    this.parts.log(`${report.provider}: ${report.usable ? 'used' : 'not used'}: ${report.reason}`);
  }
}

const neverRun = () => ({ encode: null, decode: null });

/** Null for a file that is no proof: then it is shown anew. */
function readProof(text: string): Proof | null {
  try {
    const { usable, reason } = JSON.parse(text) as Partial<Proof>;
    return typeof usable === 'boolean' && typeof reason === 'string' ? { usable, reason } : null;
  } catch {
    return null;
  }
}
