import type { ImageSetNotes } from '../../annotations/imageSetNotes';
import { imageKeyOf } from './editHandlers';
import type { ImageSetLink } from './imageSetLink';

/** Milliseconds after the last edit until the data child is told: dragging a box makes many. */
const rest = 150;
const patient = { deadline: Number.POSITIVE_INFINITY };

/** Hears which images have other annotations in rows and columns than before, by their places in the file. */
export type EditedListener = (images: readonly number[]) => void;

/**
 * Tells the data child what people said of images and made of their annotations, which is what queries filter and sort by: all
 * of it when the set was opened, afterwards what changed since.
 */
export class MarkColumns {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private telling: Promise<void> = Promise.resolve();
  private stale = true;
  /** Images whose records changed since the child was told. */
  private changed = new Set<string>();
  /** Opening of the set that was told; another came since where the data child started anew. */
  private toldTo = 0;
  private readonly listeners = new Set<EditedListener>();
  private readonly listening: { dispose(): void };

  constructor(
    private readonly notes: Pick<ImageSetNotes, 'annotations' | 'marks' | 'edits'>,
    private readonly link: Pick<ImageSetLink, 'openings' | 'whenOpen' | 'ask'>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.listening = notes.annotations.listen({
      changed: (_, records) => {
        for (const id of records.keys()) this.changed.add(imageKeyOf(id));
        this.stale = true;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.settled(), rest);
      },
    });
  }

  /** The data child knows what is known here: a query that follows finds it. */
  settled(): Promise<void> {
    clearTimeout(this.timer);
    this.telling = this.telling.then(() => this.tell());
    return this.telling;
  }

  onEdited(listener: EditedListener): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listening.dispose();
    this.listeners.clear();
  }

  private async tell(): Promise<void> {
    try {
      await this.link.whenOpen();
      const { openings } = this.link;
      const whole = openings !== this.toldTo;
      if (!this.stale && !whole) return;
      this.stale = false;
      this.toldTo = openings;
      const changed = this.changed;
      this.changed = new Set();
      const marks = await this.notes.marks();
      await this.link.ask('imageset/marks', { marks: marks.map(([key, of]) => ({ ...of, key })) });
      const edits = await this.notes.edits(whole ? null : changed);
      const images = await this.link.ask('imageset/edits', { edits, whole }, patient);
      if (images.length > 0) for (const listener of this.listeners) listener(images);
    } catch (error) {
      this.stale = true;
      this.toldTo = 0;
      this.failed(error);
    }
  }
}
