import type { Box, Size } from '../core/geometry/box';
import type { FrameChoice, FrameField } from '../core/geometry/frame';
import { findFrame } from '../core/geometry/frameChoice';
import { toOriginal } from '../core/geometry/frameMap';
import { UserError } from '../core/text/userError';
import type { Rollout } from '../core/trajectory/rollout';
import type { ToolRulesId } from '../core/trajectory/tools/toolRules';
import type { ImageState } from '../protocol/data';

/** A box in pixels of the original image, or why there is none. */
export interface OriginalBox {
  readonly box: Box | null;
  readonly boxReason?: string;
}

/** What turns raw boxes into original pixels: the frames in force and the image, as far as they are known. */
export interface BoxContext {
  readonly frames: readonly FrameChoice[];
  /** Id of the trace's format: it may tell which tool cut the crops. */
  readonly format: string;
  /** Rules that the user chose for calls; null where nobody did. */
  readonly tool: ToolRulesId | null;
  /** Rules that the run's config names. */
  readonly configTool: ToolRulesId | null;
  readonly image: ImageState;
  /** A sentence when the size is not to be had. */
  readonly size: Size | string;
}

export function originalBox(raw: Box, rollout: Rollout, field: FrameField, context: BoxContext): OriginalBox {
  const { spec, reason } = findFrame(context.frames, rollout.dataSource, field);
  if (spec === null) return { box: null, boxReason: `The frame is unknown. ${reason}` };
  if (spec.kind === 'original') return { box: raw };
  if (typeof context.size === 'string') return { box: null, boxReason: context.size };
  try {
    return { box: toOriginal(raw, spec, context.size, rollout) };
  } catch (error) {
    if (UserError.is(error)) return { box: null, boxReason: error.message };
    throw error;
  }
}
