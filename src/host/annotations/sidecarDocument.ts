import * as vscode from 'vscode';
import { type AnnotationDiff, inverse } from '../../core/annotation/diff';
import type { Problem } from '../../core/text/problem';
import { UserError } from '../../core/text/userError';
import type { Journal } from './journal';
import { splitKey, type TraceAnnotations, UnwritableError } from './traceAnnotations';

/** An edit as VS Code's undo stack wants it. */
export interface UndoableEdit {
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

export interface NotesSurroundings {
  /** Folder of the journals. */
  readonly journals: string;
  edited(edit: UndoableEdit): void;
  /** Somebody else changed `count` places that are changed here too. */
  conflicted(count: number): void;
  failed(doing: string, error: unknown): void;
  /** Folders that may hold sidecars of the document, beside its own. */
  places(): readonly string[];
  /** Asks for a folder in the place of one that takes no file; null when there is none. */
  refuge(error: UnwritableError): Promise<string | null>;
}

/** What a document's sidecars are about. */
export interface NotedDocument {
  /** Files that edits may name, relative to the document's root. */
  files(): Promise<readonly string[]>;
  /** Folders in which sidecars may be written by others, with what their names look like. */
  watched(): Promise<readonly (readonly [folder: string, pattern: string])[]>;
}

/** Milliseconds after the last change to a sidecar before it is read: writers rename and touch. */
const settle = 300;

/**
 * The annotations of a document as VS Code edits, saves and takes back: read when an editor first asks, watched on disk from
 * then on.
 */
export class SidecarDocument {
  private editing: Promise<unknown> = Promise.resolve();
  private opening: Promise<void> | null = null;
  /** By the folder they watch. */
  private readonly watchers = new Map<string, vscode.FileSystemWatcher>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;

  constructor(
    readonly annotations: TraceAnnotations,
    readonly journal: Journal,
    private readonly document: NotedDocument,
    private readonly around: NotesSurroundings,
    /** For messages. */
    private readonly name: string,
  ) {}

  /** What is wrong in the sidecars read so far. */
  get problems(): readonly Problem[] {
    return this.annotations.files.flatMap(({ file, problems }) =>
      problems.map(({ line, message }): Problem => {
        return { severity: 'warning', file: `${file}.saccade`, line, element: null, field: null, message };
      }),
    );
  }

  /** Also before an editor asked, where the journal holds edits that were never saved. */
  open(): Promise<void> {
    this.opening ??= this.read();
    this.opening.catch(() => {
      this.opening = null;
    });
    return this.opening;
  }

  /** Makes an edit that can be undone; answers the revision that holds it. */
  edit(diff: AnnotationDiff): Promise<number> {
    const done = this.editNow(diff);
    this.editing = Promise.allSettled([this.editing, done]);
    return done;
  }

  /** Sidecars are read, and edits that were asked for are made. */
  async settled(): Promise<void> {
    // Sidecars that cannot be read are told of where annotations are asked for.
    await this.open().catch(() => undefined);
    await this.editing;
  }

  async save(): Promise<void> {
    const conflicts = await this.annotations.save().catch(async (error: unknown) => {
      const folder = error instanceof UnwritableError ? await this.around.refuge(error) : null;
      if (folder === null) throw error;
      this.annotations.takeRefuge(folder);
      this.watchFolder(folder, '*.saccade');
      return this.annotations.save();
    });
    if (conflicts.length > 0) this.around.conflicted(conflicts.length);
  }

  revert(): Promise<void> {
    return this.annotations.revert();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) watcher.dispose();
  }

  private async editNow(diff: AnnotationDiff): Promise<number> {
    await this.open();
    const files = await this.document.files();
    for (const { key } of diff.changes)
      if (!files.includes(splitKey(key).file)) throw new UserError('An edit names a record of another document.');
    const revision = await this.annotations.apply(diff);
    this.around.edited(this.undoable(diff.label, [diff]));
    return revision;
  }

  private async read(): Promise<void> {
    const lost = await this.annotations.load();
    for (const [folder, pattern] of await this.document.watched()) this.watchFolder(folder, pattern);
    for (const { place } of this.annotations.files) if (place !== null) this.watchFolder(place, '*.saccade');
    if (lost.length > 0) this.around.edited(this.undoable(vscode.l10n.t('Restored edits'), lost));
  }

  private undoable(label: string, diffs: readonly AnnotationDiff[]): UndoableEdit {
    const all = async (list: readonly AnnotationDiff[]) => {
      for (const diff of list) await this.annotations.apply(diff);
    };
    return { label, undo: () => all(diffs.map(inverse).reverse()), redo: () => all(diffs) };
  }

  private watchFolder(folder: string, pattern: string): void {
    if (this.watchers.has(folder) || this.disposed) return;
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(folder), pattern),
    );
    this.watchers.set(folder, watcher);
    const changed = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.merge(), settle);
    };
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    watcher.onDidDelete(changed);
  }

  private async merge(): Promise<void> {
    try {
      const conflicts = await this.annotations.reload();
      if (conflicts.length > 0) this.around.conflicted(conflicts.length);
    } catch (error) {
      if (!this.disposed) this.around.failed(`reading the annotations of ${this.name} again`, error);
    }
  }
}
