import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { Click, LoggedMask, RolloutRecord, StatedTurn } from '../core/trajectory/rollout';
import { cocoMask } from './cocoRle';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import { documentsIn } from './filesNamed';
import type { Detection, FormatFrames, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { objectIn } from './jsonLines';
import { fileName } from './paths';

/** SegAgent rounds what the policy writes to pixels of the stored image before it clicks. */
export const segAgentFrames: FormatFrames = {
  prediction: { spec: { kind: 'relative1000' }, reason: 'SegAgent’s policy writes points and boxes in 0–1000.' },
  groundTruth: { spec: { kind: 'original' }, reason: 'SegAgent’s boxes and masks are pixels of the stored image.' },
};

/**
 * Traces that SegAgent's simulated annotator records (`isegm/inference/evaluation.py`, `--record_trace`):
 * `{info, data: [{image_name, height, width, gt_ann, clicks_list}]}`, an element an object. A click's `coor` is (row, column), its
 * `mask`, `box`, `area` and `iou` are the state after it. The annotator says nothing: the response is empty, with a turn a click.
 */
export const segAgent: TraceFormat = {
  id: 'segagent',
  title: 'SegAgent trace',
  unit: 'element',
  arrayAt: ['data'],
  stepless: true,
  frames: segAgentFrames,
  detect,
  read: async (text, place) => read(text, place),
};

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const fits = (one: string) => isTrace(dir, one);
  const files = file === null ? await documentsIn(dir, '', fits) : (await fits(file)) ? [file] : [];
  return files.length === 0
    ? null
    : { format: 'segagent', files, reason: 'Clicks that SegAgent’s annotator recorded.' };
}

