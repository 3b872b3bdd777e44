import type { Box, Size } from '../geometry/box';
import type { FrameField, LoggedSizes, StatedFrame } from '../geometry/frame';
import type { JsonValue } from '../text/jsonValue';

/** UTF-16 offsets into `Rollout.response`, end exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Where in a turn's text something stands. */
export type Section = 'think' | 'answer' | 'tool' | 'text';

/** A mend the parser made to read an action; raw text, parsed action and mend are all shown. */
export interface Repair {
  readonly kind:
    | 'boxInKey' /* ACTIVE-O3's `fix_bbox_dict_list`: the key itself reads `bbox_2d [x1, y1, x2, y2]` */
    | 'swappedCorners' /* x2 < x1 or y2 < y1, tolerated by the demo's crop */
    | 'truncatedList' /* the list was cut off and was closed at its last whole object */
    | 'pythonLiteral' /* single quotes, True, None … */
    | 'tooManyNumbers' /* more than four numbers where four belong: the first four were taken */;
  readonly span: TextSpan;
  /** The text as written. */
  readonly before: string;
  /** What it was read as. */
  readonly after: string;
}

/** A box a policy named, as it wrote it. */
export interface Region {
  /** 0-based order in the rollout; drawn as `index + 1`. */
  readonly index: number;
  /** The numbers as read, corners ordered, in the pixels of the (data source, field)'s frame. */
  readonly box: Box;
  /** The numbers as they were written; only where `box` differs: corners were swapped, or 999ths became 1000ths. */
  readonly written?: Box;
  /** Visual-RFT's `Confidence`. */
  readonly confidence?: number;
  /**
   * The picture whose pixels the box counts in, as the policy numbers what it has seen: 0 the image, 1 the first picture
   * that came back (`observation_1`, Pixel-Reasoner's `target_image` 2, `img_2`). A box of a later picture has its place on
   * the image only through `zoomChain`.
   */
  readonly view: number;
  readonly label: string | null;
  /** 0-based turn. */
  readonly turn: number;
  readonly span: TextSpan;
  readonly section: Section;
  readonly field: FrameField;
  readonly repairs: readonly Repair[];
}

/**
 * What a turn does. `zoom`: regions to look at (ACTIVE-O3's answer, a zoom tool's call). `answer`: the final answer, with
 * boxes, points or times where it holds some. `click`: points to click on. `tool`: any other call, with the literal boxes
 * of code that crops. `malformed`: the text promised an action that cannot be read.
 */
export interface Action {
  readonly kind: 'zoom' | 'answer' | 'click' | 'tool' | 'malformed';
  /** Span of the action's own text (inside the tags). */
  readonly span: TextSpan;
  readonly text: string;
  /** Present where the text is that of a whole `<answer>`, whatever it could be read as. */
  readonly section?: 'answer';
  /** Indices into `Rollout.regions`. */
  readonly regions: readonly number[];
  /** Indices into `Rollout.clicks`; absent without one. */
  readonly clicks?: readonly number[];
  /** Stretches of a video that an answer names (Omni-R1) or a call asks for (LongVT, FrameThinker); absent without one. */
  readonly intervals?: readonly Interval[];
  /** IoU, 0–100, that SegAgent states of the mask shown before the action (`Current IOU:`); absent without one. */
  readonly statedIou?: number;
  /** Tool name, for `zoom` by tool and `tool`; `code` for code. */
  readonly tool: string | null;
  /** Why it is malformed; null otherwise. */
  readonly reason: string | null;
}

/** A stretch of a video, both ends included; a moment where they are one. */
export interface Interval {
  readonly start: number;
  readonly end: number;
  readonly description: string | null;
  /** What both count: the video's frames from 0 on; seconds where it is absent. */
  readonly unit?: 'frames';
  /** The video as a call names it; absent where it names none. */
  readonly video?: string;
}

/** One turn of a rollout: text of the policy, or what came back to it. */
export interface Turn {
  readonly index: number;
  readonly role: 'assistant' | 'tool' | 'user';
  /** True when the boundary was inferred from a bare role line because special tokens were stripped. */
  readonly inferred: boolean;
  readonly span: TextSpan;
  /** Span of the thought's text; null without one. */
  readonly thought: TextSpan | null;
  readonly actions: readonly Action[];
}

/** A turn whose boundary the log itself states. `span` is an offset pair into the record's `response`. */
export type StatedTurn = Pick<Turn, 'role' | 'span'>;

/** `ok`: every promised action was read. `repaired`: read after a mend. `malformed`: at least one could not be read. */
export type FormatBadge = 'ok' | 'repaired' | 'malformed' | 'none';

/** A point a policy named: a click on a screen, or one on an object for an interactive segmenter. */
export interface Click {
  /** 0-based order in the rollout; drawn as `index + 1`. */
  readonly index: number;
  /** x to the right, y down, in the pixels of the (data source, field)'s frame, whatever order the text wrote them in. */
  readonly x: number;
  readonly y: number;
  /** False for a click that takes away (SegAgent's negative point); null where clicks have no sign. */
  readonly positive: boolean | null;
  /** 0-based turn. */
  readonly turn: number;
  readonly span: TextSpan;
  readonly section: Section;
  readonly field: FrameField;
}

/** A response text, read. All spans are offsets into the text given. */
export interface ParsedResponse {
  readonly turns: readonly Turn[];
  readonly regions: readonly Region[];
  readonly clicks: readonly Click[];
  readonly badge: FormatBadge;
}

/** A logged column: nobody has yet said that it is a reward component. */
export interface Field {
  readonly name: string;
  readonly value: JsonValue;
}

/** A ground-truth box in the pixels of the trace's `groundTruth` frame. */
export interface TruthBox {
  readonly box: Box;
  readonly label: string | null;
}

