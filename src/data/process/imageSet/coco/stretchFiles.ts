import { closeSync, openSync } from 'node:fs';
import { readFullySync } from '../../scan/wide/readRange';
import type { CocoStretch, CocoTask } from './cocoStretch';
import { StretchReader } from './readStretch';

/** Reads stretches from their files. Only threads may block. */
export class StretchFiles {
  private readonly reader = new StretchReader();

  read(task: CocoTask): CocoStretch {
    const handle = openSync(task.location, 'r');
    try {
      return this.reader.read(task, (from, into) => readFullySync(handle, into, from));
    } finally {
      closeSync(handle);
    }
  }
}
