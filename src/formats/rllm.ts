import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { parseTolerantJson } from '../core/text/tolerantJson';
import type { Field } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import { withoutEmbedded } from './embedded';
import type { Detection, ElementRecord, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { messagesIn, readConversation } from './messages';
import { counted, fileName, joined } from './paths';
import { embeddedBytes, rowImages } from './rowImages';
import { idText, spokenRow } from './spokenRow';

/**
 * Episodes of rLLM, one a file. Training: `episodes/{train|val}_step_<S>_epoch_<E>/episode_hash<h>_id<task:rollout>.json`
 * (`training_step`, `episode_id`, `task`, `is_correct`, `trajectories`). Evaluation: `episodes/episode_<i>_<task>.json`
 * (`id`, `task`, `trajectories`, `eval_idx`). A trajectory is a row; where its steps do not go on from one another each
 * step's messages follow. Its reward is the total, rewards of steps are fields (`reward of step 2`).
 */
export const rllmEpisodes: TraceFormat = {
  id: 'rllm-episodes',
  title: 'rLLM episodes',
  unit: 'document',
  acrossFiles: true,
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
  readAll: async (text, place) => readAll(text, place),
  embedded: async (text, place, _dir, index) => {
    const trajectory = trajectoriesIn(episodeIn(text))[place.element ?? 0];
    if (trajectory === undefined) return null;
    return embeddedBytes(rowImages(new Columns({}, place), readConversation(messagesOf(trajectory)).slots), index);
  },
};

const episodeFile = /^episode_(?:hash[0-9a-f]{1,64}_id.{1,200}|\d{6,12}_.{1,200})\.json$/;
const stepFolder = /^(train|val)_step_(\d{1,15})_epoch_\d{1,9}$/;
const filesTried = 3;
const maxTrajectories = 4096;
/** Steps whose rewards are told one by one. */
const stepsTold = 64;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file !== null && !episodeFile.test(fileName(file))) return null;
  const files = file === null ? await episodesIn(dir) : [file];
  for (const name of files.slice(0, filesTried)) {
    const source = await dir.open(name);
    const head = source === null ? null : await readHead(source);
    if (head === null || !isEpisodeHead(head.text)) continue;
    return { format: 'rllm-episodes', files, reason: `${counted(files.length, 'episode')} of rLLM.` };
  }
  return null;
}

