import * as vscode from 'vscode';
import type { DatasetAction } from '../../../protocol/datasetEditor';
import { conflictWords } from '../../annotations/conflictWords';
import { ImageSetNotes } from '../../annotations/imageSetNotes';
import type { UndoableEdit } from '../../annotations/sidecarDocument';
import { DisposableStore } from '../../disposables';
import { messageOf } from '../../failures';
import { commands, contexts, settings, viewTypes } from '../../ids';
import { runOverrides } from '../../settings';
import { traceOverrides } from '../../traces/traceOverrides';
import { messagePage, messagePageOptions } from '../messagePage';
import { offerRestart, refusalOf } from '../refusal';
import { DatasetDocument } from './datasetDocument';
import { DatasetPanel } from './datasetPanel';
import type { DatasetServices } from './datasetServices';
import { DatasetSession } from './datasetSession';
import { MarkColumns } from './markColumns';
import { JoinedTraces } from './rollouts/joinedTraces';
import { SetImports } from './scores/setImports';
import { SetDiagnostics } from './setDiagnostics';

/** The dataset editors of this window: documents by URI, several panels on each, and which of them is active. */
export class DatasetEditors implements vscode.CustomEditorProvider<DatasetDocument>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly documents = new Set<DatasetDocument>();
  private readonly panels = new Set<DatasetPanel>();
  private readonly edited = this.store.add(new vscode.EventEmitter<vscode.CustomDocumentEditEvent<DatasetDocument>>());
  private readonly diagnostics = this.store.add(new SetDiagnostics());
  private current: DatasetPanel | null = null;
  /** Somebody waits for the next editor on a set. */
  private awaited: { readonly path: string; readonly open: (panel: DatasetPanel) => void } | null = null;

  readonly onDidChangeCustomDocument = this.edited.event;

  constructor(private readonly services: DatasetServices) {
    this.store.add(
      vscode.window.registerCustomEditorProvider(viewTypes.dataset, this, { supportsMultipleEditorsPerDocument: true }),
    );
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        for (const { session, uri } of this.documents)
          if (change.affectsConfiguration(settings.imagesRoots, uri))
            session
              ?.reopen()
              .catch((error: unknown) => this.services.failures.logBug(`reopening ${uri.fsPath}`, error));
      }),
    );
  }

  get open(): readonly DatasetPanel[] {
    return [...this.panels];
  }

  perform(action: DatasetAction): void {
    this.current?.perform(action);
  }

  /** Paths of open sets. */
  get paths(): readonly string[] {
    return [...this.documents].flatMap(({ session }) => session?.path ?? []);
  }

  /** Paths of open sets on whose images a trace is shown. */
  showing(trace: string): readonly string[] {
    return [...this.documents].flatMap(({ session, joined }) =>
      session !== null && joined?.paths.includes(trace) ? [session.path] : [],
    );
  }

  /** An editor on a set, the next one that is opened where there is none yet. */
  reveal(uri: vscode.Uri): Promise<DatasetPanel> {
    const open = this.open.find(({ session }) => session.path === uri.fsPath);
    if (open !== undefined) return Promise.resolve(open);
    return new Promise((resolve) => {
      this.awaited = { path: uri.fsPath, open: resolve };
    });
  }

  /** Called by VS Code once for a URI, whatever the number of editors on it. */
  openCustomDocument(uri: vscode.Uri): DatasetDocument {
    const refusal = refusalOf(uri);
    const session = refusal === null ? this.session(uri) : null;
    const edited = (edit: UndoableEdit) => this.edited.fire({ document, ...edit });
    const edits = session === null ? null : this.notesOf(uri, session, edited);
    const bug = (error: unknown) => this.services.failures.logBug(`marks of ${uri.fsPath}`, error);
    const marks = session === null || edits === null ? null : new MarkColumns(edits, session.link, bug);
    const joined = session === null ? null : this.joinedOf(uri, session);
    const imports = session === null ? null : this.importsOf(session);
    const document: DatasetDocument = new DatasetDocument(uri, session, edits, marks, joined, imports, refusal, () => {
      this.documents.delete(document);
      if (session !== null) this.diagnostics.forget(session);
    });
    this.documents.add(document);
    // Edits that a window which died had not saved make the document dirty again, whether or not somebody edits it now.
    edits?.open().catch((error: unknown) => this.services.failures.logBug(`the annotations of ${uri.fsPath}`, error));
    return document;
  }

  /** Called by VS Code for every editor on a document, and again when a hidden one is rebuilt after a reload. */
  resolveCustomEditor(document: DatasetDocument, webviewPanel: vscode.WebviewPanel): void {
    const { session, edits, marks, joined, imports } = document;
    if (session === null || edits === null || marks === null || joined === null || imports === null) {
      const links = [{ label: vscode.l10n.t('Open as Text'), command: commands.openAsText }];
      webviewPanel.webview.options = messagePageOptions(links);
      webviewPanel.webview.html = messagePage(vscode.l10n.t('Saccade cannot open this'), document.refusal ?? '', links);
      return;
    }
    const panel = new DatasetPanel(session, webviewPanel, this.services, edits, marks, joined, imports);
    this.panels.add(panel);
    const { awaited } = this;
    if (awaited?.path === session.path) {
      this.awaited = null;
      awaited.open(panel);
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

  async saveCustomDocument({ edits }: DatasetDocument): Promise<void> {
    await edits?.save();
  }

  async saveCustomDocumentAs({ edits }: DatasetDocument): Promise<void> {
    await edits?.saveAs();
  }

  async revertCustomDocument({ edits }: DatasetDocument): Promise<void> {
    await edits?.revert();
  }

  /** Every edit is in the journal before it counts as made, so a backup has nothing left to write. */
  async backupCustomDocument({ edits }: DatasetDocument): Promise<vscode.CustomDocumentBackup> {
    return { id: edits?.journalPath ?? '', delete: () => undefined };
  }

  dispose(): void {
    for (const panel of this.panels) panel.dispose();
    for (const document of [...this.documents]) document.dispose();
    this.store.dispose();
  }

  private notesOf(uri: vscode.Uri, session: DatasetSession, edited: (edit: UndoableEdit) => void): ImageSetNotes {
    const { children, journals, failures, places } = this.services;
    return new ImageSetNotes(uri, children, {
      journals,
      edited,
      conflicted: (count) => void vscode.window.showWarningMessage(conflictWords(session.name, count)),
      failed: (doing, error) => void failures.show(error, doing),
      places: () => places.of(session.path),
      refuge: (error) => places.ask(session.path, error),
    });
  }

  private joinedOf({ fsPath: path }: vscode.Uri, session: DatasetSession): JoinedTraces {
    const { children, memory, failures, rollouts } = this.services;
    const bug = (doing: string, error: unknown) => failures.logBug(doing, error);
    const joined = new JoinedTraces(path, session.link, {
      backend: children,
      overrides: (trace) => traceOverrides(runOverrides(vscode.Uri.file(trace)), memory.get(trace)),
      recall: () => rollouts.get(path),
      remember: (remembered) => {
        rollouts.set(path, remembered).then(undefined, (error: unknown) => bug(`remembering ${path}`, error));
      },
      bug,
    });
    session.watch({
      emit: (name) => {
        if (name === 'set/stale') joined.refresh();
      },
      failed: () => undefined,
      recovered: () => joined.refresh(),
    });
    return joined;
  }

  private importsOf({ path, link }: DatasetSession): SetImports {
    const imports: SetImports = new SetImports(path, link, this.services.scores, async (source, error) => {
      const forget = vscode.l10n.t('Forget It');
      const words = vscode.l10n.t('A table that was imported could not be read again: {0}', messageOf(error));
      if ((await vscode.window.showWarningMessage(words, forget)) === forget) await imports.forget(source);
    });
    return imports;
  }

  private session(uri: vscode.Uri): DatasetSession {
    const { children, memory, failures, log } = this.services;
    const path = uri.fsPath;
    const session: DatasetSession = new DatasetSession(path, {
      backend: children,
      roots: () => [...memory.get(path).imageRoots, ...(runOverrides(uri).imageRoots ?? [])],
      gaveUp: (message) => void offerRestart(message, log),
      read: () => {
        this.diagnostics.show(session).catch((error: unknown) => failures.logBug(`the problems of ${path}`, error));
      },
      hashes: {
        knownHashes: (paths, upright) => children.media.knownHashes(paths, upright),
        compared: () => memory.get(path).compared,
      },
      bug: (doing, error) => failures.logBug(doing, error),
    });
    return session;
  }

  private update(): void {
    const active = this.open.find((panel) => panel.active) ?? null;
    if (active !== null || this.current !== null)
      void vscode.commands.executeCommand('setContext', contexts.canvasFocus, active?.canvasFocus ?? false);
    this.current = active;
  }
}
