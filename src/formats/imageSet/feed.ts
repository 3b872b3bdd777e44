import type { Problem } from '../../core/text/problem';
import type { ImageSetSink, ReadImage } from './imageSetFormat';
import { recordOrigin } from './recordOrigin';

/** A record that a scan met: an image, or what is wrong with what is none. */
export interface Met {
  readonly read: ReadImage | readonly Problem[];
  /** Bytes of annotation files read for it. */
  readonly bytes: number;
}

/**
 * Hands records to a sink. A second record under one key gets a key of its own, and is told but where `repeats` says that
 * records of one image are usual.
 */
export async function feed(records: AsyncIterable<Met>, sink: ImageSetSink, repeats = false): Promise<void> {
  const keys = new Map<string, number>();
  let bytes = 0;
  for await (const { read, bytes: more } of records) {
    bytes += more;
    if (isRead(read)) {
      for (const problem of read.problems) sink.problem(problem);
      const { image } = read;
      const seen = keys.get(image.key) ?? 0;
      keys.set(image.key, seen + 1);
      if (seen > 0 && !repeats) sink.problem(duplicate(read));
      const key = seen > 0 ? `${image.key}#${seen + 1}` : image.key;
      sink.image({ ...image, key, origin: recordOrigin(read.attributes) }, read.annotations, read.questions);
    } else for (const problem of read) sink.problem(problem);
    await sink.progress(bytes);
  }
}

export function isRead(read: ReadImage | readonly Problem[]): read is ReadImage {
  return !Array.isArray(read);
}

function duplicate({ image }: ReadImage): Problem {
  const { file, line } = image.place;
  const message = `The image "${image.key}" is stated a second time`;
  return { severity: 'warning', file, line, element: null, field: null, message };
}
