import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PolicyRollout } from '../../core/policy/policyRollout';
import { UserError } from '../../core/text/userError';
import { policyTraceMark } from '../../formats/policyTrace';
import { policyTraceLine } from '../../formats/policyTraceLine';

const newline = 10;
const piece = 1 << 20;

/**
 * Appends rollouts to a trace in one write, and waits until they are on disk. Answers the 1-based line of the first. Throws a
 * `UserError` for a file that is something else: nothing is ever appended to a log that another program wrote.
 */
export async function appendTrace(path: string, rollouts: readonly PolicyRollout[]): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: nothing can be appended (${error.code ?? error.message})`);
  });
  try {
    const head = Buffer.alloc(64);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead > 0 && !head.toString('latin1', 0, bytesRead).includes(policyTraceMark))
      throw new UserError(`${path}: is no trace of Saccade’s own policies; choose another file.`);
    const { lines, whole } = await countLines(file);
    // A line that was cut off by a crash stays one line of its own.
    const text = rollouts.map((rollout) => `${policyTraceLine(rollout)}\n`).join('');
    await file.appendFile(whole ? text : `\n${text}`);
    await file.sync();
    return lines + 1;
  } finally {
    await file.close();
  }
}

/** Lines of a file, the last without its end too, and whether it ends with one. */
async function countLines(
  file: Awaited<ReturnType<typeof open>>,
): Promise<{ readonly lines: number; readonly whole: boolean }> {
  const buffer = Buffer.alloc(piece);
  let lines = 0;
  let last = newline;
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, piece, at);
    if (bytesRead === 0) break;
    for (let i = buffer.indexOf(newline); i >= 0 && i < bytesRead; i = buffer.indexOf(newline, i + 1)) lines++;
    last = buffer[bytesRead - 1] ?? newline;
    at += bytesRead;
  }
  return { lines: last === newline ? lines : lines + 1, whole: last === newline };
}
