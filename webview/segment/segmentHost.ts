import type { DrawnMask } from '../../src/core/click/maskAnnotation';
import type { Box, Size } from '../../src/core/geometry/box';
import type { CocoMask } from '../../src/core/mask/cocoMask';
import type { CanvasImage, CanvasPrompt, ModelChoice, SegmentReply } from '../../src/protocol/canvasSegment';

/** An image that masks are drawn on. */
export interface SegmentImage {
  /** Number of the image in its editor, as its host knows it. */
  readonly image: number;
  /** Stored pixels. */
  readonly size: Size;
}

/** The way to models: `CanvasSegmentMethods` of an editor's channel. */
export interface SegmentBackend {
  models(): Promise<ModelChoice>;
  choose(model: string): Promise<unknown>;
  /** Lets the user add one of his own; resolves when he is done. */
  addModel(): Promise<unknown>;
  /** Told when `models` may answer otherwise. */
  onModels(listener: () => void): void;
  run(prompt: CanvasPrompt, signal: AbortSignal): Promise<SegmentReply>;
  prepare(image: CanvasImage, signal: AbortSignal): Promise<unknown>;
  restart(): Promise<unknown>;
  showLog(): void;
}

/** What an editor does with masks. */
export interface SegmentEditor {
  /** A mask was accepted: a new one, or one that was taken up again by its id. */
  accept(mask: DrawnMask, id: string | null): void;
  /** A part of the image that the user has selected, stored pixels; null for none. What the view shows comes after it. */
  crop(): Box | null;
  /** What clicks are measured against; null without a ground truth. */
  truth(): CocoMask | null;
  /** Says a sentence on screen and to screen readers. */
  say(text: string): void;
  /** The same for screen readers alone. */
  speak(text: string): void;
}

/** Whether a call ended because nobody wants its answer any more. */
export type IsCancelled = (error: unknown) => boolean;
