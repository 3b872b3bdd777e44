import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { parseTolerantJson } from '../core/text/tolerantJson';
import type { Field, RolloutRecord, StatedTurn } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { counted } from './paths';

/**
 * An episode of GUI-Odyssey (`data/annotations/*.json`): `task_info.instruction`, and `steps[]` with `screenshot` (a name in
 * `data/screenshots`), `action`, `info`, `intention`, `low_level_instruction`, `sam2_bbox`. A step is a turn with its
 * screenshot; the first is the episode's image. Actions are written out in OS-Atlas' words (`CLICK <point>[[x, y]]</point>`),
 * so that clicks are read like any policy's. All coordinates are thousandths of the screenshot.
 */
export const guiOdyssey: TraceFormat = {
  id: 'gui-odyssey',
  title: 'GUI-Odyssey episode',
  unit: 'document',
  stepless: true,
  frames: {
    prediction: { spec: { kind: 'relative1000' }, reason: 'GUI-Odyssey normalises all coordinates to [0, 1000].' },
  },
  detect,
  read: async (text, place) => read(text, place),
};

const filesTried = 3;
const annotations = 'annotations';
/** An episode has some tens of steps. */
const maxSteps = 10_000;
/** Keys that hold a phone's button where a click has a point. */
const buttons = /^KEY_[A-Z]{1,20}$/;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file !== null && !file.endsWith('.json')) return null;
  const files = file === null ? await episodesIn(dir) : [file];
  for (const name of files.slice(0, filesTried)) {
    const source = await dir.open(name);
    const head = source === null ? null : await readHead(source);
    if (head === null || !/^\s*\{\s*"episode_id"\s*:/.test(head.text)) continue;
    if (!['"device_info"', '"task_info"', '"steps"'].every((key) => head.text.includes(key))) continue;
    return { format: 'gui-odyssey', files, reason: `${counted(files.length, 'episode')} of GUI-Odyssey.` };
  }
  return null;
}

/** Episodes of the folder, or of the `annotations` in it. */
async function episodesIn(dir: DirSource): Promise<readonly string[]> {
  for (const folder of ['', annotations]) {
    const entries = await dir.list(folder);
    const files = entries.filter(({ kind, name }) => kind === 'file' && name.endsWith('.json'));
    if (files.length > 0) return files.map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
  }
  return [];
}

function read(text: string, place: RecordPlace): ReadRecord {
  const episode = parsed(text);
  if (!isObject(episode)) return refused(place, 'The file holds no object of JSON, or is cut off.');
  const { steps } = episode;
  if (!Array.isArray(steps) || steps.length === 0)
    return refused(place, `"steps" is ${kindOf(steps)}; an episode has a list of them.`, 'steps');
  const columns = new Columns(episode, place);
  columns.take('steps');
  const task = columns.take('task_info');
  const list = steps.slice(0, maxSteps).map((step: JsonValue) => (isObject(step) ? step : {}));
  const { response, turns } = laidOut(list, columns);
  const screens = list.map(({ screenshot }) => (typeof screenshot === 'string' ? screenFile(screenshot) : null));
  const [first = null] = screens;
  const record: RolloutRecord = {
    kind: 'rollout',
    step: null,
    uid: typeof episode.episode_id === 'string' ? columns.text('episode_id') : null,
    dataSource: null,
    prompt: instructionIn(task),
    response,
    statedTurns: turns,
    groundTruth: null,
    truthBoxes: [],
    reward: null,
    fields: [...fieldsOf(task), ...boxesOf(list), ...columns.rest()],
    imageName: first,
    loggedImageSize: null,
    inputSize: null,
    statedFrames: {},
    taskBoxes: [],
    cropOutputs: [],
    options: [],
    observations: screens.flatMap((path, turn) =>
      path === null ? [] : [{ turn, name: `screen ${turn + 1}`, view: { kind: 'file', path } as const }],
    ),
  };
  return { record, problems: columns.problems };
}

/** Beside `annotations`. */
function screenFile(name: string): string {
  return name.includes('/') ? name : `screenshots/${name}`;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseTolerantJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function instructionIn(task: JsonValue | undefined): string {
  const words = isObject(task) ? (task.instruction ?? task.task) : null;
  return typeof words === 'string' ? words : '';
}

function fieldsOf(task: JsonValue | undefined): readonly Field[] {
  if (!isObject(task)) return [];
  return Object.entries(task).flatMap(([name, value]) => (name === 'instruction' ? [] : [{ name, value }]));
}

/** What SAM 2 found under each click; each counts in its own screenshot. */
function boxesOf(steps: readonly JsonObject[]): readonly Field[] {
  const boxes = steps.map(({ sam2_bbox: box }) => (Array.isArray(box) && box.length > 0 ? box : null));
  return boxes.every((box) => box === null) ? [] : [{ name: 'sam2_bbox', value: boxes }];
}

function laidOut(steps: readonly JsonObject[], columns: Columns) {
  let response = '';
  const turns = steps.map((step, i): StatedTurn => {
    const action = actionText(step);
    if (action === null) columns.note('warning', 'steps', `element ${i} has no action that can be read`, i);
    const { intention, low_level_instruction: instruction } = step;
    const said = [
      typeof intention === 'string' && intention !== '' ? `<think>${intention}</think>` : '',
      typeof instruction === 'string' ? instruction : '',
      action ?? '',
    ];
    const text = said.filter((part) => part !== '').join('\n');
    response = i === 0 ? text : `${response}\n${text}`;
    return { role: 'assistant', span: { start: response.length - text.length, end: response.length } };
  });
  return { response, turns };
}

/** The action in OS-Atlas' words; null for what is none. */
function actionText({ action, info }: JsonObject): string | null {
  if (typeof action !== 'string') return null;
  if (typeof info === 'string')
    return info === '' ? action : buttons.test(info) ? `${action} ${info}` : `${action} [${info}]`;
  const points = Array.isArray(info) ? info.map(pointText) : [];
  if (points.length === 0 || points.includes(null)) return null;
  // The ends of a scroll are no clicks.
  if (points.length > 1) return `${action} ${points.join(' to ')}`;
  return `${action} <point>[${points[0]}]</point>`;
}

function pointText(point: JsonValue): string | null {
  const [x, y] = Array.isArray(point) ? point : [];
  return typeof x === 'number' && typeof y === 'number' ? `[${x}, ${y}]` : null;
}
