import { join } from 'node:path';
import * as vscode from 'vscode';
import { createDataClient, type DataClient } from '../data/client';
import { createInferenceClient, type InferenceClient } from '../inference/client';
import { createMediaClient, type MediaClient } from '../media/client';
import { createPolicyClient, type PolicyClient } from '../policy/client';
import type { CallOptions, ParamsOf, ResultOf } from '../protocol/channel';
import type { DataEvents, DataMethods, TraceProgress } from '../protocol/data';
import type { ImageSetProgress } from '../protocol/imageSet';
import type { SetExportProgress } from '../protocol/imageSetExport';
import type { JoinProgress } from '../protocol/imageSetRollouts';
import type { SamplingProgress } from '../protocol/imageSetScores';
import type { TraceScoreProgress } from '../protocol/score';
import type { InferenceState } from '../protocol/segment';
import { type CacheFolders, cacheFolders } from './cacheFolders';
import { DisposableStore } from './disposables';
import type { ImageSetBackend, SetMethods } from './editors/dataset/imageSetLink';
import { deviceSettings, processSettings } from './settings';
import type { DataLost } from './traces/dataLink';
import type { TraceBackend } from './traces/traceLink';

/**
 * The children of this window, forked on first use and shared by all editors. Listeners are this object's, so they
 * survive a restart with other settings.
 */
export class Children implements vscode.Disposable, TraceBackend, ImageSetBackend {
  private readonly store = new DisposableStore();
  private readonly progress = this.store.add(new vscode.EventEmitter<TraceProgress>());
  private readonly imageSetProgress = this.store.add(new vscode.EventEmitter<ImageSetProgress>());
  private readonly joining = this.store.add(new vscode.EventEmitter<JoinProgress>());
  private readonly sampling = this.store.add(new vscode.EventEmitter<SamplingProgress>());
  private readonly exporting = this.store.add(new vscode.EventEmitter<SetExportProgress>());
  private readonly scored = this.store.add(new vscode.EventEmitter<TraceScoreProgress>());
  private readonly searched = this.store.add(new vscode.EventEmitter<DataEvents['trace/searched']>());
  private readonly stale = this.store.add(new vscode.EventEmitter<number>());
  private readonly segmentationFailed = this.store.add(new vscode.EventEmitter<string>());
  private readonly segmentationChanged = this.store.add(new vscode.EventEmitter<void>());
  private readonly lost = this.store.add(new vscode.EventEmitter<DataLost>());
  private dataClient: DataClient | null = null;
  private mediaClient: MediaClient | null = null;
  private inferenceClient: InferenceClient | null = null;
  private policyClient: PolicyClient | null = null;
  private segmentationNow: InferenceState | null = null;
  private folders: CacheFolders | null = null;

  readonly onProgress = this.progress.event;
  readonly onScored = this.scored.event;
  readonly onSearched = this.searched.event;
  readonly onImageSetProgress = this.imageSetProgress.event;
  readonly onJoining = this.joining.event;
  readonly onSampling = this.sampling.event;
  readonly onExporting = this.exporting.event;
  /** The trace's id: group details fetched before are out of date. */
  readonly onStale = this.stale.event;
  readonly onDataLost = this.lost.event;
  /** The process that segments crashed too often to be started again; with the last exit's detail. */
  readonly onSegmentationFailed = this.segmentationFailed.event;

  /** `segmentationState` has another value. */
  readonly onSegmentationState = this.segmentationChanged.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Fixed until the window is reloaded: a webview may read only the folder that was there when it was made. */
  get cache(): CacheFolders {
    this.folders ??= cacheFolders(processSettings().cacheFolder, this.context.globalStorageUri.fsPath);
    return this.folders;
  }

  /** Process id of the running data child. */
  get dataPid(): number | undefined {
    return this.dataClient?.pid;
  }

  data<K extends keyof DataMethods & string>(
    method: K,
    params: ParamsOf<DataMethods, K>,
    options?: CallOptions,
  ): Promise<ResultOf<DataMethods, K>> {
    this.dataClient ??= this.startData();
    return this.dataClient.call(method, params, options);
  }

  imageSet<K extends keyof SetMethods & string>(
    method: K,
    params: ParamsOf<SetMethods, K>,
    options?: CallOptions,
  ): Promise<ResultOf<SetMethods, K>> {
    return this.data(method, params, options);
  }

  /** Segmentation, with the device that is allowed now. */
  get inference(): InferenceClient {
    this.inferenceClient ??= this.startInference();
    return this.inferenceClient;
  }

