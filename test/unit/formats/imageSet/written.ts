import type { DatasetAnnotation } from '../../../../src/core/dataset/datasetImage';
import type { AnnotationChange } from '../../../../src/core/dataset/edit/annotationChanges';
import type { RepaintMask } from '../../../../src/core/dataset/repaintedMask';
import type { DirSource } from '../../../../src/core/ports';
import type { Problem } from '../../../../src/core/text/problem';
import type { ImageSetFormat } from '../../../../src/formats/imageSet/imageSetFormat';
import type { ImageSetWriter, WrittenFile } from '../../../../src/formats/imageSet/write/imageSetWriter';

export interface Written {
  readonly files: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

export async function textsOf(files: AsyncIterable<WrittenFile>): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for await (const { path, bytes } of files) {
    if (path in texts) throw new Error(`${path} is written twice, which no export takes`);
    const pieces: Uint8Array[] = [];
    for await (const piece of bytes) pieces.push(piece);
    texts[path] = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(pieces));
  }
  return texts;
}

/** Writes a set back with changes by the key of their image. */
export async function written(
  format: Pick<ImageSetFormat, 'detect'>,
  writer: ImageSetWriter,
  dir: DirSource,
  changes: Readonly<Record<string, readonly AnnotationChange[]>> = {},
  keep: ((key: string) => boolean) | null = null,
  repaintMask: RepaintMask = async () => null,
): Promise<Written> {
  const target = { dir, file: null };
  const detection = await format.detect(target);
  if (detection === null) throw new Error('not recognised');
  const problems: Problem[] = [];
  const curation = { changes: new Map(Object.entries(changes)), keep };
  const files = writer.write(target, detection, curation, {
    problem: (problem) => problems.push(problem),
    repaintMask,
  });
  return { files: await textsOf(files), problems };
}

export const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });

/** A box as somebody draws one. */
export function drawn(
  id: string,
  label: string,
  [x1, y1, x2, y2]: readonly [number, number, number, number],
): DatasetAnnotation {
  const own = { x1, y1, x2, y2 };
  const shape = { kind: 'box', box: own } as const;
  return { id, label, shape, box: own, area: null, crowd: false, ignore: false, score: null, attributes: {} };
}
