import * as vscode from 'vscode';
import type { RecordPlace } from '../../protocol/notes';
import type { RolloutsAction } from '../../protocol/rollouts';
import { conflictWords } from '../annotations/conflictWords';
import { DocumentNotes } from '../annotations/documentNotes';
import type { UndoableEdit } from '../annotations/sidecarDocument';
import { DisposableStore } from '../disposables';
import { commands, contexts, settings, viewTypes } from '../ids';
import { runSettingIds } from '../settingIds';
import { runOverrides } from '../settings';
import { TraceSession } from '../traces/traceSession';
import { messagePage, messagePageOptions } from './messagePage';
import { offerRestart, refusalOf } from './refusal';
import { RolloutsDocument } from './rolloutsDocument';
import { RolloutsPanel } from './rolloutsPanel';
import type { EditorServices } from './services';

/**
 * The rollouts editors of this window: documents by URI, several panels on each, and which of them is active. What is edited
 * and saved are annotations: the log is never written.
 */
export class RolloutsEditors implements vscode.CustomEditorProvider<RolloutsDocument>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly documents = new Set<RolloutsDocument>();
  private readonly panels = new Set<RolloutsPanel>();
  private readonly activeChanged = this.store.add(new vscode.EventEmitter<RolloutsPanel | null>());
  private readonly edited = this.store.add(new vscode.EventEmitter<vscode.CustomDocumentEditEvent<RolloutsDocument>>());
  private current: RolloutsPanel | null = null;
  /** A link is being opened: what to do with the next editor on its trace. */
  private awaited: { readonly path: string; readonly show: (panel: RolloutsPanel) => Promise<void> } | null = null;

  readonly onDidChangeCustomDocument = this.edited.event;

  readonly onDidChangeActive = this.activeChanged.event;

  constructor(private readonly services: EditorServices) {
    this.store.add(
      vscode.window.registerCustomEditorProvider(viewTypes.rollouts, this, {
        supportsMultipleEditorsPerDocument: true,
      }),
    );
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if ([...runSettingIds, settings.imagesDecoder].some((id) => change.affectsConfiguration(id)))
          this.settingsChanged();
      }),
    );
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.settingsChanged()));
  }

  /** The editor that is active now; null when another kind is. */
  get active(): RolloutsPanel | null {
    return this.current;
  }

  get open(): readonly RolloutsPanel[] {
    return [...this.panels];
  }

  /** Documents that Saccade does not open, with what it says about them. */
  get refused(): readonly { readonly uri: string; readonly message: string }[] {
    return [...this.documents].flatMap(({ uri, refusal }) =>
      refusal === null ? [] : [{ uri: uri.toString(), message: refusal }],
    );
  }

  perform(action: RolloutsAction): void {
    this.current?.perform(action);
  }

  /** Shows a rollout in an editor on the trace, in the next one that is opened where there is none yet. */
  async reveal(uri: vscode.Uri, place: RecordPlace): Promise<void> {
    const open = this.open.find(({ session }) => session.path === uri.fsPath);
    if (open !== undefined) return open.reveal(place);
    return new Promise((resolve, reject) => {
      this.awaited = { path: uri.fsPath, show: (panel) => panel.reveal(place).then(resolve, reject) };
    });
  }

  /** Called by VS Code once for a URI, whatever the number of editors on it. */
  openCustomDocument(uri: vscode.Uri): RolloutsDocument {
    const refusal = refusalOf(uri);
    const session = refusal === null ? this.session(uri) : null;
    const notes =
      session === null
        ? null
        : this.notesOf(uri, session, ({ label, undo, redo }) => this.edited.fire({ document, label, undo, redo }));
    const document: RolloutsDocument = new RolloutsDocument(uri, session, notes, refusal, () =>
      this.documents.delete(document),
    );
    this.documents.add(document);
    return document;
  }

  /** Called by VS Code for every editor on a document, and again when a hidden one is rebuilt after a reload. */
  resolveCustomEditor(document: RolloutsDocument, webviewPanel: vscode.WebviewPanel): void {
    if (document.session === null || document.notes === null) {
      const links = [{ label: vscode.l10n.t('Open as Text'), command: commands.openAsText }];
      webviewPanel.webview.options = messagePageOptions(links);
      webviewPanel.webview.html = messagePage(vscode.l10n.t('Saccade cannot open this'), document.refusal ?? '', links);
      return;
    }
    const panel = new RolloutsPanel(document.session, document.notes, webviewPanel, this.services);
    this.panels.add(panel);
    const { awaited } = this;
    if (awaited?.path === panel.session.path) {
      this.awaited = null;
      void awaited.show(panel);
    }
    const subscription = panel.onChange(() => this.update());
    webviewPanel.onDidDispose(() => {
      subscription.dispose();
      panel.dispose();
      this.panels.delete(panel);
      this.update();
    });
    this.update();
  }

  async saveCustomDocument({ notes }: RolloutsDocument): Promise<void> {
    await notes?.save();
  }

  async saveCustomDocumentAs({ notes }: RolloutsDocument, destination: vscode.Uri): Promise<void> {
    await notes?.saveAs(destination);
  }

  async revertCustomDocument({ notes }: RolloutsDocument): Promise<void> {
    await notes?.revert();
  }

  /** Every edit is in the journal before it counts as made, so a backup has nothing left to write. */
  async backupCustomDocument({ notes }: RolloutsDocument): Promise<vscode.CustomDocumentBackup> {
    return { id: notes?.journal.path ?? '', delete: () => undefined };
  }

  dispose(): void {
    for (const panel of this.panels) panel.dispose();
    for (const document of [...this.documents]) document.dispose();
    this.store.dispose();
  }

  private session(uri: vscode.Uri): TraceSession {
    const { children, memory, failures, log } = this.services;
    const path = uri.fsPath;
    return new TraceSession(path, {
      backend: children,
      settings: () => runOverrides(uri),
      recall: () => memory.get(path),
      remember: (remembered) => {
        memory.set(path, remembered).then(undefined, (error: unknown) => failures.logBug(`remembering ${path}`, error));
      },
      gaveUp: (message) => void offerRestart(message, log),
      bug: (doing, error) => failures.logBug(doing, error),
    });
  }

  private notesOf(uri: vscode.Uri, session: TraceSession, edited: (edit: UndoableEdit) => void): DocumentNotes {
    const { journals, failures, places } = this.services;
    return new DocumentNotes(uri, session, {
      journals,
      edited,
      conflicted: (count) => void vscode.window.showWarningMessage(conflictWords(session.name, count)),
      failed: (doing, error) => void failures.show(error, doing),
      places: () => places.of(session.path),
      refuge: (error) => places.ask(session.path, error),
    });
  }

  private settingsChanged(): void {
    for (const { session, uri } of this.documents) {
      session
        ?.pushOverrides()
        .catch((error: unknown) => this.services.failures.logBug(`settings of ${uri.fsPath}`, error));
    }
  }

  private update(): void {
    const active = this.open.find((panel) => panel.active) ?? null;
    void vscode.commands.executeCommand('setContext', contexts.canvasFocus, active?.canvasFocus ?? false);
    if (active === this.current) return;
    this.current = active;
    this.activeChanged.fire(active);
  }
}
