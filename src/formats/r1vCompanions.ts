import type { DirSource } from '../core/ports';
import type { Field } from '../core/trajectory/rollout';
import { fileName, folderOf, joined } from './paths';
import { CompanionLog, judgedKey } from './r1vCompanionLog';

/** A reward whose log stands beside the log of accuracies, and how its file is named after that. */
interface CompanionKind {
  readonly field: string;
  readonly ending: RegExp;
  /** The name beside `LOG_PATH`. */
  readonly nameFor: (main: string) => string;
  /** VLM-R1's `grpo_jsonl.py` logs the batch's first image and problem beside each completion. */
  readonly ofBatch: boolean;
  /** Whether the reward depends on the solution too, and not on the completion's text alone. */
  readonly bySolution: boolean;
}

/** VLM-R1 replaces `.txt` by some endings and appends the others to it. */
const kinds: readonly CompanionKind[] = [
  {
    field: 'format_reward',
    ending: /_format\.txt$/i,
    nameFor: (main) => main.replace(/\.txt$/i, '_format.txt'),
    ofBatch: false,
    bySolution: false,
  },
  {
    field: 'iou_reward',
    ending: /_iou\.txt$/i,
    nameFor: (main) => main.replace(/\.txt$/i, '_iou.txt'),
    ofBatch: false,
    bySolution: true,
  },
  {
    field: 'cosine_reward',
    ending: /_cosine\.txt$/i,
    nameFor: (main) => `${main}_cosine.txt`,
    ofBatch: true,
    bySolution: true,
  },
  {
    field: 'repetition_reward',
    ending: /_repetition\.txt$/i,
    nameFor: (main) => `${main}_repetition.txt`,
    ofBatch: true,
    bySolution: false,
  },
];

/** The reward that a log of this name is of; null for the log of accuracies itself. */
export function companionKind(file: string): Pick<CompanionKind, 'field' | 'ofBatch'> | null {
  return kinds.find(({ ending }) => ending.test(file)) ?? null;
}

/** The log of accuracies that such a file stands beside, among the names of its folder; null when it is not there. */
export function mainLogOf(file: string, names: ReadonlySet<string>): string | null {
  return (
    [...names].find((main) => companionKind(main) === null && kinds.some((kind) => kind.nameFor(main) === file)) ?? null
  );
}

/** What the logs beside `main` say of one completion. */
export interface Joined {
  readonly fields: readonly Field[];
  /** Why a log was not joined, each said once. */
  readonly troubles: readonly string[];
}

/** What is remembered of a longer log would weigh more than the trace itself. */
const longestLog = 1024 * 1024 * 1024;
/** Rows that find nothing before the files are looked at again: a run may still be writing. */
const patience = 256;

interface Shelf {
  logs: Promise<readonly CompanionLog[]>;
  misses: number;
  readonly told: Set<string>;
}

const shelves = new WeakMap<DirSource, Map<string, Shelf>>();

/**
 * Rewards of the same completion in the logs beside the log of accuracies. A reward depends on the text, and where it does on the
 * solution, so equal ones are one as long as they were judged alike; several verdicts are not joined, since several ranks append
 * to each file and their order is not the same in two of them. The logs are read as far as rows ask for them.
 */
export async function joinedRewards(dir: DirSource, main: string, content: string, solution: string): Promise<Joined> {
  const shelf = await shelfOf(dir, main);
  const fields: Field[] = [];
  const troubles: string[] = [];
  const logs = await shelf.logs;
  let missed = logs.length === 0;
  for (const log of logs) {
    const { field, file, bySolution } = log;
    const tooLong = log.size > longestLog;
    const reward = tooLong ? null : await log.find(judgedKey(content, bySolution ? solution : ''));
    if (reward === 'disputed')
      troubles.push(`${fileName(file)} judges this completion in several ways; it was not joined.`);
    else if (reward !== null) fields.push({ name: field, value: reward });
    else missed = true;
    if (tooLong && !shelf.told.has(file))
      troubles.push(`${fileName(file)} is longer than ${longestLog / 2 ** 20} MiB; it was not joined.`);
    shelf.told.add(file);
  }
  if (missed) shelf.misses++;
  return { fields, troubles };
}

async function shelfOf(dir: DirSource, main: string): Promise<Shelf> {
  const known = shelves.get(dir) ?? new Map<string, Shelf>();
  shelves.set(dir, known);
  let shelf = known.get(main);
  if (shelf === undefined) {
    shelf = { logs: logsBeside(dir, main, []), misses: 0, told: new Set() };
    known.set(main, shelf);
  } else if (shelf.misses >= patience) {
    shelf.misses = 0;
    shelf.logs = logsBeside(dir, main, await shelf.logs);
  }
  return shelf;
}

/** The logs that are there now; those known before go on where they had ended. */
async function logsBeside(
  dir: DirSource,
  main: string,
  before: readonly CompanionLog[],
): Promise<readonly CompanionLog[]> {
  const found: CompanionLog[] = [];
  for (const { field, bySolution, nameFor } of kinds) {
    const file = joined(folderOf(main), nameFor(fileName(main)));
    const source = file === main ? null : await dir.open(file);
    if (source === null) continue;
    const size = await source.size();
    const known = before.find((one) => one.file === file && one.size <= size);
    known?.grow(source, size);
    found.push(known ?? new CompanionLog(source, field, bySolution, size));
  }
  return found;
}