function isEpisodeHead(text: string): boolean {
  if (/^\s*\{\s*"training_step"\s*:/.test(text)) return /"episode_id"\s*:/.test(text);
  return /^\s*\{\s*"id"\s*:/.test(text) && /"task"\s*:/.test(text);
}

/**
 * Episodes of a folder, of the training steps in it, or of its `episodes`, by step. Validation never mixes with training:
 * it is a trace of its own, opened by its folder.
 */
async function episodesIn(dir: DirSource): Promise<readonly string[]> {
  for (const folder of ['', 'episodes']) {
    const entries = await dir.list(folder);
    const own = entries.filter(({ kind, name }) => kind === 'file' && episodeFile.test(name));
    if (own.length > 0) return own.map(({ name }) => joined(folder, name));
    const steps = entries
      .filter(({ kind, name }) => kind === 'directory' && stepFolder.exec(name)?.[1] === 'train')
      .sort((a, b) => stepOf(a.name) - stepOf(b.name));
    const found: string[] = [];
    for (const { name } of steps)
      for (const entry of await dir.list(joined(folder, name)))
        if (entry.kind === 'file' && episodeFile.test(entry.name)) found.push(joined(joined(folder, name), entry.name));
    if (found.length > 0) return found;
  }
  return [];
}

function stepOf(folder: string): number {
  return Number(stepFolder.exec(folder)?.[2] ?? 0);
}

function episodeIn(text: string): JsonValue {
  try {
    return parseTolerantJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function trajectoriesIn(episode: JsonValue): readonly JsonObject[] {
  const list = isObject(episode) ? episode.trajectories : null;
  return Array.isArray(list) ? list.filter(isObject).slice(0, maxTrajectories) : [];
}

function read(text: string, place: RecordPlace): ReadRecord {
  const all = readAll(text, place);
  return all[place.element ?? 0] ?? refused(place, 'The episode has no such trajectory.', 'trajectories');
}

function readAll(text: string, place: RecordPlace): readonly ElementRecord[] {
  const episode = episodeIn(text);
  if (!isObject(episode))
    return [{ ...refused(place, 'The episode is no object of JSON, or is cut off.'), element: null }];
  const trajectories = trajectoriesIn(episode);
  if (trajectories.length === 0) {
    const what = `"trajectories" is ${kindOf(episode.trajectories)}; an episode needs at least one.`;
    return [{ ...refused(place, what, 'trajectories'), element: null }];
  }
  return trajectories.map((trajectory, i) => {
    const element = trajectories.length === 1 ? null : i;
    const at = element === null ? place : { ...place, element };
    return { ...readTrajectory(episode, trajectory, at), element };
  });
}

function readTrajectory(episode: JsonObject, trajectory: JsonObject, place: RecordPlace): ReadRecord {
  const columns = new Columns({}, place);
  const task = isObject(episode.task) ? episode.task : {};
  const { metadata } = task;
  const name = typeof trajectory.name === 'string' ? trajectory.name : null;
  const messages = messagesOf(trajectory);
  if (messages.length === 0) return refused(place, 'No step of the trajectory holds messages.', 'trajectories');
  const { reward } = trajectory;
  const step = episode.training_step;
  return spokenRow(columns, readConversation(messages), {
    column: 'chat_completions',
    step: typeof step === 'number' && Number.isSafeInteger(step) ? step : null,
    uid: groupOf(episode, name),
    groundTruth: task.ground_truth ?? task.answer ?? (isObject(metadata) ? (metadata.answer ?? null) : null),
    reward: typeof reward === 'number' ? reward : null,
    fields: [
      ...['is_correct', 'termination_reason', 'epoch'].flatMap((key) => {
        const value = episode[key];
        return value === undefined || value === null ? [] : [{ name: key, value }];
      }),
      ...(name === null ? [] : [{ name: 'trajectory', value: name }]),
      ...[trajectory.signals, episode.metrics].flatMap((values) =>
        isObject(values)
          ? Object.entries(values).map(([key, value]) => ({ name: key, value: withoutEmbedded(value) }))
          : [],
      ),
      ...stepRewards(trajectory),
    ],
  });
}

/** `task:rollout`, without the rollout; several agents of an episode answer different prompts. */
function groupOf(episode: JsonObject, name: string | null): string | null {
  const id = idText(episode.episode_id) ?? idText(episode.id);
  if (id === null) return null;
  const group = id.replace(/:\d+$/, '');
  return name === null ? group : `${group} ${name}`;
}

function stepsOf({ steps }: JsonObject): readonly JsonObject[] {
  return Array.isArray(steps) ? steps.filter(isObject) : [];
}

/**
 * The steps' messages as one conversation. `chat_completions` of a step usually begin with all of the step before; where
 * they do not (a new context), what they add is appended whole.
 */
function messagesOf(trajectory: JsonObject): readonly JsonValue[] {
  const all: JsonValue[] = [];
  const known: string[] = [];
  for (const step of stepsOf(trajectory)) {
    const list = messagesIn(step.chat_completions) ?? spokenStep(step);
    const texts = list.map((message) => JSON.stringify(message));
    const goesOn = known.every((text, i) => text === texts[i]);
    for (const [i, message] of list.entries()) {
      if (goesOn && i < known.length) continue;
      all.push(message);
    }
    if (goesOn) known.push(...texts.slice(known.length));
    else known.splice(0, known.length, ...texts);
  }
  return all;
}

/** A step without messages: what was observed, and what the model answered. */
function spokenStep({ observation, input, model_response: response, output }: JsonObject): readonly JsonValue[] {
  const asked = [observation, input].find((one) => typeof one === 'string' && one !== '');
  const said = [response, output].find((one) => typeof one === 'string' && one !== '');
  return [
    ...(asked === undefined ? [] : [{ role: 'user', content: asked }]),
    ...(said === undefined ? [] : [{ role: 'assistant', content: said }]),
  ];
}

function stepRewards(trajectory: JsonObject): readonly Field[] {
  const steps = stepsOf(trajectory);
  if (steps.length < 2) return [];
  return steps
    .slice(0, stepsTold)
    .flatMap(({ reward }, i) =>
      typeof reward === 'number' ? [{ name: `reward of step ${i + 1}`, value: reward }] : [],
    );
}
