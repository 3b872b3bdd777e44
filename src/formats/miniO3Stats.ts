import type { ByteSource, DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { Field } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import type { Detection, ElementRecord, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { arrayElements, headElements } from './jsonArrays';
import { objectIn } from './jsonLines';
import { folderOf, joined } from './paths';
import { textRollout } from './textRollout';

/**
 * `stats.json` as Mini-o3's validation writes it into `save_traj_dir` (`ray_trainer.py`): an array with an entry a question,
 * `id`, `doc_id`, `input`, `ground_truth`, `data_source`, `pass_at_k` and `rollouts`, each of `output`, `score`, `format_reward`
 * and `acc_reward`. A row a rollout. Special tokens were stripped. Crops and images stand in the trajectory folders beside it,
 * `{doc_id}_{k}`, or `{doc_id}` where a question has one rollout.
 */
export const miniO3Stats: TraceFormat = {
  id: 'mini-o3-stats',
  title: 'Mini-o3 stats.json',
  unit: 'element',
  arrayAt: [],
  stepless: true,
  validates: true,
  frames: {},
  detect,
  read: async (text, place, dir) => {
    const entry = entryIn(text, place);
    return entry.rollouts === null ? entry.refusal : withImage(entry, place.element ?? 0, place, dir);
  },
  readAll: async (text, place, dir) => {
    const entry = entryIn(text, place);
    if (entry.rollouts === null) return [{ ...entry.refusal, element: null }];
    const rows: ElementRecord[] = [];
    for (const element of entry.rollouts.keys())
      rows.push({ ...(await withImage(entry, element, { ...place, element }, dir)), element });
    return rows;
  },
};

const statsName = 'stats.json';
const imageName = 'original_image.jpg';

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const name = file ?? statsName;
  const head = await headElements(dir, name);
  if (head === null) return null;
  const { rows, cut } = head;
  const fits =
    rows.some(isEntry) || (/^\s*\{\s*"id"\s*:\s*\d+\s*,\s*"doc_id"\s*:/.test(cut) && cut.includes('"input":'));
  return fits ? { format: 'mini-o3-stats', files: [name], reason: 'The outcome of a validation of Mini-o3.' } : null;
}

function isEntry({ doc_id, input, rollouts }: JsonObject): boolean {
  const first = Array.isArray(rollouts) ? (rollouts as readonly JsonValue[])[0] : null;
  return doc_id !== undefined && typeof input === 'string' && isObject(first) && typeof first.output === 'string';
}

interface Entry {
  readonly row: JsonObject;
  readonly rollouts: readonly JsonValue[];
}

function entryIn(text: string, place: RecordPlace): Entry | { readonly rollouts: null; readonly refusal: ReadRecord } {
  const line = objectIn(text, place);
  if (line.row === null) return { rollouts: null, refusal: line.refusal };
  const { rollouts } = line.row;
  if (Array.isArray(rollouts) && rollouts.length > 0) return { row: line.row, rollouts };
  const what = Array.isArray(rollouts) ? 'empty' : kindOf(rollouts);
  return {
    rollouts: null,
    refusal: refused(place, `"rollouts" is ${what}; a list of rollouts is expected.`, 'rollouts'),
  };
}

/** The `k`-th rollout, with the image that was saved beside its trajectory. */
async function withImage(entry: Entry, k: number, place: RecordPlace, dir: DirSource): Promise<ReadRecord> {
  const { record, problems } = rolloutOf(entry, k, place);
  const folder = folderName(entry, k);
  if (record === null || record.imageName !== null || folder === null) return { record, problems };
  const image = joined(folder, imageName);
  if ((await dir.open(joined(folderOf(place.file), image))) === null) return { record, problems };
  return { record: { ...record, imageName: image }, problems };
}

function rolloutOf({ row, rollouts }: Entry, k: number, place: RecordPlace): ReadRecord {
  const rollout = rollouts[k];
  if (!isObject(rollout)) return refused(place, `Rollout ${k} is ${kindOf(rollout)}, not an object.`, 'rollouts');
  const { rollouts: _, ...question } = row;
  const columns = new Columns({ ...question, ...rollout }, place);
  const response = columns.text('output');
  if (response === null) return noOutput(rollout, place);
  return textRollout(columns, {
    step: null,
    uid: idOf(columns.take('id')) ?? idOf(columns.peek('doc_id')),
    prompt: columns.text('input') ?? '',
    response,
    groundTruth: columns.take('ground_truth') ?? null,
    reward: columns.number('score'),
  });
}

function noOutput({ output }: JsonObject, place: RecordPlace): ReadRecord {
  return refused(place, `"output" is ${kindOf(output)}, not text.`, 'output');
}

function idOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** Where the trajectory of the `k`-th rollout was saved; null for an id that is no plain name. */
function folderName({ row, rollouts }: Entry, k: number): string | null {
  const id = idOf(row.doc_id);
  if (id === null || !/^[^\\/\0]{1,200}$/.test(id) || id.startsWith('.')) return null;
  return rollouts.length === 1 ? id : `${id}_${k}`;
}

/** What `stats.json` says of one trajectory. */
export interface Outcome {
  readonly reward: number | null;
  readonly dataSource: string | null;
  readonly fields: readonly Field[];
  /** The beginning of its output, to be sure that it is this trajectory's. */
  readonly beginning: string;
}

/** Characters of an output that are compared. */
const compared = 256;
/** Entries of one document that are kept apart: no data set repeats a document more often. */
const claims = 64;
const stats = new WeakMap<DirSource, Map<string, Stats>>();

/**
 * What the `stats.json` of `parent` says of the trajectory in its folder `name`, whose first turn is `said`. Null when there is
 * none, and when no output of that folder begins like the trajectory: it is another run's then. The file is read as far as
 * trajectories ask for it.
 */
export async function outcomeOf(dir: DirSource, parent: string, name: string, said: string): Promise<Outcome | null> {
  const file = joined(parent, statsName);
  const source = await dir.open(file);
  if (source === null) return null;
  const size = await source.size();
  const known = stats.get(dir) ?? new Map<string, Stats>();
  stats.set(dir, known);
  let read = known.get(file);
  // A validation that is run again writes the file anew.
  if (read === undefined || read.size !== size) {
    read = new Stats(source, file, size);
    known.set(file, read);
  }
  return read.find(name, beginningOf(said));
}

/** A `stats.json`, read entry by entry. */
class Stats {
  /** By trajectory folder: a document that stands in the data set twice has two. */
  private readonly outcomes = new Map<string, Outcome[]>();
  private readonly entries: AsyncGenerator<string, void>;
  private reading: Promise<void> | null = null;
  private ended = false;

  constructor(
    source: ByteSource,
    private readonly file: string,
    readonly size: number,
  ) {
    this.entries = arrayElements(source);
  }

  async find(folder: string, said: string): Promise<Outcome | null> {
    for (;;) {
      const found = (this.outcomes.get(folder) ?? []).filter(({ beginning }) => begins(said, beginning));
      // Two that begin alike cannot be told apart.
      if (found.length > 0) return found.length === 1 ? (found[0] ?? null) : null;
      if (this.ended) return null;
      await this.more();
    }
  }

  /** Who asks meanwhile waits for the same entry. */
  private more(): Promise<void> {
    this.reading ??= this.entry().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async entry(): Promise<void> {
    const next = await this.entries.next();
    this.ended = next.done === true;
    const place = { file: this.file, line: 1 };
    const entry = next.done === true ? null : entryIn(next.value, place);
    if (entry === null || entry.rollouts === null) return;
    for (const k of entry.rollouts.keys()) {
      const { record } = rolloutOf(entry, k, place);
      const folder = folderName(entry, k);
      if (record === null || folder === null) continue;
      const { reward, dataSource, response } = record;
      const fields = record.fields.filter(({ name }) => name !== 'doc_id');
      const outcome = { reward, dataSource, fields, beginning: beginningOf(response) };
      const known = this.outcomes.get(folder);
      if (known === undefined) this.outcomes.set(folder, [outcome]);
      else if (known.length < claims) known.push(outcome);
    }
  }
}

/** Chat tokens are kept in trajectories and stripped in `stats.json`. */
function beginningOf(text: string): string {
  return text
    .slice(0, compared * 2)
    .replace(/<\|[a-z_]{1,32}\|>/g, '')
    .trim()
    .slice(0, compared);
}

/** The output goes on behind the first turn, and may have been cut off in it. */
function begins(said: string, output: string): boolean {
  const length = Math.min(said.length, output.length);
  return length > 0 && said.slice(0, length) === output.slice(0, length);
}
