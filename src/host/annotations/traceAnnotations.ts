import { type AnnotationRecord, type Annotations, idOf } from '../../core/annotation/annotation';
import { type AnnotationDiff, applyDiff } from '../../core/annotation/diff';
import { type AnnotationConflict, mergeAnnotations } from '../../core/annotation/merge';
import { recordLine, sidecarVersion } from '../../core/annotation/sidecar';
import { UserError } from '../../core/text/userError';
import type { NotesMethods, SidecarFile, SidecarStamp } from '../../protocol/notes';
import type { Journal } from './journal';
import { recordsOf } from './sidecarSlices';

/** The data child's side, for the one document. */
export interface NotesBackend {
  ask<K extends keyof NotesMethods & string>(
    method: K,
    params: Omit<Parameters<NotesMethods[K]>[0], 'traceId'>,
  ): Promise<ReturnType<NotesMethods[K]>>;
}

/** A sidecar's folder or disk takes no file; another folder may. */
export class UnwritableError extends UserError {
  constructor(path: string, reason: string) {
    super(`${path} was not written: ${reason}. Your annotations are kept.`);
  }
}

/** Who looks at the annotations. */
export interface NotesListener {
  /** Records as they are now; null for one that is gone. `revision` only grows. */
  changed(revision: number, records: ReadonlyMap<string, AnnotationRecord | null>): void;
}

/** Between the log's name and a record's own key: in no file name. */
const joint = '\0';

/** A record's key among all logs of the trace. */
export function wholeKey(file: string, key: string): string {
  return `${file}${joint}${key}`;
}

/** A whole key's parts. */
export function splitKey(key: string): { readonly file: string; readonly own: string } {
  const at = key.indexOf(joint);
  return { file: key.slice(0, at), own: key.slice(at + 1) };
}

/**
 * The annotations of an open trace or image set: the truth that every view of it shows. An edit is in the journal before anybody hears
 * that it was made; the sidecars change only when the user saves.
 */
export class TraceAnnotations {
  private current: Annotations = new Map();
  /** What the sidecars held when they were last read or written. */
  private saved: Annotations = new Map();
  private readonly sidecars = new Map<string, SidecarFile>();
  private readonly stamps = new Map<string, SidecarStamp | null>();
  private readonly listeners = new Set<NotesListener>();
  private revisions = 0;
  /** Edits that are in no sidecar, in order: what the journal holds. */
  private unsaved: AnnotationDiff[] = [];
  private saving: Promise<unknown> = Promise.resolve();
  /** Edits that were asked for and are not made yet. */
  private applying: Promise<unknown> = Promise.resolve();
  private loading: Promise<readonly AnnotationDiff[]> | null = null;
  /** Takes sidecars that may not be written where they are; absolute, null while nobody named one. */
  private refuge: string | null = null;
  /** Log file → folder of its sidecar, for those that are not beside it. */
  private readonly places = new Map<string, string>();

  constructor(
    private readonly backend: NotesBackend,
    private readonly journal: Journal,
    /** Folders in which sidecars are looked for, beside those of the logs. */
    private readonly lookIn: () => readonly string[] = () => [],
  ) {}

  get revision(): number {
    return this.revisions;
  }

  /** Sidecars found, with what is wrong in them. */
  get files(): readonly SidecarFile[] {
    return [...this.sidecars.values()];
  }

  get dirty(): boolean {
    return this.changedFiles().length > 0;
  }

  /** Reads the sidecars once, and the journal over them. Answers with the edits that the journal brought back. */
  load(): Promise<readonly AnnotationDiff[]> {
    this.loading ??= this.read();
    // A sidecar that cannot be read may be mended and tried again.
    this.loading.catch(() => {
      this.loading = null;
    });
    return this.loading;
  }

  listen(listener: NotesListener): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Records by key, for the keys that have one. */
  records(kind: AnnotationRecord['kind'], keys: readonly string[]): readonly AnnotationRecord[] {
    return keys.flatMap((key) => {
      const record = this.current.get(idOf({ kind, key }));
      return record === undefined ? [] : [record];
    });
  }

  get all(): Annotations {
    return this.current;
  }

  /** Makes an edit. Rejects with `UserError` where it may not be made, and with what the journal's disk refused. */
  apply(diff: AnnotationDiff): Promise<number> {
    const done = this.applyNow(diff);
    this.applying = Promise.allSettled([this.applying, done]);
    return done;
  }

  private async applyNow(diff: AnnotationDiff): Promise<number> {
    await this.load();
    for (const { key } of diff.changes) {
      const sidecar = this.sidecars.get(splitKey(key).file);
      if (sidecar !== undefined && sidecar.version > sidecarVersion)
        throw new UserError(
          `${sidecar.path} was written by a newer version of Saccade: it is shown, and not changed. Update Saccade to edit it.`,
        );
    }
    await this.journal.append(diff);
    this.unsaved.push(diff);
    this.take(applyDiff(this.current, diff), diff.changes.map(idOf));
    return this.revisions;
  }

  /**
   * Writes every sidecar whose records changed. What was saved before a failure stays saved; the rest stays unsaved, as do edits
   * made meanwhile.
   */
  save(): Promise<readonly AnnotationConflict[]> {
    return this.alone(async () => {
      // Who types and saves in one breath means what was typed.
      await this.applying;
      const conflicts: AnnotationConflict[] = [];
      const written = this.unsaved.length;
      for (const file of this.changedFiles()) conflicts.push(...(await this.saveFile(file, 0)));
      this.unsaved = this.unsaved.slice(written);
      await this.journal.replace(this.unsaved);
      return conflicts;
    });
  }