async function isTrace(dir: DirSource, file: string): Promise<boolean> {
  const source = file.endsWith('.json') ? await dir.open(file) : null;
  const text = source === null ? '' : ((await readHead(source))?.text ?? '');
  return /^\s*\{/.test(text) && ['"data"', '"image_name"', '"gt_ann"'].every((key) => text.includes(`${key}:`));
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const columns = new Columns(line.row, place);
  const logged = columns.take('clicks_list');
  if (!Array.isArray(logged))
    return refused(place, `"clicks_list" is ${kindOf(logged)}; a list of clicks is expected.`, 'clicks_list');
  const truth = truthIn(columns);
  const clicks: LoggedClick[] = [];
  const masks: LoggedMask[] = [];
  const steps = stepsOf(columns, 'clicks_list', logged);
  steps.forEach((item, i) => {
    const click = isObject(item) ? clickIn(item.coor, item.is_positive, i) : null;
    if (click === null) noteStep(columns, 'clicks_list', `element ${i} is no click at [row, column]; it was left out`);
    if (click === null || !isObject(item)) return;
    const mask = maskIn(
      columns,
      'clicks_list',
      `the mask of click ${i + 1}`,
      item.mask,
      clicks.length,
      numberIn(item.iou),
    );
    if (mask !== null) masks.push(mask);
    clicks.push({ ...click, turn: clicks.length });
  });
  const height = columns.integer('height');
  const width = columns.integer('width');
  const { prompt, imageName, trouble } = namesIn(columns, truth.caption, place);
  return {
    record: {
      kind: 'rollout',
      step: null,
      uid: null,
      dataSource: null,
      prompt,
      response: '',
      statedTurns: clicks.map((): StatedTurn => ({ role: 'assistant', span: { start: 0, end: 0 } })),
      groundTruth: truth.logged,
      truthBoxes: truth.boxes,
      reward: null,
      imageName,
      ...(trouble === null ? {} : { imageTrouble: trouble }),
      loggedImageSize: height !== null && width !== null && height > 0 && width > 0 ? { width, height } : null,
      inputSize: null,
      statedFrames: {},
      fields: [...truth.fields, ...columns.rest(), { name: 'clicks_list', value: steps.map(withoutMask) }],
      taskBoxes: [],
      cropOutputs: [],
      options: [],
      loggedClicks: clicks,
      masks,
      ...(truth.mask === null ? {} : { truthMask: truth.mask }),
    },
    problems: columns.problems,
  };
}

/** A row with more is broken throughout; its first troubles tell how. */
const troublesTold = 20;
/** SegAgent's annotator stops after 20 clicks: what is longer is no trace of it. */
const longestCourse = 1000;

/** The steps of a row as far as they are read, with a note where there are more. */
export function stepsOf(columns: Columns, column: string, list: readonly JsonValue[]): readonly JsonValue[] {
  if (list.length > longestCourse)
    columns.note('warning', column, `holds ${list.length} steps; the first ${longestCourse} are read`);
  return list.slice(0, longestCourse);
}

/** A note about a step, unless enough is said already. */
export function noteStep(columns: Columns, column: string, what: string): void {
  if (columns.problems.length < troublesTold) columns.note('warning', column, what);
}

export type LoggedClick = Pick<Click, 'x' | 'y' | 'positive' | 'turn'>;

/** SegAgent's (row, column) as x and y; null when the value is no such pair. */
export function clickIn(at: JsonValue | undefined, positive: JsonValue | undefined, turn: number): LoggedClick | null {
  const [row, column] = Array.isArray(at) ? (at as readonly JsonValue[]) : [];
  if (typeof row !== 'number' || typeof column !== 'number' || !Number.isFinite(row + column)) return null;
  return { x: column, y: row, positive: typeof positive === 'boolean' ? positive : null, turn };
}

/** A mask of a row; null with a note about `what` where it cannot be drawn. */
export function maskIn(
  columns: Columns,
  column: string,
  what: string,
  value: JsonValue | undefined,
  click: number | null,
  iou: number | null,
): LoggedMask | null {
  const mask = cocoMask(value);
  if (typeof mask !== 'string') return { click, ...mask, iou };
  noteStep(columns, column, `${what} ${mask}; it was left out`);
  return null;
}

export function numberIn(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

type Truth = Pick<RolloutRecord, 'fields'> & {
  readonly logged: JsonValue;
  readonly boxes: RolloutRecord['truthBoxes'];
  readonly mask: LoggedMask | null;
  readonly caption: readonly string[];
};

/** `gt_ann`: the object's own mask, its box as x, y, width and height, and what it is called. */
function truthIn(columns: Columns): Truth {
  const logged = columns.take('gt_ann') ?? null;
  if (!isObject(logged)) {
    columns.note('warning', 'gt_ann', `is ${kindOf(logged)}, not an object`);
    return { logged: null, boxes: [], mask: null, caption: [], fields: [] };
  }
  const { segmentation, bbox, caption, ...rest } = logged;
  const captions = (Array.isArray(caption) ? caption : [caption]).filter((one) => typeof one === 'string');
  const numbers = (Array.isArray(bbox) ? bbox : []).filter((n): n is number => Number.isFinite(n));
  const [x, y, width, height] = numbers;
  const whole =
    numbers.length === 4 && x !== undefined && y !== undefined && width !== undefined && height !== undefined;
  if (!whole) columns.note('warning', 'gt_ann', 'has no "bbox" [x, y, width, height]');
  const label = captions[0] ?? null;
  return {
    logged: { ...rest, caption: caption ?? null, bbox: bbox ?? null },
    boxes: whole ? [{ box: { x1: x, y1: y, x2: x + width, y2: y + height }, label }] : [],
    mask: maskIn(columns, 'gt_ann', 'the mask', segmentation, null, null),
    caption: captions,
    fields: Object.entries(rest).map(([name, value]) => ({ name, value })),
  };
}

/**
 * What the object is called, and its image by the rules of SegAgent's own loader (`refcocog_eval.py`): a number is an image of
 * COCO's or of SAIAPR's, by the data set in the file's name, and a name without an ending is a JPEG.
 */
function namesIn(
  columns: Columns,
  captions: readonly string[],
  { file }: RecordPlace,
): { readonly prompt: string; readonly imageName: string | null; readonly trouble: string | null } {
  const named = columns.take('image_name');
  const known = captions[0] === 'Unknown' ? [] : captions;
  const image = (imageName: string | null, trouble: string | null = null) => ({
    prompt: known.join('\n'),
    imageName,
    trouble,
  });
  if (typeof named === 'string' && named !== '') return image(named.includes('.') ? named : `${named}.jpg`);
  if (typeof named !== 'number' || !Number.isSafeInteger(named) || named < 0) {
    columns.note('warning', 'image_name', `is ${kindOf(named)}, neither a name nor an image’s number`);
    return image(null);
  }
  const dataSet = fileName(file).toLowerCase();
  if (dataSet.includes('refclef'))
    return image(`saiapr_tc-12/${String(Math.floor(named / 1000)).padStart(2, '0')}/images/${named}.jpg`);
  if (dataSet.includes('refcoco')) return image(`COCO_train2014_${String(named).padStart(12, '0')}.jpg`);
  return image(null, `Image ${named} is of a data set that the file’s name does not tell`);
}

/** A click as logged without its mask, which is long and drawn. */
function withoutMask(click: JsonValue): JsonValue {
  if (!isObject(click)) return click;
  const { mask: _, ...rest }: JsonObject = click;
  return rest;
}
