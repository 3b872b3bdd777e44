import { type ImageSetVideo, videoMark } from '../../../src/protocol/imageSet';
import { Signal } from '../../rollouts/store/signal';
import type { DatasetSession } from '../store/session';

/** The video that the image on show is a frame of, and where in it that is. */
export class VideoFrames {
  /** Null for an image that is no frame. */
  readonly video = new Signal<ImageSetVideo | null>(null);
  /** Index into the video's frames; −1 without one. */
  readonly place = new Signal(-1);
  private places: ReadonlyMap<number, number> = new Map();
  private asked = 0;

  constructor(private readonly session: DatasetSession) {
    session.image.on(() => this.enter());
    session.stale.on(() => this.forget());
    // Frames have annotations now that had none; what is on show stays until the answer is there.
    session.edits.on(() => {
      if (this.video.value !== null) this.ask();
    });
    // Which images are frames is told by all of them.
    session.progress.on(({ done }) => {
      if (done && this.video.value === null) this.enter();
    });
  }

  get count(): number {
    return this.video.value?.images.length ?? 0;
  }

  imageAt(place: number): number {
    return this.video.value?.images[place] ?? -1;
  }

  has(place: number, mark: keyof typeof videoMark): boolean {
    return ((this.video.value?.marks[place] ?? 0) & videoMark[mark]) !== 0;
  }

  /** False where there is no such frame. */
  go(place: number): boolean {
    const image = this.imageAt(place);
    if (image < 0) return false;
    this.session.open(image);
    return true;
  }

  /** The next or previous keyframe; −1 for none. */
  keyframe(by: 1 | -1): number {
    for (let at = this.place.value + by; at >= 0 && at < this.count; at += by) if (this.has(at, 'keyframe')) return at;
    return -1;
  }

  private forget(): void {
    this.video.set(null);
    this.enter();
  }

  private enter(): void {
    const image = this.session.image.value;
    const known = this.video.value === null ? undefined : this.places.get(image);
    this.place.set(known ?? -1);
    if (known !== undefined) return;
    this.video.set(null);
    this.ask();
  }

  private ask(): void {
    const image = this.session.image.value;
    const asked = ++this.asked;
    if (image < 0 || !this.session.progress.value.done) return;
    this.session.host
      .call('set/video', { index: image }, { deadline: 60_000 })
      .then((video) => {
        if (asked === this.asked) this.take(video);
      })
      .catch((error: unknown) => this.session.report(error));
  }

  private take(video: ImageSetVideo | null): void {
    this.places = new Map(Array.from(video?.images ?? [], (one, place) => [one, place]));
    this.video.set(video);
    this.place.set(this.places.get(this.session.image.value) ?? -1);
  }
}
