import type { Box } from '../core/geometry/box';
import type { ModelInfo, SegmentAnswer, SegmentRequest } from './segment';

/** An image as an editor's page names it: the host knows which file it is. */
export interface CanvasImage {
  /** Number of the image in its editor: of a group in a trace, of an image in a set. */
  readonly image: number;
  /** Part of it that the model sees, stored pixels; null for all of it. */
  readonly crop: Box | null;
  /** As `ModelInfo.id`. */
  readonly model: string;
}

/** A prompt of a canvas; `hover` is a preview and `rerun` a logged click made again, which never take the place of a click. */
export interface CanvasPrompt extends CanvasImage, Pick<SegmentRequest, 'clicks' | 'box' | 'previous'> {
  readonly lane: 'click' | 'hover' | 'rerun';
}

/** Models to choose from. */
export interface ModelChoice {
  /** The built-in ones first. */
  readonly models: readonly ModelInfo[];
  /** Id of the one used last, or of the first built-in one. */
  readonly chosen: string;
  /** Why models of the user's are not among them, in words; null when all are. */
  readonly trouble: string | null;
}

/** A mask, or that the process that makes them is down: only the user starts it again. */
export type SegmentReply = { readonly answer: SegmentAnswer } | { readonly down: string };

/** Segmentation as an editor's host serves it to its page. What the user can mend rejects as the user's error. */
export type CanvasSegmentMethods = {
  'segment/models': (p: Record<never, never>) => ModelChoice;
  /** Lets the user add a model of his own; answers when he is done. */
  'segment/addModel': (p: Record<never, never>) => null;
  /** Kept as the user's setting. */
  'segment/choose': (p: { readonly model: string }) => null;
  /** Of prompts of one page and lane only the newest is answered. */
  'segment/run': (p: CanvasPrompt) => SegmentReply;
  /** Reads an image with a model before the first click; milliseconds it took. */
  'segment/prepare': (p: CanvasImage) => { readonly total: number };
  /** Starts the process that is down. */
  'segment/restart': (p: Record<never, never>) => null;
};

export type CanvasSegmentEvents = {
  /** Which models there are, or which one is used, may have changed. */
  'segment/changed': Record<never, never>;
};