  /** What the process that segments is at; null while it does not run. */
  get segmentationState(): InferenceState | null {
    return this.segmentationNow;
  }

  /** Lets go of segmentation models; does not start their process. */
  async releaseModels(): Promise<void> {
    await this.inferenceClient?.release();
  }

  /** Folder of the prompts that ship. */
  get templates(): string {
    return this.context.asAbsolutePath(join('media', 'templates'));
  }

  /** Policies; what they ask of servers is theirs, keys come with each request. */
  get policies(): PolicyClient {
    this.policyClient ??= createPolicyClient({
      entry: this.entry('policy'),
      log: this.log,
      templates: this.templates,
      probe: (path) => this.media.probe(path),
      encode: (request) => this.media.encode(request),
      basic: (request) => this.inference.propose(request),
      segment: (request) => this.inference.segment(request),
      overlay: (path, mask) => this.media.overlay(path, mask),
      memoryMb: processSettings().memoryMB,
    });
    return this.policyClient;
  }

  get media(): MediaClient {
    this.mediaClient ??= this.startMedia();
    return this.mediaClient;
  }

  /** Ends all children; the next call starts them with the settings as they are now. */
  restart(): void {
    this.mediaClient?.dispose();
    this.mediaClient = null;
    this.endInference();
    this.policyClient?.dispose();
    this.policyClient = null;
    if (this.dataClient === null) return;
    this.dataClient.dispose();
    this.dataClient = null;
    this.lost.fire({ detail: 'restarted', cause: 'restart', startsAgain: true });
  }

  /** Ends the process that segments; the next click starts it with the settings as they are then. */
  endInference(): void {
    this.inferenceClient?.dispose();
    this.inferenceClient = null;
  }

  dispose(): void {
    this.policyClient?.dispose();
    this.inferenceClient?.dispose();
    this.dataClient?.dispose();
    this.mediaClient?.dispose();
    this.store.dispose();
  }

  private startData(): DataClient {
    const { threads, memoryMB } = processSettings();
    const client = createDataClient({
      entry: this.entry('data'),
      log: this.log,
      cacheDir: this.cache.tables,
      threads,
      memoryMb: memoryMB,
      imageSize: async (path) => {
        try {
          return (await this.media.probe(path)).stored;
        } catch (error) {
          this.log.debug(`${path}: no size: ${String(error)}`);
          return null;
        }
      },
      repaintMask: (request) => this.media.repaint(request),
      readMask: (request) => this.media.mask(request),
    });
    client.on('trace/progress', (progress) => this.progress.fire(progress));
    client.on('score/progress', (progress) => this.scored.fire(progress));
    client.on('trace/searched', (progress) => this.searched.fire(progress));
    client.on('imageset/progress', (progress) => this.imageSetProgress.fire(progress));
    client.on('imageset/joining', (progress) => this.joining.fire(progress));
    client.on('imageset/sampling', (progress) => this.sampling.fire(progress));
    client.on('imageset/exporting', (progress) => this.exporting.fire(progress));
    client.on('trace/stale', ({ traceId }) => this.stale.fire(traceId));
    client.onState((state, detail) => {
      if (state === 'stopped' || state === 'failed')
        this.lost.fire({ detail, cause: 'crash', startsAgain: state === 'stopped' });
    });
    return client;
  }

  private startMedia(): MediaClient {
    const { cacheSizeMB, threads, memoryMB } = processSettings();
    return createMediaClient({
      entry: this.entry('media'),
      log: this.log,
      cacheDir: this.cache.pictures,
      cacheBytes: cacheSizeMB * 2 ** 20,
      threads,
      memoryMb: memoryMB,
    });
  }

  private startInference(): InferenceClient {
    const { cacheSizeMB, threads, memoryMB } = processSettings();
    const client = createInferenceClient({
      entry: this.entry('infer'),
      log: this.log,
      cacheDir: this.cache.embeddings,
      cacheBytes: cacheSizeMB * 2 ** 20,
      threads,
      memoryMb: memoryMB,
      device: deviceSettings(),
      pixels: (request) => this.media.pixels(request),
    });
    const changed = (state: InferenceState | null) => {
      this.segmentationNow = state;
      this.segmentationChanged.fire();
    };
    client.onActivity(changed);
    client.onState((state, detail) => {
      if (state !== 'running') changed(null);
      if (state === 'failed') this.segmentationFailed.fire(detail);
    });
    return client;
  }

  private entry(role: 'data' | 'media' | 'infer' | 'policy'): string {
    return this.context.asAbsolutePath(join('dist', 'children', `${role}.js`));
  }
}
