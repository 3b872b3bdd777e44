import * as vscode from 'vscode';
import type { AnnotationRecord } from '../../core/annotation/annotation';
import type { PolicySample } from '../../core/policy/policyRollout';
import { UserError } from '../../core/text/userError';
import { Channel, type Handlers } from '../../protocol/channel';
import type { RecordPlace } from '../../protocol/notes';
import type { ReviewProgress } from '../../protocol/review';
import type {
  RolloutsAction,
  RolloutsHostEvents,
  RolloutsHostMethods,
  RolloutsWebviewEvents,
  RolloutsWebviewMethods,
} from '../../protocol/rollouts';
import type { ScoreResult } from '../../protocol/score';
import { readProfiles } from '../../scoring/profileFile';
import type { DocumentNotes } from '../annotations/documentNotes';
import { DisposableStore } from '../disposables';
import { settings } from '../ids';
import { copyLink } from '../links/rolloutLinks';
import { sampleOfGroup } from '../policies/policySample';
import { scoreByPython } from '../score/scoreByPython';
import { profilePaths } from '../settings';
import { htmlOf } from '../share/saveHtml';
import { chooseView, saveAs } from '../share/saveView';
import type { TraceSession, TraceView } from '../traces/traceSession';
import { CompareRuns } from './compareRuns';
import { pickFilter, saveQuery } from './filterPicks';
import { mendImage } from './mendImage';
import { openLog, openPlace } from './openLog';
import { pageHandlers } from './pageHandlers';
import { FilePaints } from './paintFile';
import { showOpenFailure } from './panelFailure';
import { Pictures } from './pictures';
import { saveProfile } from './saveProfile';
import { rolloutsParams } from './schemas';
import type { EditorServices } from './services';
import { validated } from './validated';
import { webviewHtml, webviewOptions } from './webviewHtml';
import { WebviewPages } from './webviewPages';

type PanelChannel = Channel<RolloutsHostMethods, RolloutsWebviewMethods, RolloutsHostEvents, RolloutsWebviewEvents>;

/** More changed records than these are asked for again, as far as they are on show. */
const recordsTold = 1000;

