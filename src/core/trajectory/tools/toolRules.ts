import type { Box, Size } from '../../geometry/box';
import type { FrameSpec, LoggedSizes } from '../../geometry/frame';
import type { Action, Region } from '../rollout';

/** A family of tools whose crops are known to the pixel; `generic` knows none. */
export type ToolRulesId =
  | 'active-o3'
  | 'chain-of-focus'
  | 'deepeyes'
  | 'deepeyes-eval'
  | 'deepeyes-v5'
  | 'ergo'
  | 'generic'
  | 'geovista'
  | 'mini-o3'
  | 'pixel-reasoner'
  | 'saccade'
  | 'verl';

/** A picture as a tool is asked to crop it. */
export interface CroppedView {
  /** 0 the image, i the i-th picture that came back. */
  readonly index: number;
  /** Pixels the tool itself holds and cuts from. */
  readonly held: Size;
  /** Stored pixels of the image; for a later picture those held. */
  readonly stored: Size;
  /** Sizes the row logs; for the image only. */
  readonly logged: LoggedSizes;
}

/** What a tool made of one call. */
export type CropOutcome =
  | {
      readonly kind: 'cropped';
      /** What was cut, in held pixels of the view. It may reach beyond it: PIL fills that with black. */
      readonly box: Box;
      /** Pixels of the picture that came back. */
      readonly size: Size;
    }
  | {
      readonly kind: 'refused';
      /** Continues a sentence about the call. */
      readonly reason: string;
      /** Size of the whole view, where the tool gave that back in place of a crop. */
      readonly whole?: Size;
    };

/** A call of a turn, whether it can be read or not, in the order of the text. */
export interface ToolCall {
  /** Into the turn's actions. */
  readonly index: number;
  readonly action: Action;
  /** None for a call that cannot be read, or that names no box. */
  readonly regions: readonly Region[];
  readonly tag: 'tool_call' | 'zoom' | 'grounding' | 'other';
  /** Whether the closing tag is there. */
  readonly closed: boolean;
}

/** A turn of the policy as tools look at it. */
export interface CallingTurn {
  readonly calls: readonly ToolCall[];
  /** A closed `<answer>` that holds something. */
  readonly answered: boolean;
  /** Only white space stands behind the last call. */
  readonly endsWithCall: boolean;
}

export interface CropRequest {
  /** As written, in the order written. */
  readonly numbers: Box;
  readonly region: Region;
  readonly call: ToolCall;
  readonly view: CroppedView;
  /** Units in which the policy counts in the view. */
  readonly seen: Size;
  /** Crops made before. */
  readonly crops: number;
}

/** The frames that are in force for a rollout's calls and answers; null where nobody knows. */
export interface CallFrames {
  readonly tool: FrameSpec | null;
  readonly prediction: FrameSpec | null;
}

/** How one tool crops, in its own order of checks. Functions that resize throw `UserError` as `modelInputSize` does. */
export interface ToolRules {
  readonly id: ToolRulesId;
  readonly name: string;
  /** File, repository and commit the rules were read from. */
  readonly source: string;
  /** Size in which the tool holds the image. */
  held(image: Size, frames: CallFrames, logged: LoggedSizes): Size;
  /** Units in which the policy means these numbers; null while nobody can tell. */
  seen(numbers: Box, view: CroppedView, frames: CallFrames): Size | null;
  /** Why a call does not run; null for one that does. One for each call of the turn. */
  runs(turn: CallingTurn): readonly (string | null)[];
  /** Called only for calls that run. */
  crop(request: CropRequest): CropOutcome;
  /** Pixels of a picture that came back, of `crop` pixels, where the tool holds it as resized for the model (and may log that). */
  heldLater?(crop: Size): Size;
}
