import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { type AnnotationDiff, inverse } from '../../core/annotation/diff';
import type { Problem } from '../../core/text/problem';
import { UserError } from '../../core/text/userError';
import type { RolloutSummary } from '../../protocol/data';
import { type GroupAnnotations, NOTES_MEMBERS } from '../../protocol/notes';
import { afterFirstError } from '../settings';
import type { TraceSession } from '../traces/traceSession';
import { annotationAuthor } from './author';
import { Journal } from './journal';
import { ReviewMarks } from './reviewMarks';
import { splitKey, TraceAnnotations, UnwritableError, wholeKey } from './traceAnnotations';

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
  /** Folders that may hold sidecars of the trace, beside its own. */
  places(): readonly string[];
  /** Asks for a folder in the place of one that takes no file; null when there is none. */
  refuge(error: UnwritableError): Promise<string | null>;
}

/** Milliseconds after the last change to a sidecar before it is read: writers rename and touch. */
const settle = 300;
/** Members a call of the data child answers. */
const membersPage = 1000;

/** The annotations of one document in this window: read when an editor first asks, watched on disk from then on. */
export class DocumentNotes {
  readonly annotations: TraceAnnotations;
  readonly journal: Journal;
  private readonly marks: ReviewMarks;
  private readonly placed = new vscode.EventEmitter<void>();
  private editing: Promise<unknown> = Promise.resolve();
  /** Marks of a whole sidecar have reached the data child: what counts them counts anew. */
  readonly onPlaced = this.placed.event;
  private opening: Promise<void> | null = null;
  /** By the folder they watch. */
  private readonly watchers = new Map<string, vscode.FileSystemWatcher>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private author: Promise<string> | null = null;
  private disposed = false;

  constructor(
    readonly uri: vscode.Uri,
    private readonly session: TraceSession,
    private readonly around: NotesSurroundings,
  ) {
    this.journal = new Journal(around.journals, session.path);
    // Reading a sidecar may take as long as its size and the disk say.
    const patient = { deadline: Number.POSITIVE_INFINITY };
    this.annotations = new TraceAnnotations(
      { ask: (method, params) => session.link.ask(method, params, patient) },
      this.journal,
      () => around.places(),
    );
    this.marks = new ReviewMarks(this.annotations, session.link, {
      placed: () => this.placed.fire(),
      failed: around.failed,
    });
    this.annotations.listen(this.marks);
  }

  /** What is wrong in the sidecars read so far. */
  get problems(): readonly Problem[] {
    return this.annotations.files.flatMap(({ file, problems }) =>
      problems.map(({ line, message }): Problem => {
        return { severity: 'warning', file: `${file}.saccade`, line, element: null, field: null, message };
      }),
    );
  }

  async group(group: number, signal: AbortSignal): Promise<GroupAnnotations> {
    await this.open();
    const { link } = this.session;
    const [summary] = await link.ask('trace/groups', { start: group, count: 1 }, { signal });
    if (summary === undefined) throw new UserError('The trace has no such group.');
    const { size, step } = summary;
    const members: RolloutSummary[] = summary.rollouts.slice(0, NOTES_MEMBERS);
    while (members.length < Math.min(size, NOTES_MEMBERS)) {
      const count = Math.min(membersPage, NOTES_MEMBERS - members.length);
      const more = await link.ask('trace/members', { group, start: members.length, count }, { signal });
      if (more.length === 0) break;
      members.push(...more);
    }
    const places = await link.ask('notes/keys', { rows: members.map(({ row }) => row) }, { signal });
    const keyed = members.flatMap(({ row, reward }, i) => {
      const place = places[i];
      return place === undefined ? [] : [{ row, reward, key: wholeKey(place.file, place.key), hints: place.hints }];
    });
    const [first] = places;
    const key = wholeKey(first?.file ?? '', summary.key);
    const { annotations } = this;
    const author = await this.whoever();
    return {
      revision: annotations.revision,
      author,
      afterFirstError: afterFirstError(this.uri),
      key,
      hints: { line: first?.hints.line ?? 0, step },
      members: keyed,
      size,
      annotated: annotations.all.size,
      records: [
        ...annotations.records('group', [key]),
        ...annotations.records(
          'rollout',
          keyed.map((member) => member.key),
        ),
      ],
    };
  }

  edit(diff: AnnotationDiff): Promise<number> {
    const done = this.editNow(diff);
    this.editing = Promise.allSettled([this.editing, done]);
    return done;
  }

  /** Sidecars are read, edits that were asked for are made, and the data child knows of them. */
  async settled(): Promise<void> {
    // Sidecars that cannot be read are told of where annotations are asked for.
    await this.open().catch(() => undefined);
    await this.editing;
    await this.marks.settled();
  }

  private async editNow(diff: AnnotationDiff): Promise<number> {
    await this.open();
    const { files } = await this.session.link.whenOpen();
    for (const { key } of diff.changes)
      if (!files.includes(splitKey(key).file)) throw new UserError('An edit names a record of another trace.');
    const revision = await this.annotations.apply(diff);
    this.around.edited(this.undoable(diff.label, [diff]));
    return revision;
  }

  /** Also before an editor asked, where the journal holds edits that were never saved. */
  open(): Promise<void> {
    this.opening ??= this.read();
    this.opening.catch(() => {
      this.opening = null;
    });
    return this.opening;
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

  /** Copies log and sidecar; what is unsaved here goes with the copy, as VS Code takes it. */
  async saveAs(target: vscode.Uri): Promise<void> {
    if (target.scheme !== 'file') throw new UserError('Saccade saves to disk only. Choose a folder of this machine.');
    await this.open();
    const { files } = await this.session.link.whenOpen();
    const [file = ''] = files;
    const records = this.annotations.ownRecords(file);
    const patient = { deadline: Number.POSITIVE_INFINITY };
    await this.session.link.ask('notes/saveAs', { to: target.fsPath, records }, patient);
    await this.annotations.revert();
  }

  revert(): Promise<void> {
    return this.annotations.revert();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) watcher.dispose();
    this.placed.dispose();
  }

  private async read(): Promise<void> {
    const lost = await this.annotations.load();
    await this.watch();
    if (lost.length > 0) this.around.edited(this.undoable(vscode.l10n.t('Restored edits'), lost));
  }

  private undoable(label: string, diffs: readonly AnnotationDiff[]): UndoableEdit {
    const all = async (list: readonly AnnotationDiff[]) => {
      for (const diff of list) await this.annotations.apply(diff);
    };
    return { label, undo: () => all(diffs.map(inverse).reverse()), redo: () => all(diffs) };
  }

  private async watch(): Promise<void> {
    const { root, files } = await this.session.link.whenOpen();
    const [only] = files;
    if (files.length === 1 && only !== undefined) this.watchFolder(dirname(join(root, only)), '*.saccade');
    else this.watchFolder(root, '**/*.saccade');
    for (const { place } of this.annotations.files) if (place !== null) this.watchFolder(place, '*.saccade');
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
      if (!this.disposed) this.around.failed(`reading the annotations of ${this.uri.fsPath} again`, error);
    }
  }

  private whoever(): Promise<string> {
    this.author ??= annotationAuthor(this.uri, dirname(this.session.path));
    return this.author;
  }
}
