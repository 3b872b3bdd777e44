import { parentPort } from 'node:worker_threads';
import type { CocoStretch } from '../../imageSet/coco/cocoStretch';
import { StretchFiles } from '../../imageSet/coco/stretchFiles';
import { measureRows } from './measureRows';
import { SegmentReader } from './readSegment';
import type { MeasuredRows, ScanTask, SegmentRows } from './segment';

/** What a thread says of the task it was given: one answer each, in their order. */
export type WorkerAnswer =
  | { readonly result: ThreadResult }
  /** What the file system or a bug said. */
  | { readonly error: string };

type ThreadResult = SegmentRows | MeasuredRows | CocoStretch | null;

/** A thread of the data child that reads stretches of large logs. */
function main(): void {
  const port = parentPort;
  if (port === null) throw new Error('this file runs as a thread of the data process');
  const reader = new SegmentReader();
  const stretches = new StretchFiles();
  const work = (task: ScanTask): ThreadResult => {
    if (task.kind === 'segment') return reader.read(task);
    return task.kind === 'coco' ? stretches.read(task) : measureRows(task);
  };
  port.on('message', (task: ScanTask) => {
    const answer = answerOf(() => work(task));
    port.postMessage(answer, 'result' in answer ? buffersOf(answer.result) : []);
  });
}

function answerOf(work: () => ThreadResult): WorkerAnswer {
  try {
    return { result: work() };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Memory of the arrays, which goes to the other thread instead of being copied. */
function buffersOf(result: object | null): ArrayBuffer[] {
  return Object.values(result ?? {}).flatMap((value) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  );
}

main();
