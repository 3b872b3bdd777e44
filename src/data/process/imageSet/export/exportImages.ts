import { copyFile, mkdir, stat, symlink } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { PixelFrame } from '../../../../core/dataset/datasetImage';
import { withDecodedMask } from '../../../../core/dataset/decodedMask';
import {
  type EffectiveAnnotation,
  type EffectiveImage,
  effectiveImage,
} from '../../../../core/dataset/edit/imageNotes';
import { type ImageTurn, inOtherFrame, sizeInFrame } from '../../../../core/dataset/turnAnnotation';
import type { Size } from '../../../../core/geometry/box';
import { UserError } from '../../../../core/text/userError';
import { isImageName } from '../../../../formats/imageSet/imageFiles';
import { readImageHeader } from '../../../../formats/imageSet/imageHeader';
import type { ExportedImages, SetExportFormat } from '../../../../protocol/imageSetExport';
import { FileSource } from '../../files/fileSource';
import { fileProblem } from '../../scan/problemLog';
import type { ImageSet } from '../imageSet';
import { type ChosenImage, safeName } from './chosenImages';
import type { ExportProblems } from './exportProblems';

/** Images in their own folder, where the format does not say where they lie. */
const imageFolder = 'images';

export interface PlacingOrder {
  readonly to: SetExportFormat;
  /** Absolute folder that the export will be. */
  readonly output: string;
  readonly images: ExportedImages;
}

/** A path without the ending of its last part. */
export function withoutEnding(path: string): string {
  return path.replace(/\.[^./]+$/, '');
}

/** The images of an export by their place among the chosen: names, files, and annotations in the frame that a reader counts in. */
export class ExportImages {
  private readonly names: string[] = [];
  private readonly taken = new Set<string>();
  /** Images that EXIF turns and whose annotations were mapped. */
  private readonly turned = new Set<number>();
  /** Images of whose turn nothing is known. */
  private readonly unknown = new Set<number>();
  /** Images that stand inside files of the set, and could not be linked. */
  private copied = 0;
  /** Finding an image that stands in a file of the set takes its bytes, and it is asked for several times in a row. */
  private last: { readonly i: number; readonly path: Promise<string | null> } | null = null;

  constructor(
    private readonly set: ImageSet,
    private readonly chosen: readonly ChosenImage[],
    private readonly order: PlacingOrder,
    private readonly problems: ExportProblems,
    /** Told each time that something was done about an image. */
    private readonly step: () => void,
  ) {}

  /** Copies or links them into the folder that is being written. */
  async place(folder: string, signal: AbortSignal): Promise<void> {
    const { images } = this.order;
    if (images !== 'copy' && images !== 'link') return;
    for (const [i, { row }] of this.chosen.entries()) {
      signal.throwIfAborted();
      // What stands inside the set's own files is written with them.
      if (this.order.to === 'original' && this.set.tables.images.bytesOf(row.index).kind !== 'file') continue;
      const found = await this.path(i);
      const name = this.freeName(i, found);
      this.names[i] = name;
      if (found === null) {
        this.problems.add(fileProblem(row.file, 'The image was not found: it is not in the export.'));
        continue;
      }
      const to = join(folder, name);
      await mkdir(dirname(to), { recursive: true });
      // A link into a cache would be dead one day.
      const inside = this.isInside(i);
      if (inside && images === 'link') this.copied++;
      if (images === 'copy' || inside) await copyFile(found, to);
      else await symlink(found, to);
      this.step();
    }
  }

  /** Whether the image stands inside a file of the set: the file that it is found as is one of a cache. */
  isInside(i: number): boolean {
    return this.set.tables.images.bytesOf(this.row(i).index).kind !== 'file';
  }

  /** Relative to the export; what the set itself says where images stay. */
  name(i: number): string {
    return this.names[i] ?? this.row(i).file;
  }

  /** Absolute path at which the image will be found once the export stands; null where there is none. */
  async location(i: number): Promise<string | null> {
    const name = this.names[i];
    return name === undefined ? this.path(i) : resolve(this.order.output, name);
  }

  /** Absolute path of the image as it is now; null when it was not found. */
  path(i: number): Promise<string | null> {
    if (this.last?.i !== i)
      this.last = { i, path: this.set.file(this.row(i).index).then((found) => found?.path ?? null) };
    return this.last.path;
  }

  /** Name and size of the encoded image; null when it was not found. */
  async encoded(i: number): Promise<{ readonly path: string; readonly bytes: number } | null> {
    const path = await this.path(i);
    if (path === null) return null;
    const { size } = await stat(path);
    return { path, bytes: size };
  }

