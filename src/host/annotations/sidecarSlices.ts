import type { AnnotationRecord } from '../../core/annotation/annotation';
import { UserError } from '../../core/text/userError';
import { NOTES_SLICE, type SidecarFile } from '../../protocol/notes';
import type { NotesBackend } from './traceAnnotations';

/**
 * Records of a sidecar that the data child has read and checked. The next slice is on its way while one is taken in: two
 * processes work at once. Throws `UserError` where the child ended meanwhile: half a sidecar must not pass for one.
 */
export async function* recordsOf(
  backend: NotesBackend,
  { file, path, records }: SidecarFile,
): AsyncIterable<readonly AnnotationRecord[]> {
  const ask = (start: number) => {
    const slice = start < records ? backend.ask('notes/slice', { file, start }) : null;
    // It may fail while nobody waits for it yet, or any more.
    slice?.catch(() => undefined);
    return slice;
  };
  let next = ask(0);
  for (let start = NOTES_SLICE; next !== null; start += NOTES_SLICE) {
    const slice = JSON.parse(await next) as readonly AnnotationRecord[];
    if (slice.length === 0) throw new UserError(`${path} was not read to its end. Try again.`);
    next = ask(start);
    yield slice;
  }
}
