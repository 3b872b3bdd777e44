import type { DatasetAnnotation, DatasetQuestion } from '../../../../src/core/dataset/datasetImage';
import type { Skeleton } from '../../../../src/core/dataset/shape';
import type { DirSource } from '../../../../src/core/ports';
import type { Problem } from '../../../../src/core/text/problem';
import type { ImageSetFormat, ScannedImage } from '../../../../src/formats/imageSet/imageSetFormat';

export interface Scanned {
  readonly labels: readonly string[];
  readonly skeletons: Readonly<Record<string, Skeleton>>;
  readonly images: readonly (ScannedImage & {
    readonly annotations: readonly DatasetAnnotation[];
    readonly questions: readonly DatasetQuestion[];
  })[];
  readonly problems: readonly Problem[];
  readonly bytes: number;
}

/** Recognises a set and scans it as the data child does; null where the format does not claim it. */
export async function scanned(format: ImageSetFormat, dir: DirSource, file: string | null = null): Promise<Scanned> {
  const target = { dir, file };
  const detection = await format.detect(target);
  if (detection === null) throw new Error('not recognised');
  const labels: string[] = [];
  const skeletons: Record<string, Skeleton> = {};
  const images: Scanned['images'][number][] = [];
  const problems: Problem[] = [];
  let bytes = 0;
  await format.scan(target, detection, {
    label: (name, skeleton) => {
      labels.push(name);
      if (skeleton !== undefined) skeletons[name] = skeleton;
    },
    image: (image, annotations, questions) => images.push({ ...image, annotations, questions }),
    problem: (problem) => problems.push(problem),
    progress: async (read) => {
      bytes = read;
    },
  });
  // An image that is looked at later is the same as in the scan.
  for (const { place, annotations, questions } of images) {
    const again = await format.readImage(target, detection, place);
    if (JSON.stringify([again.annotations, again.questions]) !== JSON.stringify([annotations, questions]))
      throw new Error(`read differently again: ${JSON.stringify(place)}`);
  }
  return { labels, skeletons, images, problems, bytes };
}

/** The header of a PNG of a size: all that readers of labels look at. */
export function pngHeader(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

/** A JPEG's first segments: EXIF with an orientation, and the frame header with the stored size. */
export function jpegHeader(width: number, height: number, orientation: number): Uint8Array {
  const exif = [
    0x45,
    0x78,
    0x69,
    0x66,
    0,
    0,
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  const frame = [0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0];
  return new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2, ...exif, ...frame, 0xff, 0xd9]);
}