  /** From now on, what may not be written goes into this folder. */
  takeRefuge(folder: string): void {
    this.refuge = folder;
  }

  /** Gives up what is not saved. */
  revert(): Promise<void> {
    return this.alone(async () => {
      const before = this.current;
      const merged = await this.fromDisk();
      this.unsaved = [];
      await this.journal.replace([]);
      this.saved = merged;
      this.take(merged, [...before.keys(), ...merged.keys()]);
    });
  }

  /** Takes in what somebody else wrote into the sidecars. Answers with the places at which both changed something. */
  reload(): Promise<readonly AnnotationConflict[]> {
    return this.alone(() => this.merge());
  }

  /** The records of one log file with the keys they have in its sidecar. */
  ownRecords(file: string): readonly AnnotationRecord[] {
    return [...this.current.values()]
      .filter(({ key }) => splitKey(key).file === file)
      .map((record): AnnotationRecord => ({ ...record, key: splitKey(record.key).own }));
  }

  /** Never beside a save: what it read before the save would look like somebody's taking back of what was saved. */
  private async merge(): Promise<readonly AnnotationConflict[]> {
    const merged = await this.fromDisk();
    const { changes, conflicts } = mergeAnnotations(this.saved, this.current, merged);
    this.saved = merged;
    this.take(applyDiff(this.current, { label: '', changes }), changes.map(idOf));
    return conflicts;
  }

  private async read(): Promise<readonly AnnotationDiff[]> {
    const merged = await this.fromDisk();
    this.saved = merged;
    const lost = await this.journal.read();
    this.unsaved = [...lost];
    const next = lost.reduce<Annotations>(applyDiff, merged);
    this.take(next, [...next.keys()]);
    if (this.dirty) return lost;
    // Edits that were all undone, or that somebody else made too.
    this.unsaved = [];
    if (lost.length > 0) await this.journal.replace([]);
    return [];
  }

  private async fromDisk(): Promise<Annotations> {
    const files = await this.backend.ask('notes/open', { places: this.lookIn() });
    const merged = new Map<string, AnnotationRecord>();
    this.sidecars.clear();
    this.stamps.clear();
    this.places.clear();
    for (const sidecar of files) {
      const { file, stamp, place } = sidecar;
      if (place !== null) this.places.set(file, place);
      this.sidecars.set(file, sidecar);
      this.stamps.set(file, stamp);
      for await (const slice of recordsOf(this.backend, sidecar)) {
        for (const { kind, key, hints, notes } of slice) {
          const whole = { kind, key: wholeKey(file, key), hints, notes } as AnnotationRecord;
          merged.set(idOf(whole), whole);
        }
      }
    }
    return merged;
  }

  private async saveFile(file: string, attempt: number): Promise<readonly AnnotationConflict[]> {
    const state = this.current;
    const records = this.ownRecords(file);
    const place = this.places.get(file) ?? null;
    const stamp = this.stamps.get(file) ?? null;
    const answer = await this.backend.ask('notes/save', { file, place, stamp, records });
    if (answer.kind === 'unwritable') {
      if (this.refuge === null || place === this.refuge) throw new UnwritableError(answer.path, answer.reason);
      this.moveTo(this.refuge, file);
      return this.saveFile(file, attempt);
    }
    if (answer.kind === 'changed') {
      if (attempt > 2)
        throw new UserError(`${file}.saccade is being written by somebody else. Save again in a moment.`);
      const conflicts = await this.merge();
      return [...conflicts, ...(await this.saveFile(file, attempt + 1))];
    }
    this.stamps.set(file, answer.stamp);
    const saved = new Map([...this.saved].filter(([, { key }]) => splitKey(key).file !== file));
    for (const [id, record] of state) if (splitKey(record.key).file === file) saved.set(id, record);
    this.saved = saved;
    return [];
  }

  /** Nothing is saved there yet: what another window may have put there is taken in, not taken for a removal. */
  private moveTo(folder: string, file: string): void {
    this.places.set(file, folder);
    this.stamps.set(file, null);
    this.saved = new Map([...this.saved].filter(([, { key }]) => splitKey(key).file !== file));
  }

  private changedFiles(): readonly string[] {
    const files = new Set<string>();
    for (const [id, record] of this.current)
      if (!same(this.saved.get(id), record)) files.add(splitKey(record.key).file);
    for (const [id, record] of this.saved) if (!this.current.has(id)) files.add(splitKey(record.key).file);
    return [...files];
  }

  /** One save or revert at a time. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.saving.then(work);
    this.saving = done.catch(() => undefined);
    return done;
  }

  private take(next: Annotations, touched: readonly string[]): void {
    this.current = next;
    this.revisions++;
    const records = new Map(touched.map((id) => [id, next.get(id) ?? null]));
    for (const listener of this.listeners) listener.changed(this.revisions, records);
  }
}

/** An edit that was undone leaves another object of the same content. */
function same(saved: AnnotationRecord | undefined, record: AnnotationRecord): boolean {
  return saved === record || (saved !== undefined && recordLine(saved) === recordLine(record));
}
