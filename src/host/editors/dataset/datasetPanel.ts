import * as vscode from 'vscode';
import type { AnnotationRecord } from '../../../core/annotation/annotation';
import { UserError } from '../../../core/text/userError';
import { Channel, type Handlers } from '../../../protocol/channel';
import type {
  DatasetAction,
  DatasetHostEvents,
  DatasetHostMethods,
  DatasetWebviewEvents,
  DatasetWebviewMethods,
} from '../../../protocol/datasetEditor';
import { duplicatesColumn } from '../../../protocol/imageSet';
import type { PyramidInfo } from '../../../protocol/media';
import type { Paint } from '../../../protocol/rollouts';
import type { ImageSetNotes } from '../../annotations/imageSetNotes';
import { DisposableStore } from '../../disposables';
import { pickQuery, saveQuery } from '../filterPicks';
import { showPlace } from '../openLog';
import { pageHandlers } from '../pageHandlers';
import { FilePaints, type PictureSize } from '../paintFile';
import { showOpenFailure } from '../panelFailure';
import { placeIn } from '../placeIn';
import { validated } from '../validated';
import { webviewHtml, webviewOptions } from '../webviewHtml';
import { WebviewPages } from '../webviewPages';
import { imageQueryWords } from './datasetFilters';
import { datasetParams } from './datasetSchemas';
import type { DatasetServices } from './datasetServices';
import type { DatasetSession, DatasetView } from './datasetSession';
import { editHandlers, imageKeyOf } from './editHandlers';
import { findDuplicates } from './findDuplicates';
import type { MarkColumns } from './markColumns';
import { withMasks } from './maskPictures';
import { proposalHandlers } from './proposalHandlers';
import type { JoinedTraces } from './rollouts/joinedTraces';
import { rolloutsHandlers } from './rollouts/rolloutsHandlers';
import { curateHandlers } from './scores/curateHandlers';
import type { SetImports } from './scores/setImports';

type PanelChannel = Channel<DatasetHostMethods, DatasetWebviewMethods, DatasetHostEvents, DatasetWebviewEvents>;

const patient = { deadline: Number.POSITIVE_INFINITY };
/** Records, and images, that a page is told of one by one; of more it asks what it needs. */
const mostTold = 500;

