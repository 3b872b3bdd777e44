import type { ImageSetNotes } from '../../annotations/imageSetNotes';
import type { ImageSetLink } from './imageSetLink';

/** Milliseconds after the last edit until the data child is told: dragging a box makes many. */
const rest = 150;

/** Tells the data child what people said of images, which is what queries filter and sort by. */
export class MarkColumns {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private telling: Promise<void> = Promise.resolve();
  private stale = true;
  /** Set that was told; another one was opened since where the data child started anew. */
  private toldTo = -1;
  private readonly listening: { dispose(): void };

  constructor(
    private readonly notes: ImageSetNotes,
    private readonly link: ImageSetLink,
    private readonly failed: (error: unknown) => void,
  ) {
    this.listening = notes.annotations.listen({
      changed: () => {
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

  dispose(): void {
    clearTimeout(this.timer);
    this.listening.dispose();
  }

  private async tell(): Promise<void> {
    try {
      const { setId } = await this.link.whenOpen();
      if (!this.stale && setId === this.toldTo) return;
      this.stale = false;
      this.toldTo = setId;
      const marks = await this.notes.marks();
      await this.link.ask('imageset/marks', { marks: marks.map(([key, of]) => ({ ...of, key })) });
    } catch (error) {
      this.stale = true;
      this.failed(error);
    }
  }
}
