import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { Field } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, refused } from './columns';
import type { Detection, ElementRecord, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headRows, objectIn } from './jsonLines';
import { leafPaths } from './messageGraph';
import { readConversation } from './messages';
import { counted, joined } from './paths';
import { embeddedBytes, rowImages } from './rowImages';
import { idText, spokenRow } from './spokenRow';

/**
 * `traces.jsonl` of verifiers v1, and of prime-rl below `rollouts/step_<N>/{train,eval}/{all,effective}/`: one episode a
 * line with `task`, `group`, `run` and its `traces`. A trace is a graph of messages, each `nodes[i]` naming its `parent`;
 * every path from a root to a leaf is a row. Its total is what verifiers reports: the sum of `score · weight` over
 * `rewards`, those that are null left out; scores are fields. A trace without rewards has no total.
 */
export const verifiersTraces: TraceFormat = {
  id: 'verifiers-traces',
  title: 'verifiers traces',
  unit: 'line',
  stepless: true,
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
  readAll: async (text, place) => readAll(text, place),
  embedded: async (text, place, _dir, index) => {
    const line = objectIn(text, place);
    const path = line.row === null ? undefined : pathsOf(line.row)[place.element ?? 0];
    if (path === undefined) return null;
    return embeddedBytes(rowImages(new Columns({}, place), readConversation(path.messages).slots), index);
  },
};

const fileName = 'traces.jsonl';
const stepFolder = /^step_(\d{1,15})$/;
/** Of a step's folders, the first that is there: effective rollouts are among all, and validation is not training. */
const trainFolders = ['train/all', 'train/effective'] as const;
const maxPaths = 4096;

interface TracePath {
  readonly trace: JsonObject;
  readonly messages: readonly JsonValue[];
  /** 0-based leaf of the trace. */
  readonly branch: number;
}

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const files = file === null ? await tracesIn(dir) : [file];
  for (const name of files.slice(0, 3)) {
    const head = await headRows(dir, name);
    if (head === null) continue;
    const cut = /"traces"\s*:\s*\[|"task"\s*:\s*\{\s*"type"/.test(head.cut) && /^\s*\{\s*"id"\s*:/.test(head.cut);
    if (!(cut || head.rows.some(isEpisode))) continue;
    return {
      format: 'verifiers-traces',
      files,
      reason: `${counted(files.length, 'file')} of episodes as verifiers writes them.`,
    };
  }
  return null;
}

/** The folder's own file, or those of prime-rl's training steps, by step. */
async function tracesIn(dir: DirSource): Promise<readonly string[]> {
  const entries = await dir.list('');
  if (entries.some(({ kind, name }) => kind === 'file' && name === fileName)) return [fileName];
  const steps = entries.filter(({ kind, name }) => kind === 'directory' && stepFolder.test(name));
  const found: string[] = [];
  for (const { name } of steps.sort((a, b) => (stepIn(a.name) ?? 0) - (stepIn(b.name) ?? 0)))
    for (const folder of trainFolders) {
      const path = joined(joined(name, folder), fileName);
      if ((await dir.open(path)) === null) continue;
      found.push(path);
      break;
    }
  return found;
}

function isEpisode(row: JsonObject): boolean {
  return isObject(row.task) && Array.isArray(row.traces) && Object.hasOwn(row, 'id');
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const path = pathsOf(line.row)[place.element ?? 0];
  return path === undefined ? refused(place, whyNone(line.row), 'traces') : readPath(line.row, path, place);
}

function readAll(text: string, place: RecordPlace): readonly ElementRecord[] {
  const line = objectIn(text, place);
  if (line.row === null) return [{ ...line.refusal, element: null }];
  const { row } = line;
  const paths = pathsOf(row);
  if (paths.length === 0) return [{ ...refused(place, whyNone(row), 'traces'), element: null }];
  return paths.map((path, element) => ({ ...readPath(row, path, { ...place, element }), element }));
}

/** An episode that failed before any message has no row to show. */
function whyNone({ errors }: JsonObject): string {
  const last = Array.isArray(errors) ? errors.at(-1) : null;
  const message = isObject(last) && typeof last.message === 'string' ? `: ${last.message.slice(0, 500)}` : '';
  return `The episode holds no trace with messages${message}.`;
}

function pathsOf({ traces }: JsonObject): readonly TracePath[] {
  const list = Array.isArray(traces) ? traces.filter(isObject) : [];
  const paths = list.flatMap((trace) =>
    leafPaths(trace.nodes).map((nodes, branch) => ({
      trace,
      branch,
      messages: nodes.map((node) => node.message ?? null),
    })),
  );
  return paths.slice(0, maxPaths);
}

function readPath(episode: JsonObject, { trace, messages, branch }: TracePath, place: RecordPlace): ReadRecord {
  const columns = new Columns({}, place);
  const task = isObject(trace.task) ? trace.task : isObject(episode.task) ? episode.task : {};
  const data = isObject(task.data) ? task.data : {};
  const agent = isObject(trace.agent) && typeof trace.agent.name === 'string' ? trace.agent.name : null;
  const rewards = rewardsIn(trace.rewards);
  const group = isObject(episode.group) ? idText(episode.group.id) : null;
  return spokenRow(columns, readConversation(messages), {
    column: 'nodes',
    step: stepOf(episode, place.file),
    uid: scoped(group ?? idText(task.key) ?? idText(task.hash), agent),
    groundTruth: data.answer ?? null,
    reward: rewards.total,
    fields: [
      ...rewards.fields,
      ...entriesOf(trace.metrics),
      ...(branch > 0 ? [{ name: 'branch', value: branch }] : []),
      ...['stop_condition', 'is_completed', 'ok'].flatMap((name) => {
        const value = trace[name];
        return value === undefined || value === null ? [] : [{ name, value }];
      }),
      ...(agent === null ? [] : [{ name: 'agent', value: agent }]),
    ],
  });
}

/** Agents of one episode answer different prompts. */
function scoped(group: string | null, agent: string | null): string | null {
  return group === null || agent === null ? group : `${group} ${agent}`;
}

function rewardsIn(rewards: JsonValue | undefined): {
  readonly total: number | null;
  readonly fields: readonly Field[];
} {
  let total: number | null = null;
  const fields: Field[] = [];
  for (const [name, reward] of isObject(rewards) ? Object.entries(rewards) : []) {
    const score = isObject(reward) ? (reward.score ?? null) : reward;
    const weight = isObject(reward) && typeof reward.weight === 'number' ? reward.weight : 1;
    fields.push({ name, value: score });
    if (weight !== 1) fields.push({ name: `${name}.weight`, value: weight });
    if (typeof score === 'number') total = (total ?? 0) + score * weight;
  }
  return { total, fields };
}

function entriesOf(value: JsonValue | undefined): readonly Field[] {
  return isObject(value) ? Object.entries(value).map(([name, one]) => ({ name, value: one })) : [];
}

/** The episode's own step, else the folder's. */
function stepOf({ run }: JsonObject, file: string): number | null {
  const work = isObject(run) ? run.work : null;
  const step = isObject(work) ? work.step : null;
  if (typeof step === 'number' && Number.isSafeInteger(step)) return step;
  for (const part of file.split('/')) if (stepFolder.test(part)) return stepIn(part);
  return null;
}

function stepIn(folder: string): number | null {
  const digits = stepFolder.exec(folder)?.[1];
  return digits === undefined ? null : Number(digits);
}
