import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Ending of a sidecar, behind the log's whole name: `7.jsonl.saccade`. */
const ending = '.saccade';
/** UTF-16 units of a log's name that a sidecar elsewhere is told by; file systems take 255 bytes. */
const longestName = 60;

/** Absolute path of the sidecar beside a log. */
export function sidecarBeside(log: string): string {
  return `${log}${ending}`;
}

/** Absolute path of a log's sidecar in a folder that holds those of other logs too: equal names are told apart by their paths. */
export async function sidecarIn(place: string, log: string): Promise<string> {
  const path = await realpath(log).catch(() => log);
  const mark = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return join(place, `${basename(log).slice(0, longestName)}-${mark}${ending}`);
}
