import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { AnnotationDiff } from '../../core/annotation/diff';
import { annotationChanges } from '../../core/dataset/edit/annotationChanges';
import { type EditedImage, type ImageMark, markDiff, marksDiff } from '../../core/dataset/edit/imageEdits';
import { type ImageMarks, marksOf } from '../../core/dataset/edit/imageMarks';
import type { ImageNotes } from '../../core/dataset/edit/imageNotes';
import { UserError } from '../../core/text/userError';
import type { CallOptions, ParamsOf, ResultOf } from '../../protocol/channel';
import type { NotedImage } from '../../protocol/datasetEdits';
import type { ImageEdits } from '../../protocol/imageSet';
import type { ImageSetNotesMethods } from '../../protocol/imageSetNotes';
import type { NotesMethods } from '../../protocol/notes';
import { annotationAuthor } from './author';
import { Journal } from './journal';
import { type NotesSurroundings, SidecarDocument } from './sidecarDocument';
import { type NotesBackend, splitKey, TraceAnnotations, wholeKey } from './traceAnnotations';

/** The data child's side of image sets' sidecars. */
export interface ImageSetNotesBackend {
  data<K extends keyof ImageSetNotesMethods & string>(
    method: K,
    params: ParamsOf<ImageSetNotesMethods, K>,
    options?: CallOptions,
  ): Promise<ResultOf<ImageSetNotesMethods, K>>;
}

/** An image of the set, as marks name it. */
export interface MarkedImage {
  readonly key: string;
  readonly index: number;
}

/** Reading a sidecar may take as long as its size and the disk say. */
const patient = { deadline: Number.POSITIVE_INFINITY };

/** The annotations of one image set in this window: what its dataset editors edit, save and take back. */
export class ImageSetNotes extends SidecarDocument {
  private author: Promise<string> | null = null;
  private readonly file: () => Promise<string>;

  constructor(
    readonly uri: vscode.Uri,
    backend: ImageSetNotesBackend,
    around: NotesSurroundings,
  ) {
    const path = uri.fsPath;
    const journal = new Journal(around.journals, path);
    let known: Promise<string> | null = null;
    const file = () => {
      known ??= backend.data('imageset/notes/file', { path });
      known.catch(() => {
        known = null;
      });
      return known;
    };
    const annotations = new TraceAnnotations(sidecarBackend(path, backend), journal, () => around.places());
    const watched = async () => [[(await file()) === '' ? path : dirname(path), '*.saccade'] as const];
    super(annotations, journal, { files: async () => [await file()], watched }, around, path);
    this.file = file;
  }

  get journalPath(): string {
    return this.journal.path;
  }

  async image({ key, index }: MarkedImage): Promise<NotedImage> {
    await this.open();
    const author = await this.whoever();
    const edited = this.edited(await this.file(), { key, index });
    return { revision: this.annotations.revision, author, ...edited };
  }

  /** Marks images as one step of undo; answers how many changed. */
  async mark(images: readonly MarkedImage[], mark: ImageMark): Promise<number> {
    await this.open();
    const [file, author] = [await this.file(), await this.whoever()];
    const by = { author, time: new Date().toISOString() };
    const diff = markDiff(
      markWords(mark, images.length),
      images.map((image) => this.edited(file, image)),
      mark,
      by,
    );
    if (diff.changes.length > 0) await this.edit(diff);
    return diff.changes.length;
  }

  /** Several marks as one step of undo; answers how many images changed. */
  async markEach(
    label: string,
    marks: readonly { readonly mark: ImageMark; readonly images: readonly MarkedImage[] }[],
  ): Promise<number> {
    await this.open();
    const [file, author] = [await this.file(), await this.whoever()];
    const each = marks.map(({ mark, images }) => ({ mark, images: images.map((image) => this.edited(file, image)) }));
    const diff = marksDiff(label, each, { author, time: new Date().toISOString() });
    if (diff.changes.length > 0) await this.edit(diff);
    return new Set(diff.changes.map(({ key }) => key)).size;
  }

  /** Of all images that have any, by the image's own key. */
  async marks(): Promise<readonly (readonly [string, ImageMarks])[]> {
    await this.open();
    return [...this.annotations.all.values()].flatMap(({ kind, key, notes }) => {
      const marks = kind === 'image' ? marksOf(notes as ImageNotes) : null;
      return marks === null ? [] : [[splitKey(key).own, marks] as const];
    });
  }

  /** What became of annotations: of every image where something did, or of those named by their own keys. */
  async edits(keys: ReadonlySet<string> | null): Promise<readonly ImageEdits[]> {
    await this.open();
    const file = await this.file();
    const named =
      keys === null ? null : [...keys].map((key) => [key, this.edited(file, { key, index: 0 }).notes] as const);
    const all = named ?? [...this.annotations.all.values()].map((one) => [splitKey(one.key).own, one.notes] as const);
    const edits = all.map(([key, notes]) => ({ key, changes: annotationChanges(notes as ImageNotes) }));
    return keys === null ? edits.filter(({ changes }) => changes.length > 0) : edits;
  }

  /** Notes of an image; empty without any. */
  async notesOf(key: string): Promise<ImageNotes> {
    await this.open();
    return this.edited(await this.file(), { key, index: 0 }).notes;
  }

  apply(diff: AnnotationDiff): Promise<number> {
    if (diff.changes.some(({ kind }) => kind !== 'image'))
      return Promise.reject(new UserError('An edit names what is no image.'));
    return this.edit(diff);
  }

  /** A set is large and several files: what was made of it is exported. */
  saveAs(): Promise<void> {
    return Promise.reject(
      new UserError(vscode.l10n.t('An image set is not copied as one file. Use Export to write it with its edits.')),
    );
  }

  private edited(file: string, { key, index }: MarkedImage): EditedImage {
    const whole = wholeKey(file, key);
    const [record] = this.annotations.records('image', [whole]);
    return {
      key: whole,
      hints: record?.hints ?? { line: index + 1, step: null },
      notes: (record?.notes ?? {}) as ImageNotes,
    };
  }

  private whoever(): Promise<string> {
    this.author ??= annotationAuthor(this.uri, dirname(this.uri.fsPath));
    return this.author;
  }
}

function markWords(mark: ImageMark, images: number): string {
  const count = images === 1 ? '1 image' : `${images} images`;
  switch (mark.kind) {
    case 'verdict':
      return mark.value === null ? `Take back the verdict on ${count}` : `Mark ${count}: ${mark.value}`;
    case 'split':
      return mark.value === null ? `Take back the split of ${count}` : `Move ${count} to ${mark.value}`;
    case 'reviewed':
      return mark.value === null ? `Mark ${count} as not reviewed` : `Mark ${count} as reviewed`;
    case 'tag':
      return mark.on ? `Tag ${count}: ${mark.tag}` : `Untag ${count}: ${mark.tag}`;
  }
}

/** Sidecars of a set are asked for by its path. */
function sidecarBackend(path: string, backend: ImageSetNotesBackend): NotesBackend {
  const methods = {
    'notes/open': 'imageset/notes/open',
    'notes/slice': 'imageset/notes/slice',
    'notes/save': 'imageset/notes/save',
  } as const;
  return {
    ask: <K extends keyof NotesMethods & string>(method: K, params: object) => {
      const own = methods[method as keyof typeof methods];
      return backend.data(own, { ...params, path } as never, patient) as Promise<ReturnType<NotesMethods[K]>>;
    },
  };
}
