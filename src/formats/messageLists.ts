import type { JsonValue } from '../core/text/jsonValue';
import { isObject, type JsonObject } from './columns';
import type { FormatFrames, FormatId, OpenTarget, TraceFormat } from './format';
import { imageColumns } from './imageColumns';
import { headElements } from './jsonArrays';
import { headRows } from './jsonLines';
import { messageRowImage, readMessageRow } from './messageRow';
import { messagesIn } from './messages';

/** What sets the writers of message lists apart. */
interface Writer {
  readonly id: FormatId;
  readonly title: string;
  readonly reason: string;
  readonly frames: FormatFrames;
  /** Columns that hold the messages, first match. */
  readonly columns: readonly string[];
  /** Column that holds the total; null where the writer has none. */
  readonly reward: string | null;
  readonly fits: (row: JsonObject) => boolean;
  /** Whether the beginning of a row longer than the head is this writer's. */
  readonly fitsCut: (cut: string) => boolean;
  /** `element`: one JSON array holds the rows. */
  readonly unit: 'line' | 'element';
}

const evalColumns = ['pred_output'] as const;
const messageColumns = ['messages', 'conversations', 'message_list', ...evalColumns] as const;
/** In JSON, where a line break before it is `\\n`. */
const atlasPoint = /(?:\b|\\n)(?:CLICK|LONG_PRESS|DOUBLE_CLICK|RIGHT_CLICK) <point>\[\[/;
/** A judge model's verdict, added to each row in a second pass. */
const verdict = 'acc';

/**
 * DeepEyes' V* evaluation (`eval_vstar.py`): `image`, `question`, `answer`, `pred_ans`, `pred_output`; the judge's copy
 * adds `acc`. Image bytes are taken out of the messages. Crops are cut from the stored image.
 */
export const deepEyesEval = messageFormat({
  unit: 'line',
  id: 'deepeyes-eval',
  title: 'DeepEyes evaluation',
  reason:
    'Lines with "image", "question" and "pred_output", image bytes taken out, as DeepEyes’ evaluation writes them.',
  frames: {
    tool: { spec: { kind: 'original' }, reason: 'DeepEyes’ evaluation cuts the crop out of the stored image.' },
  },
  columns: evalColumns,
  reward: verdict,
  fits: (row) => isEvaluation(row) && hasBlank(row.pred_output, /^data:image\/jpeg;base64,$/),
  fitsCut: (cut) => cut.includes('"pred_output"') && /"data:image\/jpeg;base64,"/.test(cut),
});

/** Chain-of-Focus' V* evaluation: DeepEyes' columns with another stand-in for image bytes; boxes of the resized input. */
export const chainOfFocusEval = messageFormat({
  unit: 'line',
  id: 'chain-of-focus-eval',
  title: 'Chain-of-Focus evaluation',
  reason: 'Lines with "image", "question" and "pred_output", as Chain-of-Focus’ evaluation writes them.',
  // The tool's pixels are those of the resized input, but the resize's minimum is a flag of the run.
  frames: {},
  columns: evalColumns,
  reward: verdict,
  fits: (row) => isEvaluation(row) && hasBlank(row.pred_output, /^data:image\/jpeg;base64,base64_image$/),
  fitsCut: (cut) => cut.includes('"pred_output"') && cut.includes('"data:image/jpeg;base64,base64_image"'),
});

/** GeoVista's inference: `uid`, `image_path`, `pred_output` with paths of saved crops, or `error` and `traceback`. */
export const geoVista = messageFormat({
  unit: 'line',
  id: 'geovista',
  title: 'GeoVista inference',
  reason: 'Lines with "uid", "image_path" and "pred_output", as GeoVista’s inference writes them.',
  frames: {},
  columns: evalColumns,
  // Verdicts go to a file of their own.
  reward: null,
  fits: (row) => row.uid !== undefined && typeof row.image_path === 'string' && messagesIn(row.pred_output) !== null,
  fitsCut: (cut) => ['"uid"', '"image_path"', '"pred_output"'].every((key) => cut.includes(key)),
});

/** What rows of messages about an image have in common, whoever wrote them. */
const anyMessages = {
  frames: {},
  columns: messageColumns,
  reward: null,
  fits: (row) => !isPreference(row) && isAboutImage(row),
  fitsCut: (cut) =>
    /"(?:messages|conversations|message_list|pred_output)"\s*:\s*\[\s*\{\s*"(?:role|from|content|value)"/.test(cut) &&
    !/"(?:chosen|rejected|rejected_response|rejected_messages)"\s*:/.test(cut) &&
    /"images?"|"image_url"|"image_path"|<image>|bbox_2d/.test(cut),
} satisfies Partial<Writer>;

/**
 * OS-Atlas' evaluation data: `id`, `image`, `conversations`, in which the answer is a GUI action in its own words
 * (`CLICK <point>[[x, y]]</point>`), in thousandths of the screenshot.
 */
export const osAtlas = messageFormat({
  ...anyMessages,
  id: 'os-atlas',
  title: 'OS-Atlas actions',
  reason: 'Lines with a screenshot and a GUI action as OS-Atlas writes it.',
  frames: {
    prediction: { spec: { kind: 'relative1000' }, reason: 'OS-Atlas’ points are thousandths of the screenshot.' },
  },
  fits: (row) => isAboutImage(row) && atlasPoint.test(JSON.stringify(row.conversations ?? null)),
  fitsCut: (cut) => anyMessages.fitsCut(cut) && atlasPoint.test(cut),
  unit: 'line',
});

/** Any other row that holds messages about an image: OpenAI's, LLaMA-Factory's (both layouts) and ms-swift's. */
export const messageList = messageFormat({
  ...anyMessages,
  id: 'messages',
  title: 'message list',
  reason: 'Lines with a list of messages about an image.',
  unit: 'line',
});

/** The same rows as one JSON array, as LLaMA-Factory's data sets and Pixel-Reasoner's `message_list` are kept. */
export const messageArray = messageFormat({
  ...anyMessages,
  id: 'messages-json',
  title: 'message list (one JSON array)',
  reason: 'A JSON array of rows with a list of messages about an image.',
  unit: 'element',
});

function messageFormat(writer: Writer): TraceFormat {
  return {
    id: writer.id,
    title: writer.title,
    unit: writer.unit,
    ...(writer.unit === 'element' ? { arrayAt: [] } : {}),
    // A data set asks a question as often as it likes.
    stepless: true,
    frames: writer.frames,
    detect: async ({ dir, file }: OpenTarget) => {
      const heads = writer.unit === 'line' ? headRows : headElements;
      const head = file === null ? null : await heads(dir, file);
      if (file === null || head === null) return null;
      const fits = head.rows.some(writer.fits) || (head.cut !== '' && writer.fitsCut(head.cut));
      return fits ? { format: writer.id, files: [file], reason: writer.reason } : null;
    },
    read: async (text, place) => readMessageRow(text, place, writer),
    embedded: async (text, place, _, index) => messageRowImage(text, place, writer, index),
  };
}

/** V* evaluations name the image and the question beside the messages. */
function isEvaluation(row: JsonObject): boolean {
  return typeof row.image === 'string' && typeof row.question === 'string' && messagesIn(row.pred_output) !== null;
}

function hasBlank(messages: JsonValue | undefined, blank: RegExp): boolean {
  return urlsIn(messagesIn(messages) ?? []).some((url) => blank.test(url));
}

function urlsIn(messages: readonly JsonValue[]): readonly string[] {
  const parts = messages.flatMap((message) => (isObject(message) ? (message.content ?? []) : []));
  return parts.flatMap((part: JsonValue) => {
    const image = isObject(part) ? part.image_url : null;
    const url = isObject(image) ? image.url : image;
    return typeof url === 'string' ? [url] : [];
  });
}

/** Chosen and rejected answers are no rollouts of one policy: another reader's business. */
function isPreference(row: JsonObject): boolean {
  return ['chosen', 'rejected', 'rejected_response', 'rejected_messages'].some((name) => Object.hasOwn(row, name));
}

/** Chats about text are none of Saccade's business. */
function isAboutImage(row: JsonObject): boolean {
  const column = messageColumns.find((name) => messagesIn(row[name]) !== null);
  if (column === undefined) return false;
  const named = imageColumns.some((name) => {
    const value = row[name];
    return Array.isArray(value) ? value.length > 0 : typeof value === 'string' || isObject(value);
  });
  return named || /<image>|"image_url"|"type":"image"|bbox_2d/.test(JSON.stringify(row[column]));
}
