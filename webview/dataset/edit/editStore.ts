import { type AnnotationRecord, type Annotations, idOf } from '../../../src/core/annotation/annotation';
import { type AnnotationDiff, applyDiff } from '../../../src/core/annotation/diff';
import type { DatasetImage } from '../../../src/core/dataset/datasetImage';
import {
  annotationDiff,
  answerDiff,
  type EditedImage,
  type ImageMark,
  questionDiff,
  type WantedAnnotation,
} from '../../../src/core/dataset/edit/imageEdits';
import { type ImageMarks, marksOf } from '../../../src/core/dataset/edit/imageMarks';
import { type EffectiveImage, effectiveImage, type ImageNotes } from '../../../src/core/dataset/edit/imageNotes';
import type { NotedImage } from '../../../src/protocol/datasetEdits';
import { Signal } from '../../rollouts/store/signal';
import type { DatasetSession } from '../store/session';

/** A mark, and the images that it is for, by their places in the file. */
export interface MarkOfImages {
  readonly indices: readonly number[];
  readonly mark: ImageMark;
}

/** An image and what was said of it when it was asked for. */
interface Loaded {
  readonly image: DatasetImage;
  readonly noted: NotedImage;
}

/**
 * Images of the set as the user should see them now: what the host confirmed, with the edits still on their way applied on top by
 * the code that the host runs too. A refused edit disappears again, which is its roll-back.
 */
export class EditStore {
  /** Rises with every change of anything here. */
  readonly version = new Signal(0);
  private readonly loaded = new Map<number, Loaded>();
  private readonly shown = new Map<number, EffectiveImage>();
  private readonly marked = new Map<string, ImageMarks>();
  private confirmed: Annotations = new Map();
  private predicted: Annotations = this.confirmed;
  private pending: AnnotationDiff[] = [];
  private revision = 0;

  constructor(private readonly session: DatasetSession) {
    session.stale.on(() => void this.reload());
  }

  /** Null until it was loaded. */
  image(index: number): EffectiveImage | null {
    const known = this.shown.get(index);
    if (known !== undefined) return known;
    const loaded = this.loaded.get(index);
    if (loaded === undefined) return null;
    const made = effectiveImage(loaded.image, this.edited(loaded).notes);
    this.shown.set(index, made);
    return made;
  }

  /** Of any image, loaded or not; null where nobody said anything. */
  marks(key: string): ImageMarks | null {
    return this.marked.get(key) ?? null;
  }

  /** Tags that images have, the first given first. */
  get allTags(): readonly string[] {
    return [...new Set([...this.marked.values()].flatMap(({ tags }) => tags))];
  }

  /** Asks for an image and its notes unless they are there. */
  async load(index: number): Promise<void> {
    if (this.loaded.has(index)) return;
    const image = await this.session.detail(index);
    let noted = await this.session.host.call('edits/image', { key: image.key, index });
    // Told before something that was heard of already.
    if (noted.revision < this.revision) noted = await this.session.host.call('edits/image', { key: image.key, index });
    this.loaded.set(index, { image, noted });
    for (const old of [...this.loaded.keys()].slice(0, -keptImages)) this.loaded.delete(old);
    this.confirm([[noted.key, recordOf(noted)]]);
    this.repaint();
  }

  /** Marks of all images. */
  async loadMarks(): Promise<void> {
    const { marks } = await this.session.host.call('edits/marks', {});
    this.marked.clear();
    for (const [key, of] of marks) this.marked.set(key, of);
    this.repaint();
  }

  /** Shows an edit of annotations at once and sends it. */
  edit(index: number, label: string, wanted: readonly WantedAnnotation[]): Promise<void> {
    return this.change(index, (loaded, by) => annotationDiff(label, this.edited(loaded), loaded.image, wanted, by));
  }

  answer(index: number, question: number, answer: string | null): Promise<void> {
    return this.change(index, (loaded, by) =>
      answerDiff('Answer the question', this.edited(loaded), question, answer, by),
    );
  }

  /** The wording of a question as the user has it now; null for the file's own. */
  ask(index: number, question: number, text: string | null): Promise<void> {
    return this.change(index, (loaded, by) =>
      questionDiff('Word the question', this.edited(loaded), question, text, by),
    );
  }

  /** Marks images, loaded or not, as one step of undo; answers how many changed. */
  mark(indices: readonly number[], mark: ImageMark): Promise<number> {
    return this.session.host.call('edits/mark', { indices, mark }, { deadline: Number.POSITIVE_INFINITY });
  }

  /** Several marks as one step of undo; answers how many images changed. */
  markEach(label: string, marks: readonly MarkOfImages[]): Promise<number> {
    return this.session.host.call('edits/markEach', { label, marks }, { deadline: Number.POSITIVE_INFINITY });
  }

  /** The host's word on what changed: from here, another view, undo, or somebody else's hand. */
  changed(revision: number, images: readonly (readonly [string, AnnotationRecord | null])[] | null): void {
    this.revision = revision;
    if (images === null) {
      void this.reload();
      return;
    }
    for (const [own, record] of images) {
      const marks = record === null ? null : marksOf(record.notes as ImageNotes);
      if (marks === null) this.marked.delete(own);
      else this.marked.set(own, marks);
      const known = [...this.loaded.values()].find(({ image }) => image.key === own);
      if (known !== undefined) this.confirm([[known.noted.key, record]]);
    }
    this.repaint();
  }

  /** Asks anew for what may have changed while nobody listened. */
  async reload(): Promise<void> {
    const indices = [...this.loaded.keys()];
    this.loaded.clear();
    try {
      await Promise.all([this.loadMarks(), ...indices.slice(-2).map((index) => this.load(index))]);
    } catch (error) {
      this.session.report(error);
    }
  }

  private async change(
    index: number,
    make: (loaded: Loaded, by: { readonly author: string; readonly time: string }) => AnnotationDiff,
  ): Promise<void> {
    const loaded = this.loaded.get(index);
    if (loaded === undefined) return;
    const diff = make(loaded, { author: loaded.noted.author, time: new Date().toISOString() });
    if (diff.changes.length === 0) return;
    this.pending.push(diff);
    this.repaint();
    try {
      await this.session.host.call('edits/apply', { diff });
    } catch (error) {
      this.session.report(error);
    } finally {
      this.pending = this.pending.filter((other) => other !== diff);
      this.repaint();
    }
  }

  private edited({ noted }: Loaded): EditedImage {
    const { key, hints } = noted;
    const record = this.predicted.get(idOf({ kind: 'image', key }));
    return { key, hints, notes: (record?.notes ?? {}) as ImageNotes };
  }

  /** By record key. */
  private confirm(records: readonly (readonly [string, AnnotationRecord | null])[]): void {
    const next = new Map(this.confirmed);
    for (const [key, record] of records) {
      const id = idOf({ kind: 'image', key });
      if (record === null) next.delete(id);
      else next.set(id, record);
    }
    this.confirmed = next;
  }

  private repaint(): void {
    this.predicted = this.pending.reduce<Annotations>(applyDiff, this.confirmed);
    this.shown.clear();
    this.version.set(this.version.value + 1);
  }
}

/** Images kept with their notes: the one on show and those beside it. */
const keptImages = 8;

function recordOf({ key, hints, notes }: NotedImage): AnnotationRecord | null {
  return Object.keys(notes).length === 0 ? null : { kind: 'image', key, hints, notes };
}