/** One dataset editor: a webview on a session. */
export class DatasetPanel implements DatasetView, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly paints: FilePaints;
  private readonly pages: WebviewPages<PanelChannel>;
  private canvasFocused = false;
  private greeted = false;
  private listens: () => void = () => undefined;
  /** The page hears events. */
  private readonly listening = new Promise<void>((resolve) => {
    this.listens = resolve;
  });

  /** Visibility, activity or focus changed. */
  readonly onChange = this.changed.event;

  constructor(
    readonly session: DatasetSession,
    private readonly panel: vscode.WebviewPanel,
    private readonly services: DatasetServices,
    private readonly notes: ImageSetNotes,
    private readonly marks: MarkColumns,
    readonly joined: JoinedTraces,
    private readonly imports: SetImports,
  ) {
    const bug = (doing: string, error: unknown) => services.failures.logBug(doing, error);
    this.paints = new FilePaints(services.children, panel.webview, bug);
    const handlers = validated(datasetParams, this.handlers());
    this.pages = this.store.add(
      new WebviewPages(
        panel.webview,
        (port): PanelChannel => new Channel(port, handlers, (method, error) => bug(method, error)),
      ),
    );
    this.store.add(
      panel.onDidChangeViewState(() => {
        if (!panel.active) this.canvasFocused = false;
        this.changed.fire();
      }),
    );
    this.store.add(services.segments.onChange(() => this.emit('segment/changed', {})));
    this.store.add(session.watch(this));
    this.store.add(
      marks.onEdited((images) => this.emit('set/edited', { images: images.length > mostTold ? null : images })),
    );
    this.store.add(joined.listen((state) => this.emit('rollouts/changed', state)));
    this.store.add(notes.annotations.listen({ changed: (revision, records) => this.noted(revision, records) }));
    const failure = session.openFailure;
    if (failure === null) this.load();
    else this.failed(failure.error);
  }

  get active(): boolean {
    return this.panel.active;
  }

  /** Keyboard focus is on this editor's canvas. */
  get canvasFocus(): boolean {
    return this.panel.active && this.canvasFocused;
  }

  perform(action: DatasetAction): void {
    this.emit('editor/perform', { action });
  }

  /** Shows an image alone, whatever the grid is filtered by. */
  async reveal(index: number): Promise<void> {
    await this.listening;
    this.emit('editor/reveal', { index });
  }

  /** The page's own account for tests: null outside of them, and until the page has greeted. */
  async snapshot(): Promise<unknown> {
    return this.greeted ? this.pages.channel.call('test/snapshot', {}) : null;
  }

  emit<K extends keyof DatasetHostEvents>(name: K, payload: DatasetHostEvents[K]): void {
    this.pages.channel.emit(name, payload);
  }

  failed(error: unknown): void {
    showOpenFailure(this.panel, this.session, this.services.failures, error);
  }

  recovered(): void {
    this.load();
  }

  dispose(): void {
    this.store.dispose();
  }

  private load(): void {
    const { extensionUri, children } = this.services;
    this.panel.webview.options = webviewOptions(extensionUri, children.cache.pictures);
    this.panel.webview.html = webviewHtml(this.panel.webview, extensionUri, 'dataset');
  }

  private paint(index: number, size: PictureSize, signal: AbortSignal): Promise<Paint> {
    return this.paints.painted(`painting image ${index} of ${this.session.path}`, signal, async () => {
      const [path, { frame }] = await Promise.all([this.fileOf(index, signal), this.session.link.whenOpen()]);
      return this.paints.file({ ...size, upright: frame === 'oriented' }, path, signal);
    });
  }

  /** Tiles are of stored pixels: an image that is turned has none. */
  private async pyramid(index: number, signal: AbortSignal): Promise<PyramidInfo | null> {
    const [path, { frame }] = await Promise.all([this.fileOf(index, signal), this.session.link.whenOpen()]);
    const turned = frame === 'oriented' && (await this.services.children.media.probe(path, signal)).orientation !== 1;
    return turned ? null : this.paints.pyramid(path, signal);
  }

  /** Absolute path of a file with an image's bytes. Throws `UserError` where there is none. */
  private async fileOf(index: number, signal: AbortSignal): Promise<string> {
    const file = await this.session.link.ask('imageset/file', { index }, { signal, deadline: 60_000 });
    if (file === null) throw new UserError(vscode.l10n.t('The image was not found.'));
    return file.path;
  }

  private noted(revision: number, records: ReadonlyMap<string, AnnotationRecord | null>): void {
    const images = [...records].map(([id, record]) => [imageKeyOf(id), record] as const);
    this.emit('edits/changed', { revision, images: images.length > mostTold ? null : images });
  }

  /** What images are filtered by is known to the data child. Tables are read once the set is, and nobody waits for that. */
  private async columnsSettled(): Promise<void> {
    await this.marks.settled();
    if (this.session.progress?.done) await this.imports.settled();
  }

  private async chooseFolder(): Promise<boolean> {
    const { session, services } = this;
    const { root } = await session.link.whenOpen();
    const chosen = await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.Uri.file(root),
      openLabel: vscode.l10n.t('Look for Images Here'),
    });
    const folder = chosen?.[0]?.fsPath;
    if (folder === undefined) return false;
    const before = services.memory.get(session.path);
    const imageRoots = [folder, ...before.imageRoots.filter((one) => one !== folder)];
    await services.memory.set(session.path, { ...before, imageRoots });
    await session.reopen();
    return true;
  }

  private async openPlace(file: string, line: number | null): Promise<null> {
    const { root } = await this.session.link.whenOpen();
    return showPlace(placeIn(root, file, null), line);
  }

  private handlers(): Handlers<DatasetHostMethods> {
    const { session, services, notes } = this;
    const { link } = session;
    return {
      'editor/ready': async () => {
        this.greeted = true;
        const welcome = await session.welcome(services.underTest);
        // Behind the answer: a page listens once it has it.
        setTimeout(() => this.listens(), 0);
        return welcome;
      },
      ...services.segments.handlers(
        (index, signal) => this.fileOf(index, signal),
        async () => (await link.whenOpen()).frame === 'oriented',
      ),
      ...editHandlers({
        uri: notes.uri,
        link,
        notes,
        children: services.children,
        places: services.places.of(session.path),
      }),
      ...curateHandlers({ uri: notes.uri, link, imports: this.imports, onSampling: services.children.onSampling }),
      'set/info': (_, signal) =>
        link.ask('imageset/info', { wait: session.progress?.done === true }, { signal, ...patient }),
      'set/columns': async (_, signal) => {
        await this.columnsSettled();
        return link.ask('imageset/columns', {}, { signal, ...patient });
      },
      'set/rows': (asked, signal) => link.ask('imageset/rows', asked, { signal }),
      'set/image': async (asked, signal) => {
        const image = await link.ask('imageset/image', asked, { signal });
        const { root } = await link.whenOpen();
        return withMasks(image, root, services.children, signal);
      },
      'set/video': (asked, signal) => link.ask('imageset/video', asked, { signal, ...patient }),
      'set/query': async (asked, signal) => {
        await this.columnsSettled();
        if (JSON.stringify(asked.query).includes(duplicatesColumn)) await session.duplicates.settled();
        return link.ask('imageset/query', asked, { signal, ...patient });
      },
      'set/statistics': (asked, signal) => link.ask('imageset/statistics', asked, { signal, ...patient }),
      'image/preview': ({ index, maxSide }, signal) => this.paint(index, { maxSide, box: null }, signal),
      'image/region': ({ index, ...size }, signal) => this.paint(index, size, signal),
      'image/pyramid': ({ index }, signal) => this.pyramid(index, signal),
      'image/tile': ({ index, ...place }, signal) =>
        this.paints.painted(`painting a tile of image ${index}`, signal, async () =>
          this.paints.tile(await this.fileOf(index, signal), place, signal),
        ),
      ...rolloutsHandlers({
        joined: this.joined,
        services,
        editors: services.editors,
        fileOf: (index, signal) => this.fileOf(index, signal),
      }),
      ...proposalHandlers(services, link, notes, (index, signal) => this.fileOf(index, signal)),
      'images/chooseFolder': () => this.chooseFolder(),
      'images/findDuplicates': async (_, signal) => {
        const found = await findDuplicates(link, services.children, signal);
        const before = services.memory.get(session.path);
        if (found !== null) await services.memory.set(session.path, { ...before, compared: found.looked });
        return found;
      },
      'filters/save': ({ query, words }) => saveQuery(services.imageFilters, query, words),
      'filters/pick': ({ columns }) => pickQuery(services.imageFilters, columns, imageQueryWords),
      'editor/openPlace': ({ file, line }) => this.openPlace(file, line),
      ...pageHandlers(services.log, (canvas) => {
        this.canvasFocused = canvas;
        this.changed.fire();
      }),
    };
  }
}
