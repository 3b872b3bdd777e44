import { readFully } from '../../files/fileSource';
import type { OpenFile } from '../../files/traceFolder';
import type { Workers } from '../../scan/wide/workers';
import type { ScanPace } from '../setReader';
import type { CocoList, CocoStretch, CocoTask } from './cocoStretch';
import { StretchReader } from './readStretch';

export interface ListEnd {
  readonly end: number;
  readonly ended: CocoStretch['ended'];
}

/** Reads a list whose first element may stand at `from`; its stretches are handed over in order. */
export type ReadList = (
  list: CocoList,
  from: number,
  take: (stretch: CocoStretch) => void,
  pace: ScanPace,
) => Promise<ListEnd>;

/** Bytes of a stretch: few milliseconds of work, so that requests are answered in between. */
const alone = 512 * 1024;
const wideBytes = 4 * 2 ** 20;
/** Stretches given to each thread at a time. */
const atOnce = 2;
/** The first elements tell what others begin with. */
const sample = 64 * 1024;

/** More was asked for than was read: the stretch is read again with so many bytes. */
class TooFew {
  constructor(readonly bytes: number) {}
}

/** Reads stretch after stretch in this process. */
export function readAlone(file: OpenFile, size: number): ReadList {
  const reader = new StretchReader();
  const read = async (task: Omit<CocoTask, 'kind' | 'location'>): Promise<CocoStretch> => {
    for (let bytes = task.to - task.from + alone; ; ) {
      const there = Buffer.allocUnsafeSlow(Math.max(0, Math.min(bytes, size - task.from)));
      const length = await readFully(file, there, task.from);
      try {
        return reader.read(task, (_, into) => {
          if (into.length > length && length === bytes) throw new TooFew(into.length);
          return there.copy(into, 0, 0, length);
        });
      } catch (error) {
        if (!(error instanceof TooFew)) throw error;
        bytes = error.bytes;
      }
    }
  };
  return async (list, from, take, pace) => {
    for (let at = from; ; ) {
      const stretch = await read({ list, from: at, to: at + alone, mark: null });
      take(stretch);
      await pace(stretch.end);
      if (stretch.ended !== 'no') return stretch;
      at = stretch.end;
    }
  };
}

/**
 * Reads with threads. Nobody knows where elements begin in the middle of a list: a thread takes what looks like the first
 * ones did, and what it made of its stretch counts only when the stretch before ends exactly there.
 */
export function readWide(
  file: OpenFile,
  size: number,
  location: string,
  workers: Pick<Workers, 'run' | 'count'>,
  wide = wideBytes,
): ReadList {
  const run = (task: Omit<CocoTask, 'kind' | 'location'>) => workers.run({ ...task, kind: 'coco', location });
  return async (list, from, take, pace) => {
    const head = await run({ list, from, to: from + Math.min(sample, wide), mark: null });
    take(head);
    const mark = await markOf(head, file);
    if (head.ended !== 'no') return head;
    const flights = new Map<number, Promise<CocoStretch>>();
    const base = head.end;
    const stretchAt = (index: number) => {
      const begin = base + index * wide;
      const speculative = index === 0 ? null : mark;
      return run({ list, from: begin, to: Math.min(size, begin + wide), mark: speculative });
    };
    let last: ListEnd = head;
    for (let index = 0; last.ended === 'no'; index++) {
      for (let ahead = index; ahead < index + (mark === null ? 1 : workers.count * atOnce); ahead++) {
        if (flights.has(ahead) || base + ahead * wide >= size) continue;
        const flight = stretchAt(ahead);
        // Those behind the list's end are never waited for.
        flight.catch(() => undefined);
        flights.set(ahead, flight);
      }
      const flight = flights.get(index);
      flights.delete(index);
      const to = Math.min(size, base + (index + 1) * wide);
      const guessed = await flight;
      // One element may be longer than a stretch.
      if (last.end >= to && to < size) continue;
      const fits = guessed !== undefined && (index === 0 || guessed.first === last.end);
      const stretch = fits ? guessed : await run({ list, from: last.end, to: Math.max(to, last.end + 1), mark: null });
      take(stretch);
      last = stretch;
      await pace(stretch.end);
    }
    return last;
  };
}

/** What threads that ended left is read without them. */
export function eitherWay(wide: ReadList, alone: ReadList, log: (error: unknown) => void): ReadList {
  return async (list, from, take, pace) => {
    let done = from;
    const took = (stretch: CocoStretch) => {
      take(stretch);
      done = stretch.end;
    };
    try {
      return await wide(list, from, took, pace);
    } catch (error) {
      log(error);
      // Rejects at once where the scan was cancelled.
      await pace(done);
      return alone(list, done, take, pace);
    }
  };
}

/** From the last byte of the first element to behind the first key of the second; null where there is no second. */
async function markOf({ count, offsets, lengths }: CocoStretch, file: OpenFile): Promise<Uint8Array | null> {
  if (count < 2) return null;
  const begin = (offsets[0] ?? 0) + (lengths[0] ?? 0) - 1;
  const bytes = Buffer.alloc((offsets[1] ?? 0) - begin + (lengths[1] ?? 0));
  await readFully(file, bytes, begin);
  const key = bytes.indexOf('"', (offsets[1] ?? 0) - begin);
  const keyEnd = key < 0 ? -1 : bytes.indexOf('"', key + 1);
  return keyEnd < 0 ? null : new Uint8Array(bytes.subarray(0, keyEnd + 1));
}
