import type { ByteSource, DirSource } from '../core/ports';
import type { Field } from '../core/trajectory/rollout';
import { fileName, folderOf, joined } from './paths';
import { pythonNumber } from './pythonNumber';
import { readEntries, rewardText } from './r1vEntries';
import { type Judged, readFormatBody } from './r1vFormat';
import { headerIn, holdsHeader } from './r1vHeader';

/** A reward whose log stands beside the log of accuracies, and how its file is named after that. */
interface CompanionKind {
  readonly field: string;
  readonly ending: RegExp;
  /** The name beside `LOG_PATH`. */
  readonly nameFor: (main: string) => string;
  /** VLM-R1's `grpo_jsonl.py` logs the batch's first image and problem beside each completion. */
  readonly ofBatch: boolean;
}

/** VLM-R1 replaces `.txt` by some endings and appends the others to it. */
const kinds: readonly CompanionKind[] = [
  {
    field: 'format_reward',
    ending: /_format\.txt$/i,
    nameFor: (main) => main.replace(/\.txt$/i, '_format.txt'),
    ofBatch: false,
  },
  {
    field: 'iou_reward',
    ending: /_iou\.txt$/i,
    nameFor: (main) => main.replace(/\.txt$/i, '_iou.txt'),
    ofBatch: false,
  },
  { field: 'cosine_reward', ending: /_cosine\.txt$/i, nameFor: (main) => `${main}_cosine.txt`, ofBatch: true },
  {
    field: 'repetition_reward',
    ending: /_repetition\.txt$/i,
    nameFor: (main) => `${main}_repetition.txt`,
    ofBatch: true,
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
  /** Why a log was not joined, for the first row that asks. */
  readonly troubles: readonly string[];
}

/** A longer log is not held beside the rows. */
const companionBytes = 128 * 1024 * 1024;
const pieceBytes = 4 * 1024 * 1024;
/** Rows that find nothing before the files are looked at again: a run may still be writing. */
const patience = 256;

interface Companion {
  readonly field: string;
  readonly file: string;
  readonly size: number;
  /** Reward by the text's key. */
  readonly rewards: ReadonlyMap<number, number>;
  /** Keys of texts that were judged differently. */
  readonly disputed: ReadonlySet<number>;
  /** Why it holds nothing; null when it was read. */
  readonly trouble: string | null;
}

interface Shelf {
  companions: Promise<readonly Companion[]>;
  misses: number;
  told: boolean;
}

const shelves = new WeakMap<DirSource, Map<string, Shelf>>();

/**
 * Rewards of the same completion in the logs beside the log of accuracies. Rewards of these logs depend on the text, so equal
 * texts are one as long as they were judged alike; a text with several verdicts is not joined, since several ranks append to
 * each file and their order is not the same in two of them.
 */
export async function joinedRewards(dir: DirSource, main: string, content: string): Promise<Joined> {
  const shelf = await shelfOf(dir, main);
  const fields: Field[] = [];
  const troubles: string[] = [];
  const key = textKey(content);
  let missed = false;
  for (const { field, file, rewards, disputed, trouble } of await shelf.companions) {
    const reward = rewards.get(key);
    if (trouble !== null && !shelf.told) troubles.push(trouble);
    if (disputed.has(key))
      troubles.push(`${fileName(file)} judges this completion in several ways; it was not joined.`);
    else if (reward !== undefined) fields.push({ name: field, value: reward });
    else missed = true;
  }
  shelf.told = true;
  if (missed || (await shelf.companions).length === 0) shelf.misses++;
  return { fields, troubles };
}

async function shelfOf(dir: DirSource, main: string): Promise<Shelf> {
  const known = shelves.get(dir) ?? new Map<string, Shelf>();
  shelves.set(dir, known);
  let shelf = known.get(main);
  if (shelf === undefined) {
    shelf = { companions: readCompanions(dir, main, []), misses: 0, told: false };
    known.set(main, shelf);
  } else if (shelf.misses >= patience) {
    shelf.misses = 0;
    shelf.companions = readCompanions(dir, main, await shelf.companions);
  }
  return shelf;
}

async function readCompanions(
  dir: DirSource,
  main: string,
  before: readonly Companion[],
): Promise<readonly Companion[]> {
  const found: Companion[] = [];
  for (const { field, nameFor } of kinds) {
    const file = joined(folderOf(main), nameFor(fileName(main)));
    const source = file === main ? null : await dir.open(file);
    if (source === null) continue;
    const size = await source.size();
    const same = before.find((one) => one.file === file && one.size === size);
    found.push(same ?? (await readCompanion(source, field, size)));
  }
  return found;
}

async function readCompanion(source: ByteSource, field: string, size: number): Promise<Companion> {
  const file = source.path;
  const rewards = new Map<number, number>();
  const disputed = new Set<number>();
  const found = { field, file, size, rewards, disputed };
  if (size > companionBytes)
    return {
      ...found,
      trouble: `${fileName(file)} is longer than ${companionBytes / 2 ** 20} MiB; it was not joined.`,
    };
  for await (const record of records(source)) {
    for (const { content, reward } of judgedIn(record, field)) {
      const key = textKey(content);
      const other = rewards.get(key);
      if (other !== undefined && !Object.is(other, reward)) disputed.add(key);
      rewards.set(key, reward);
    }
  }
  return { ...found, trouble: null };
}

/** Records of a log as texts that begin with their header. */
async function* records(source: ByteSource): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8');
  const size = await source.size();
  let open = '';
  for (let at = 0; at < size; at += pieceBytes) {
    const text = open + decoder.decode(await source.read(at, pieceBytes), { stream: true });
    const starts = [...text.matchAll(/^-{12,13} ?\d\d-\d\d-\d\d-\d\d-\d{6} /gm)].map(({ index }) => index);
    for (const [i, start] of starts.slice(0, -1).entries()) yield text.slice(start, starts[i + 1]);
    open = text.slice(starts.at(-1) ?? 0);
  }
  yield open;
}

/** Completions of a record with their rewards; none of one that several ranks wrote into. */
function judgedIn(record: string, field: string): readonly Judged[] {
  const end = record.indexOf('\n');
  const found = headerIn(record.slice(0, Math.max(0, end)));
  if (found === null || holdsHeader(record)) return [];
  const body = record.slice(end + 1);
  if (field === 'format_reward') return /^Format reward/i.test(found.label) ? readFormatBody(body).judged : [];
  const entries = /accuracy reward/i.test(found.label) ? readEntries(body) : '';
  if (typeof entries === 'string') return [];
  const reward = pythonNumber(rewardText(entries, found.label));
  return reward === null ? [] : [{ content: entries.content, reward }];
}

/** 53 bits of two FNV-1a hashes over UTF-16 units: a million texts meet by chance once in ten thousand runs. */
function textKey(text: string): number {
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x5bd1e995);
  }
  return (first >>> 0) * 2 ** 21 + (second >>> 11);
}