/** What the task model said about one crop (ACTIVE-O3's `_mid.txt`, `output[i]:`). */
export interface CropOutput {
  /** 0-based region. */
  readonly region: number;
  readonly text: string;
  /** Path of the saved crop relative to the trace's root; null when it is not there. */
  readonly file: string | null;
}

/**
 * Where the bytes of an image that a row holds or names are. `file`: relative to the trace's root. `embedded`: the
 * `index`-th image inside the row's own text, read by the format's `embedded`; `key` tells one such image from another.
 * `blank`: the log replaced the bytes by nothing (DeepEyes' eval), the view is computed from the box. `cell`: the first
 * image of the row's own image column, which a table's rows are read without.
 */
export type LoggedView =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'embedded'; readonly index: number; readonly key?: string }
  | { readonly kind: 'blank' }
  | { readonly kind: 'cell' };

/** An image that came back to the policy: a crop, a screenshot, a frame. */
export interface Observation {
  /** 0-based turn it stands in. */
  readonly turn: number;
  /** As logged: a file name, `observation_1`, `img_2` … */
  readonly name: string;
  readonly view: LoggedView;
  /** Pixels the policy saw, where the log says so. */
  readonly size?: Size;
  /** Of a frame: seconds from the beginning of its video, where the writer fixes them and its name does not tell. */
  readonly time?: number;
}

/** A mask in a rollout's course (SegAgent): the state after a click, or the first one. COCO RLE, column-major. */
export interface LoggedMask {
  /** 0-based click it came from; null for the mask before the first. */
  readonly click: number | null;
  readonly size: readonly [height: number, width: number];
  /** COCO's compressed string. */
  readonly counts: string;
  /** IoU with the ground truth as logged; null when it is not. */
  readonly iou: number | null;
}

/** What a trainer logged for each token of the response (RLLoggingBoard). Arrays run in step; a missing one is null. */
export interface TokenTrack {
  /** Offset of each token into `response`, ascending; a token ends where the next begins. */
  readonly starts: readonly number[];
  readonly rewards: readonly number[] | null;
  readonly logprobs: readonly number[] | null;
  readonly values: readonly number[] | null;
}

/** A label a log holds for one turn: PRM800K's −1, 0, +1; TRL stepwise's true and false as +1 and −1. */
export interface LoggedStepLabel {
  /** 0-based turn. */
  readonly turn: number;
  readonly label: -1 | 0 | 1;
  readonly rationale: string | null;
}

/** One logged row as a format read it, before the response is parsed. */
export interface RolloutRecord extends LoggedSizes {
  /** `sample`: image, question and ground truth without a response (a V* sample). */
  readonly kind: 'rollout' | 'sample';
  readonly step: number | null;
  /** The trainer's own group id; null when it logs none. */
  readonly uid: string | null;
  readonly dataSource: string | null;
  readonly prompt: string;
  readonly response: string;
  /** Turns of `response` in order, where the log holds messages; absent where it holds one text, whose turns are inferred. */
  readonly statedTurns?: readonly StatedTurn[];
  readonly groundTruth: JsonValue;
  readonly truthBoxes: readonly TruthBox[];
  /** The logged total; null when the log has none, NaN when it says so. */
  readonly reward: number | null;
  /** Every other logged column, in file order. */
  readonly fields: readonly Field[];
  /** Image path or name as logged; null when the log names none. */
  readonly imageName: string | null;
  /** Why the logged image may be another row's; absent where the log can be trusted. */
  readonly imageDoubt?: string;
  /** Why the row names none although it had an image, as the beginning of a sentence; absent otherwise. */
  readonly imageTrouble?: string;
  /** Frames the row itself states. */
  readonly statedFrames: Partial<Readonly<Record<FrameField, StatedFrame>>>;
  /** Final boxes of the task model in original pixels, where the log holds them (ACTIVE-O3's `<name>-<object>.json`). */
  readonly taskBoxes: readonly Box[];
  readonly cropOutputs: readonly CropOutput[];
  /** The task model's final answer in words, an option by its own; absent without one. */
  readonly taskAnswer?: string;
  /** Candidate answers, the correct one first where the format says so (V*). */
  readonly options: readonly string[];
  /** The row's own image when its bytes are in the row, or in a file the format knows; before `imageName`. */
  readonly imageView?: LoggedView;
  /** Images that came back during the rollout, in order. */
  readonly observations?: readonly Observation[];
  /** Masks of an interactive segmenter, in order. */
  readonly masks?: readonly LoggedMask[];
  /** The mask to reach (SegAgent's `gt_ann`). */
  readonly truthMask?: LoggedMask;
  readonly tokens?: TokenTrack;
  readonly stepLabels?: readonly LoggedStepLabel[];
  /** The side of a pair in preference data. */
  readonly preference?: 'chosen' | 'rejected';
  /** Clicks the log holds as numbers rather than text (SegAgent's `clicks_list`), in original pixels. */
  readonly loggedClicks?: readonly Pick<Click, 'x' | 'y' | 'positive' | 'turn'>[];
}

/** A row with its place in the trace and its response read. */
export interface Rollout extends RolloutRecord, ParsedResponse {
  /** Ordinal of the row in the trace, 0-based: file order, then line order. */
  readonly row: number;
  /** Relative to the trace's root. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based element of a line that holds several rows; null where it is one row. */
  readonly element: number | null;
}

/** `7.jsonl:12`, or `completions.jsonl:12[3]` for an element of a line, for people. */
export function placeOf({ file, line, element }: Pick<Rollout, 'file' | 'line' | 'element'>): string {
  return `${file}:${line}${element === null ? '' : `[${element}]`}`;
}