  /** An image with its edits, size and annotations in a frame. */
  async inFrame(i: number, frame: PixelFrame): Promise<EffectiveImage> {
    const { notes } = this.at(i);
    this.step();
    const image = await this.withMasks(effectiveImage(await this.set.image(this.row(i).index), notes));
    const turn = await this.turnOf(i, frame, image.size);
    if (turn === null) return image;
    const size = sizeInFrame(turn, frame);
    if (turn.orientation === 1 || this.frame === frame) return { ...image, size };
    this.turned.add(i);
    return { ...image, size, annotations: image.annotations.map((one) => inOtherFrame(one, frame, turn)) };
  }

  /** Null where neither the set nor the image tells. */
  async size(i: number, frame: PixelFrame): Promise<Size | null> {
    const { index, width, height } = this.row(i);
    const stated = width > 0 ? { width, height } : (await this.set.image(index)).size;
    const turn = await this.turnOf(i, frame, stated);
    return turn === null ? stated : sizeInFrame(turn, frame);
  }

  /** What became of images that EXIF turns, and of those that could not be linked, for people. */
  told(frame: PixelFrame): readonly string[] {
    const counted = frame === 'stored' ? 'pixels as they are stored' : 'pixels turned as EXIF says';
    const lines: string[] = [];
    if (this.copied > 0) lines.push(`${this.copied} images stand inside files of the set and were copied, not linked.`);
    if (this.turned.size > 0)
      lines.push(`Its readers count in ${counted}: annotations of ${this.turned.size} turned images were mapped.`);
    if (this.unknown.size > 0)
      lines.push(
        `Of ${this.unknown.size} images it is not known whether EXIF turns them: annotations are as they were.`,
      );
    return lines;
  }

  /** Masks that stand in pictures of their own are read out of them; one that cannot be read is told, and left as it is. */
  private async withMasks(image: EffectiveImage): Promise<EffectiveImage> {
    if (image.annotations.every(({ shape }) => shape.kind !== 'maskPicture')) return image;
    const annotations: EffectiveAnnotation[] = [];
    for (const one of image.annotations) {
      const decoded = withDecodedMask(one, ({ source, at, above }) => {
        const place =
          source.kind === 'file' ? { kind: 'file' as const, path: join(this.set.root, source.file) } : source;
        return this.set.source.readMask({ source: place, at, above, size: image.size });
      });
      annotations.push(await decoded.catch((error: unknown) => this.unread(image, one, error)));
    }
    return { ...image, annotations };
  }

  private unread({ file }: EffectiveImage, annotation: EffectiveAnnotation, error: unknown): EffectiveAnnotation {
    if (!UserError.is(error)) throw error;
    this.problems.add(fileProblem(file, `A mask could not be read: ${error.message}`));
    return annotation;
  }

  private get frame(): PixelFrame {
    return this.set.opened().frame;
  }

  /** Null where the set's own numbers hold: nothing is turned, or nothing is known. */
  private async turnOf(i: number, frame: PixelFrame, stated: Size | null): Promise<ImageTurn | null> {
    if (this.frame === 'stored' && frame === 'stored' && stated !== null) return null;
    const path = await this.path(i);
    const header = path === null ? null : await readImageHeader(new FileSource(basename(path), path));
    if (header === null && this.frame !== frame) this.unknown.add(i);
    return header;
  }

  private at(i: number): ChosenImage {
    const chosen = this.chosen[i];
    if (chosen === undefined) throw new RangeError(`no image ${i}`);
    return chosen;
  }

  private row(i: number) {
    return this.at(i).row;
  }

  private freeName(i: number, found: string | null): string {
    const row = this.row(i);
    const own = safeName(row.file, row.index);
    // The set's own files name their images as they did.
    if (this.order.to === 'original') return own;
    // What stands in a table or an archive may be called by its row.
    const name = found === null || isImageName(own) ? own : `${own.replaceAll('#', '-')}${extname(found)}`;
    let free = name;
    while (this.taken.has(this.placeOf(free))) free = `${row.index + 1}-${free.replaceAll('/', '-')}`;
    this.taken.add(this.placeOf(free));
    return `${imageFolder}/${free}`;
  }

  /** What two images cannot share: capitals tell no files apart everywhere, and YOLO's labels are found without an ending. */
  private placeOf(name: string): string {
    return (this.order.to === 'yolo' ? withoutEnding(name) : name).toLowerCase();
  }
}
