import type { PixelFrame } from '../../../core/dataset/datasetImage';
import type { OpenTarget } from '../../../formats/format';
import type { ImageContent, ImageSetDetection, ImageSetFormat } from '../../../formats/imageSet/imageSetFormat';
import type { SetTables } from './setTables';

/** Tells how far a scan is; resolves when it may go on, rejects when it was cancelled. */
export type ScanPace = (bytesRead: number) => Promise<void>;

/** Reads one image set. */
export interface SetReader {
  readonly title: string;
  readonly frame: PixelFrame;
  /** Fills the tables. Throws what the file system says. */
  scan(tables: SetTables, pace: ScanPace): Promise<void>;
  /** Everything about one image that is in the tables, read again from its own place. */
  readImage(tables: SetTables, index: number): Promise<ImageContent>;
  /** Encoded bytes of an image that stands inside a file of the set; null where they are broken. */
  embedded(tables: SetTables, index: number): Promise<Uint8Array | null>;
  /** Lets go of what it holds open; called once, after the scan ended. */
  dispose?(): Promise<void>;
}

/** A set whose images a format reads one by one. */
export class FormatReader implements SetReader {
  readonly title: string;
  readonly frame: PixelFrame;

  constructor(
    private readonly format: ImageSetFormat,
    private readonly target: OpenTarget,
    private readonly detection: ImageSetDetection,
  ) {
    this.title = format.title;
    this.frame = format.frame;
  }

  scan({ images, annotations, labels, skeletons, problems }: SetTables, pace: ScanPace): Promise<void> {
    return this.format.scan(this.target, this.detection, {
      label: (name, skeleton) => {
        labels.code(name);
        if (skeleton !== undefined) skeletons.set(name, skeleton);
      },
      image: (image, own) => {
        const index = images.add(image);
        for (const one of own) annotations.add(index, one.label === null ? -1 : labels.code(one.label), one);
      },
      problem: (problem) => problems.add(problem),
      progress: pace,
    });
  }

  readImage({ images }: SetTables, index: number): Promise<ImageContent> {
    return this.format.readImage(this.target, this.detection, images.place(index));
  }

  async embedded({ images }: SetTables, index: number): Promise<Uint8Array | null> {
    return (await this.format.embedded?.(this.target, this.detection, images.place(index))) ?? null;
  }
}
