import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { LoggedMask, StatedTurn } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import { documentsIn } from './filesNamed';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headElements } from './jsonArrays';
import { objectIn } from './jsonLines';
import { clickIn, type LoggedClick, maskIn, noteStep, segAgentFrames, stepsOf } from './segAgent';

/**
 * What SegAgent's evaluation of a policy writes (`refcocog_eval.py`, `{dataset}_newresults_….json`): an array with an element an
 * expression, `img_path`, `height`, `width`, `qas`, `caption`, `gt_mask`, `outputs` and `pred_list`, in which each step has `click_id`,
 * `clicks` (`is_positive`, `coords` as (row, column), or [] for a box that was given), `used_box`, `mask` and `outputs`. The text that
 * ended the episode (`Finish`, or one that could not be read) is the row's `outputs` alone.
 */
export const segAgentPredictions: TraceFormat = {
  id: 'segagent-predictions',
  title: 'SegAgent predictions',
  unit: 'element',
  arrayAt: [],
  stepless: true,
  frames: segAgentFrames,
  detect,
  read: async (text, place) => read(text, place),
};

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const fits = (one: string) => arePredictions(dir, one);
  const files = file === null ? await documentsIn(dir, '', fits) : (await fits(file)) ? [file] : [];
  return files.length === 0 ? null : { format: 'segagent-predictions', files, reason: 'Predictions of SegAgent.' };
}

async function arePredictions(dir: DirSource, file: string): Promise<boolean> {
  const head = await headElements(dir, file);
  if (head === null) return false;
  const { rows, cut } = head;
  return (
    rows.some((row) => typeof row.img_path === 'string' && Array.isArray(row.pred_list) && row.gt_mask !== undefined) ||
    (/^\s*\{\s*"img_path"\s*:/.test(cut) && cut.includes('"gt_mask":'))
  );
}

/** What a row's steps come to. */
interface Steps {
  response: string;
  readonly turns: StatedTurn[];
  readonly clicks: LoggedClick[];
  readonly masks: LoggedMask[];
  readonly boxes: JsonValue[];
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const columns = new Columns(line.row, place);
  const list = columns.take('pred_list');
  if (!Array.isArray(list)) return refused(place, `"pred_list" is ${kindOf(list)}; a list is expected.`, 'pred_list');
  const steps = stepsIn(list, columns);
  const last = columns.text('outputs');
  if (last !== null && last !== lastText(steps)) say(steps, last);
  const height = columns.integer('height');
  const width = columns.integer('width');
  const truth = columns.take('gt_mask');
  const truthMask = truth === undefined ? null : maskIn(columns, 'gt_mask', 'the mask', truth, null, null);
  for (const drawn of ['masks', 'annotation']) columns.take(drawn);
  return {
    record: {
      kind: 'rollout',
      step: null,
      uid: null,
      dataSource: null,
      prompt: promptIn(columns),
      response: steps.response,
      statedTurns: steps.turns,
      // An object is told from another of its image by its mask alone.
      groundTruth: truthMask === null ? null : { size: truthMask.size, counts: truthMask.counts },
      truthBoxes: [],
      reward: null,
      imageName: columns.text('img_path'),
      loggedImageSize: height !== null && width !== null && height > 0 && width > 0 ? { width, height } : null,
      inputSize: null,
      statedFrames: {},
      fields: [...columns.rest(), { name: 'used_box', value: steps.boxes }],
      taskBoxes: [],
      cropOutputs: [],
      options: [],
      loggedClicks: steps.clicks,
      masks: steps.masks,
      ...(truthMask === null ? {} : { truthMask }),
    },
    problems: columns.problems,
  };
}

/** What was asked, with the expression behind it: the log leaves its place in the template as it is. */
function promptIn(columns: Columns): string {
  const asked = columns.take('qas') ?? [];
  const caption = columns.peek('caption') ?? [];
  const questions = (Array.isArray(asked) ? asked : []).map((qa: JsonValue) => (isObject(qa) ? qa.value : null));
  const named = Array.isArray(caption) ? caption : [caption];
  return [...questions, ...named].filter((part) => typeof part === 'string').join('\n');
}

function stepsIn(list: readonly JsonValue[], columns: Columns): Steps {
  const steps: Steps = { response: '', turns: [], clicks: [], masks: [], boxes: [] };
  for (const [i, item] of stepsOf(columns, 'pred_list', list).entries()) {
    if (!isObject(item)) noteStep(columns, 'pred_list', `element ${i} is ${kindOf(item)}; it was left out`);
    else addStep(item, i, steps, columns);
  }
  return steps;
}

function addStep(item: JsonObject, i: number, steps: Steps, columns: Columns): void {
  const { clicks, outputs, mask, used_box } = item;
  if (typeof outputs === 'string') say(steps, outputs);
  const turn = Math.max(0, steps.turns.length - 1);
  const click = isObject(clicks) ? clickIn(clicks.coords, clicks.is_positive, turn) : null;
  if (click === null && isObject(clicks)) noteStep(columns, 'pred_list', `element ${i} has no click at [row, column]`);
  const drawn = maskIn(
    columns,
    'pred_list',
    `the mask of element ${i}`,
    mask,
    click === null ? null : steps.clicks.length,
    null,
  );
  if (drawn !== null) steps.masks.push(drawn);
  if (click !== null) steps.clicks.push(click);
  steps.boxes.push(used_box ?? null);
}

function say(steps: Steps, text: string): void {
  if (steps.turns.length > 0) steps.response += '\n';
  const start = steps.response.length;
  steps.response += text;
  steps.turns.push({ role: 'assistant', span: { start, end: steps.response.length } });
}

function lastText({ response, turns }: Steps): string | null {
  const last = turns.at(-1);
  return last === undefined ? null : response.slice(last.span.start, last.span.end);
}
