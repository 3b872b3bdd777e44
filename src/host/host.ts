import { join, sep } from 'node:path';
import * as vscode from 'vscode';
import type { DocumentNotes } from './annotations/documentNotes';
import { SidecarPlaces } from './annotations/sidecarPlaces';
import { Children } from './children';
import { CliInstall } from './cli/cliInstall';
import { alwaysOpen } from './commands/alwaysOpen';
import { installCli } from './commands/installCli';
import { openAsDataset, openAsText, openWithSaccade } from './commands/open';
import { openSamples } from './commands/openSamples';
import { reviewQueue } from './commands/reviewQueue';
import { TraceDetection } from './detection';
import { DisposableStore } from './disposables';
import { DatasetEditors } from './editors/dataset/datasetEditors';
import { imageFilters } from './editors/dataset/datasetFilters';
import { RolloutsMemory } from './editors/dataset/rollouts/rolloutsMemory';
import { SampleWay } from './editors/dataset/rollouts/showSample';
import { ScoreMemory } from './editors/dataset/scores/scoreMemory';
import { RolloutsEditors } from './editors/rolloutsEditors';
import type { EditorServices } from './editors/services';
import { ExportCommand } from './export/exportCommand';
import { Failures } from './failures';
import { commands } from './ids';
import { RolloutLinks } from './links/rolloutLinks';
import { addModel } from './models/addModel';
import { downloadCuda } from './models/downloadCuda';
import { SegmentationItem } from './models/segmentationItem';
import { showSegmentation } from './models/segmentationPick';
import { simulateClicks } from './models/simulateClicks';
import { Policies } from './policies/policies';
import { actionHandlers, datasetHandlers, registerCommands } from './registerCommands';
import { offerRestartOnChange } from './restartOnChange';
import { ReviewItem } from './reviewItem';
import { CanvasSegments } from './segment/canvasSegments';
import { watchSegmentation } from './segmentationNotice';
import { StatusItem } from './statusItem';
import { SavedFilters } from './traces/savedFilters';
import { TraceMemory } from './traces/traceMemory';
import type { TraceSession } from './traces/traceSession';
import { RunsView } from './views/runsView';

/** Given out under the extension's own tests only. */
export interface TestApi {
  readonly activationMs: number;
  readonly dataPid: () => number | undefined;
  /** Paths of text files recognised as traces. */
  readonly recognised: () => readonly string[];
  /** Open rollouts editors; two on one document share their session. */
  readonly editors: () => readonly {
    readonly session: TraceSession;
    readonly notes: DocumentNotes;
    readonly snapshot: () => Promise<unknown>;
  }[];
  /** URIs that Saccade was asked to open and does not, with what it said. */
  readonly refused: () => readonly { readonly uri: string; readonly message: string }[];
  readonly launcher: string;
  /** As VS Code hands over a link that somebody followed. */
  readonly follow: (uri: vscode.Uri) => Promise<void>;
}

/** Wires the host together. Starts no process before it returns; the answer is to be told how long that took. */
export function startHost(context: vscode.ExtensionContext): (activationMs: number) => TestApi | undefined {
  const store = new DisposableStore();
  context.subscriptions.push(store);
  const log = store.add(vscode.window.createOutputChannel('Saccade', { log: true }));
  const failures = new Failures(log);
  const children = store.add(new Children(context, log));
  const samples = vscode.Uri.joinPath(context.extensionUri, 'media', 'samples');
  const places = new SidecarPlaces(context.globalState, context.globalStorageUri);
  const bug = (doing: string, error: unknown) => failures.logBug(doing, error);
  const policies = store.add(new Policies(context, children, () => editors, bug));
  const rollouts = new RolloutsMemory(context.workspaceState);
  const services: EditorServices = {
    extensionUri: context.extensionUri,
    children,
    memory: new TraceMemory(context.workspaceState),
    filters: new SavedFilters(context.workspaceState),
    segments: store.add(new CanvasSegments(children)),
    samplings: policies.samplings,
    sampleWay: new SampleWay(() => datasets, rollouts, children),
    journals: join((context.storageUri ?? context.globalStorageUri).fsPath, 'journals'),
    places,
    failures,
    log,
    // An installed extension is never in test mode: end-to-end tests say it by the server's environment.
    underTest: context.extensionMode === vscode.ExtensionMode.Test || process.env.SACCADE_TEST_HOOK === '1',
    isSample: (path) => join(path, sep).startsWith(join(samples.fsPath, sep)),
  };
  const editors: RolloutsEditors = store.add(new RolloutsEditors(services));
  const datasets: DatasetEditors = store.add(
    new DatasetEditors({
      ...services,
      policies,
      imageFilters: imageFilters(context.workspaceState),
      rollouts,
      editors,
      scores: new ScoreMemory(context.workspaceState),
    }),
  );
  const detection = store.add(new TraceDetection(children, bug));
  const cli = new CliInstall(context);
  const exporting = store.add(new ExportCommand(context.asAbsolutePath(join('dist', 'saccade.js')), places));
  const links = new RolloutLinks(editors, failures);
  store.add(vscode.window.registerUriHandler(links));
  store.add(new StatusItem(editors));
  store.add(new ReviewItem(editors));
  const runs = store.add(new RunsView(children, bug));
  store.add(offerRestartOnChange());
  store.add(watchSegmentation(children, log));
  store.add(new SegmentationItem(children));
  const handlers = {
    [commands.open]: (...args: readonly unknown[]) => openWithSaccade(args, children),
    [commands.openDataset]: (...args: readonly unknown[]) => openAsDataset(args),
    [commands.openAsText]: (...args: readonly unknown[]) => openAsText(args),
    [commands.alwaysOpen]: (...args: readonly unknown[]) => alwaysOpen(args, children),
    [commands.openSamples]: () => openSamples(samples, children),
    [commands.export]: (...args: readonly unknown[]) => exporting.run(args),
    [commands.showLog]: () => log.show(),
    [commands.installCli]: () => installCli(cli, (error) => void failures.show(error, commands.installCli)),
    [commands.restart]: () => children.restart(),
    [commands.reviewQueue]: () => reviewQueue(editors),
    [commands.segmentation]: () => showSegmentation(children),
    [commands.addSegmentationModel]: (...args: readonly unknown[]) => addModel(args, children),
    [commands.simulateClicks]: (...args: readonly unknown[]) =>
      simulateClicks(
        args,
        context.asAbsolutePath(join('dist', 'saccade.js')),
        join(context.globalStorageUri.fsPath, 'plots'),
      ),
    [commands.downloadCuda]: () => downloadCuda(context),
    [commands.refreshRuns]: () => runs.refresh(),
    ...policies.handlers(),
    ...actionHandlers((action) => editors.perform(action)),
    ...datasetHandlers((action) => datasets.perform(action)),
  };
  store.add(registerCommands(handlers, failures));
  cli.refresh().catch((error: unknown) => bug('writing the launcher anew', error));
  const underTest = context.extensionMode === vscode.ExtensionMode.Test;
  return (activationMs) => {
    const version: unknown = context.extension.packageJSON.version;
    log.info(`Saccade ${String(version)}, activated in ${activationMs.toFixed(1)} ms`);
    if (!underTest) return undefined;
    return {
      activationMs,
      dataPid: () => children.dataPid,
      recognised: () => detection.traces,
      editors: () =>
        editors.open.map((panel) => ({ session: panel.session, notes: panel.notes, snapshot: () => panel.snapshot() })),
      refused: () => editors.refused,
      launcher: cli.launcher,
      follow: (uri) => links.handleUri(uri),
    };
  };
}
