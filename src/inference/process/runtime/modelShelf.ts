import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../core/text/userError';
import type { ModelInfo, Provider, ProviderReport } from '../../../protocol/segment';
import { CacheShelf } from '../../../supervise/cacheShelf';
import type { InferenceOptions } from '../../options';
import type { Segmenter } from '../../segmenter';
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
}

interface Entry {
  readonly model: ShelvedModel;
  /** When it was last used, and how many use it. */
  used: number;
  users: number;
}

/** Proofs are tiny: thousands of them fit. */
const proofBytes = 1 << 20;

/** Models by their ids, each released when nobody asked for it for a while. */
export class ModelShelf {
  private readonly entries = new Map<string, Promise<Entry>>();
  private readonly reports = new Map<Provider, ProviderReport>();
  private readonly proofs: CacheShelf;
  private readonly plan: ProviderPlan;

  constructor(
    private readonly runtime: Runtime,
    private readonly options: InferenceOptions,
    private readonly hashes: ContentHashes,
    private readonly log: (message: string) => void,
  ) {
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
    return this.runtime.ort === null ? 'none' : this.runtime.version;
  }

  get providers(): readonly ProviderReport[] {
    return [...this.reports.values()];
  }

  async loaded(): Promise<readonly ShelvedModel[]> {
    return (await Promise.all(this.entries.values())).map(({ model }) => model);
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
    entry.users++;
    try {
      return await work(entry.model);
    } finally {
      entry.users--;
      entry.used = Date.now();
    }
  }

  /** Lets go of models that nobody has used since `before`. Only while nothing runs. */
  async releaseIdle(before: number): Promise<void> {
    for (const [id, making] of [...this.entries]) {
      const { model, used, users } = await making;
      if (users > 0 || used >= before) continue;
      this.entries.delete(id);
      await model.segmenter.release();
      this.log(`${model.info.title}: released`);
    }
  }

  private async make(id: string): Promise<Entry> {
    const builtIn = builtIns.find(({ info }) => info.id === id);
    if (builtIn !== undefined) {
      const { info, version } = builtIn;
      const segmenter = builtIn.create();
      return { model: { info, segmenter, hash: version, input: '', encoder: null }, used: 0, users: 0 };
    }
    if (this.runtime.ort === null) throw new UserError(`Models cannot be run here: ${this.runtime.reason}`);
    const { models, refused } = findModels(id);
    const found = models.find(({ info }) => info.id === id) ?? models[0];
    if (found === undefined) throw new UserError(`${id}: ${refused[0]?.reason ?? 'there is no ONNX file in it'}`);
    const { info, recipe } = found;
    const files = [info.encoder, info.decoder].filter((file) => file !== null);
    const hash = (await Promise.all(files.map((file) => this.hashes.sampled(file)))).join('+');
    const encoder = info.encoder === null ? null : this.encoderOf(found, info.encoder, hash);
    const decoder = new ProvenGraph(this.alone(info.decoder ?? id));
    const input = JSON.stringify(recipe.image);
    return {
      model: { info, segmenter: new OnnxSegmenter(recipe, encoder, decoder), hash, input, encoder },
      used: 0,
      users: 0,
    };
  }

  /** Decoders run on the CPU: they are small, and what they are fed with would have to cross to the device for every click. */
  private alone(path: string): ConstructorParameters<typeof ProvenGraph>[0] {
    const nothing = () => Promise.resolve(null);
    return {
      providers: ['cpu'],
      pinned: false,
      open: (provider) => this.open(path, provider, 'basic'),
      roomFor: nothing,
      probe: () => ({}),
      remembered: nothing,
      remember: async () => undefined,
      report: () => undefined,
    };
  }

  private encoderOf({ info, recipe }: FoundModel, path: string, hash: string): ProvenGraph {
    const { device } = this.options;
    const { image } = recipe;
    const name = (provider: Provider) => `${hash.slice(0, 32)}-${provider}-${device?.index ?? 0}-${this.version}.proof`;
    return new ProvenGraph({
      providers: this.plan.providers,
      pinned: device?.provider != null,
      open: (provider) => this.open(path, provider, 'all'),
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

  private async open(path: string, provider: Provider, optimisation: 'all' | 'basic') {
    const { threads, device } = this.options;
    const start = performance.now();
    const { ort } = this.runtime;
    if (ort === null) throw new Error('a graph without ONNX Runtime');
    try {
      const graph = await openGraph(ort, path, {
        provider,
        deviceIndex: device?.index ?? 0,
        threads,
        optimisation,
      });
      this.log(`${path}: loaded on ${provider} in ${Math.round(performance.now() - start)} ms`);
      return graph;
    } catch (error) {
      const what = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw new UserError(`${path}: ONNX Runtime cannot load it on ${provider} (${what.slice(0, 300)})`);
    }
  }

  private report(report: ProviderReport): void {
    this.reports.set(report.provider, report);
    this.log(`${report.provider}: ${report.usable ? 'used' : 'not used'}: ${report.reason}`);
  }
}

/** Null for a file that is no proof: then it is shown anew. */
function readProof(text: string): Proof | null {
  try {
    const { usable, reason } = JSON.parse(text) as Partial<Proof>;
    return typeof usable === 'boolean' && typeof reason === 'string' ? { usable, reason } : null;
  } catch {
    return null;
  }
}