/** One rollouts editor: a webview on a session. */
export class RolloutsPanel implements TraceView, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly pictures: Pictures;
  private readonly compared: CompareRuns;
  private readonly pages: WebviewPages<PanelChannel>;
  private readonly reviewed = this.store.add(new vscode.EventEmitter<ReviewProgress>());
  private canvasFocused = false;
  private greeted = false;
  private listens: () => void = () => undefined;
  /** The page hears events. */
  private readonly listening = new Promise<void>((resolve) => {
    this.listens = resolve;
  });

  /** Visibility, activity or focus changed. */
  readonly onChange = this.changed.event;
  /** How far the review of what the list shows has come. */
  readonly onReview = this.reviewed.event;
  /** As `onReview` told last; null before. */
  review: ReviewProgress | null = null;

  constructor(
    readonly session: TraceSession,
    readonly notes: DocumentNotes,
    private readonly panel: vscode.WebviewPanel,
    private readonly services: EditorServices,
  ) {
    const bug = (doing: string, error: unknown) => services.failures.logBug(doing, error);
    this.pictures = new Pictures(session, new FilePaints(services.children, panel.webview, bug));
    this.compared = this.store.add(new CompareRuns(session, services.children, bug));
    const handlers = validated(rolloutsParams, this.handlers());
    this.pages = this.store.add(
      new WebviewPages(
        panel.webview,
        (port): PanelChannel => new Channel(port, handlers, (method, error) => services.failures.logBug(method, error)),
      ),
    );
    this.store.add(
      panel.onDidChangeViewState(() => {
        if (!panel.active) this.canvasFocused = false;
        session.show(this, panel.visible);
        this.changed.fire();
      }),
    );
    this.store.add(session.watch(this));
    this.store.add(notes.annotations.listen({ changed: (revision, records) => this.noted(revision, records) }));
    this.store.add(services.segments.onChange(() => this.emit('segment/changed', {})));
    this.store.add(notes.onPlaced(() => this.emit('review/changed', {})));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration(settings.annotationsAfterFirstError, notes.uri)) return;
        this.emit('notes/changed', { revision: notes.annotations.revision, records: null });
      }),
    );
    session.show(this, panel.visible);
    this.show();
  }

  get active(): boolean {
    return this.panel.active;
  }

  /** Keyboard focus is on this editor's canvas. */
  get canvasFocus(): boolean {
    return this.panel.active && this.canvasFocused;
  }

  perform(action: RolloutsAction): void {
    this.emit('editor/perform', { action });
  }

  /** Selects the rollout that a link leads to, whatever the list is filtered by. */
  async reveal(place: RecordPlace): Promise<void> {
    const found = await this.session.link.ask('notes/find', place, { deadline: Number.POSITIVE_INFINITY });
    if (found === null)
      throw new UserError(vscode.l10n.t('{0} does not hold the rollout of the link any more.', this.session.name));
    await this.listening;
    this.emit('editor/reveal', found);
  }

  /** The page's own account for tests: null outside of them, and until the page has greeted. */
  async snapshot(): Promise<unknown> {
    return this.greeted ? this.pages.channel.call('test/snapshot', {}) : null;
  }

  emit<K extends keyof RolloutsHostEvents>(name: K, payload: RolloutsHostEvents[K]): void {
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

  private noted(revision: number, records: ReadonlyMap<string, AnnotationRecord | null>): void {
    this.emit('notes/changed', { revision, records: records.size > recordsTold ? null : [...records] });
  }

  private show(): void {
    const failure = this.session.openFailure;
    if (failure === null) this.load();
    else this.failed(failure.error);
  }

  private load(): void {
    const { extensionUri, children } = this.services;
    this.panel.webview.options = webviewOptions(extensionUri, children.cache.pictures);
    this.panel.webview.html = webviewHtml(this.panel.webview, extensionUri, 'rollouts');
  }

  private async scoreAll(id: string, signal: AbortSignal): Promise<ScoreResult> {
    const { session } = this;
    const { profiles } = await readProfiles(profilePaths(vscode.Uri.file(session.path)));
    const profile = profiles.find((one) => one.id === id);
    if (profile === undefined) throw new UserError(`There is no reward profile "${id}" any more.`);
    return session.link.ask('score/all', { profile }, { signal, deadline: Number.POSITIVE_INFINITY });
  }

  /** What can be asked of a group's image. */
  private async sampleOf(group: number, signal: AbortSignal): Promise<PolicySample> {
    const path = await this.pictures.fileOf(group, signal);
    const { stored } = await this.services.children.media.probe(path, signal);
    return sampleOfGroup(await this.session.group(group, signal), path, stored);
  }

  private handlers(): Handlers<RolloutsHostMethods> {
    const { session, notes, services, pictures } = this;
    const { link } = session;
    const patient = { deadline: Number.POSITIVE_INFINITY };
    return {
      ...services.samplings.handlers({
        emit: (name, payload) => this.emit(name, payload as never),
        sampleOf: (group, signal) => this.sampleOf(group, signal),
      }),
      ...services.segments.handlers((group, signal) => pictures.fileOf(group, signal)),
      'editor/ready': async () => {
        this.greeted = true;
        const welcome = await session.welcome({
          samples: services.isSample(session.path),
          testHook: services.underTest,
        });
        // Behind the answer: a page listens once it has it.
        setTimeout(() => this.listens(), 0);
        return welcome;
      },
      'trace/groups': ({ start, count, view }, signal) =>
        link.ask('trace/groups', { start, count, ...inView(view) }, { signal }),
      'trace/members': ({ group, start, count, view }, signal) =>
        link.ask('trace/members', { group, start, count, ...inView(view) }, { signal }),
      'trace/columns': (_, signal) => link.ask('trace/columns', {}, { signal }),
      'trace/query': async ({ query }, signal) => {
        await notes.settled();
        return link.ask('trace/query', { query }, { signal, ...patient });
      },
      'review/next': async ({ view, from, direction }, signal) => {
        await notes.settled();
        return link.ask('review/next', { from, direction, ...inView(view) }, { signal });
      },
      'review/progress': async ({ view }, signal) => {
        await notes.settled();
        this.review = await link.ask('review/progress', inView(view), { signal });
        this.reviewed.fire(this.review);
        return this.review;
      },
      'filters/save': ({ query, words }) => saveQuery(services.filters, query, words),
      'filters/pick': ({ columns }) => pickFilter(services.filters, columns),
      'trace/group': ({ group }, signal) => session.group(group, signal),
      'overview/steps': (asked, signal) => link.ask('overview/steps', asked, { signal, ...patient }),
      'overview/metrics': (_, signal) => link.ask('overview/metrics', {}, { signal, ...patient }),
      'overview/looked': (_, signal) => link.ask('overview/looked', {}, { signal, ...patient }),
      'overview/scatter': (asked, signal) => link.ask('overview/scatter', asked, { signal }),
      'trace/occurrences': (asked, signal) => link.ask('trace/occurrences', asked, { signal }),
      'trace/rollout': ({ row }, signal) => link.ask('trace/rollout', { row }, { signal }),
      'trace/info': async (_, signal) => {
        const { progress } = session;
        const wait = progress?.done === true && progress.measured === progress.rollouts;
        const info = await link.ask('trace/info', { wait }, { signal, ...patient });
        const { problems } = notes;
        const problemCount = info.problemCount + problems.length;
        return { ...info, problems: [...problems, ...info.problems], problemCount };
      },
      'compare/choose': (_, signal) => this.compared.choose(signal),
      'compare/run': (request, signal) => this.compared.run(request, signal),
      'compare/group': ({ group }, signal) => this.compared.group(group, signal),
      'notes/group': ({ group }, signal) => notes.group(group, signal),
      'notes/edit': ({ diff }) => notes.edit(diff),
      'notes/copyLink': ({ row }) => copyLink(session, row),
      'sample/show': async ({ group }) => {
        await services.sampleWay.show(session, group);
        return null;
      },
      'share/choose': ({ zoomed }) => chooseView(zoomed),
      'share/save': ({ format, content }) => saveAs(session, format, content),
      'share/html': async (asked, signal) =>
        saveAs(session, 'html', await htmlOf(session, notes, services.children, asked, signal)),
      'score/python': (_, signal) =>
        scoreByPython(session, services.log, (progress) => this.emit('score/progress', progress), signal),
      'score/profiles': () => readProfiles(profilePaths(vscode.Uri.file(session.path))),
      'score/saveProfile': ({ components }) => saveProfile(session.path, components),
      'score/all': ({ profile }, signal) => this.scoreAll(profile, signal),
      'image/preview': ({ group, maxSide }, signal) => pictures.paint({ group, maxSide, box: null }, signal),
      'image/region': (request, signal) => pictures.paint(request, signal),
      'image/pyramid': ({ group }, signal) => pictures.pyramid(group, signal),
      'image/tile': ({ group, ...place }, signal) => pictures.tile(group, place, signal),
      'image/view': (request, signal) => pictures.view(request, signal),
      'image/mend': (request, signal) => mendImage(session, request, signal),
      'editor/intent': ({ intent }) => session.apply(intent),
      'editor/openLog': ({ row }, signal) => openLog(session, row, signal),
      'editor/openPlace': ({ file, line }) => openPlace(session, file, line),
      ...pageHandlers(services.log, (canvas) => {
        this.canvasFocused = canvas;
        this.changed.fire();
      }),
    };
  }
}

/** The data child takes the order of the file for a view that is not named. */
const inView = (view: number | null) => (view === null ? {} : { view });
