import type { CanvasImage } from '../../src/protocol/canvasSegment';

/** Milliseconds that the view rests before what it shows is read ahead of the first click. */
const settled = 500;

/** Images, and parts of them, that a model reads ahead of the first click, so that it finds them read. One is read at a time. */
export class Preparation {
  private running: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly read = new Set<string>();

  /** @param wanted what is on show; null where nothing is to be read. */
  constructor(
    private readonly wanted: () => CanvasImage | null,
    private readonly prepare: (image: CanvasImage, signal: AbortSignal) => Promise<unknown>,
    private readonly changed: () => void,
  ) {}

  /** Something is being read. */
  get busy(): boolean {
    return this.running !== null;
  }

  has(image: CanvasImage): boolean {
    return this.read.has(keyOf(image));
  }

  /** The model has answered for it: it was read. */
  add(image: CanvasImage): void {
    this.read.add(keyOf(image));
  }

  soon(after = settled): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), after);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.running = null;
  }

  /** Whoever read them is no more. */
  forget(): void {
    this.stop();
    this.read.clear();
  }

  private async run(): Promise<void> {
    const image = this.wanted();
    this.stop();
    if (image === null || this.has(image)) return;
    const controller = new AbortController();
    this.running = controller;
    this.changed();
    try {
      await this.prepare(image, controller.signal);
      this.add(image);
    } catch {
      // The first click meets the same trouble, and tells it.
    }
    if (this.running !== controller) return;
    this.running = null;
    this.changed();
  }
}

function keyOf({ image, model, crop }: CanvasImage): string {
  return JSON.stringify([image, model, crop]);
}
