import type { Box, Size } from '../core/geometry/box';
import type { FrameChoice, FrameField } from '../core/geometry/frame';
import { findFrame } from '../core/geometry/frameChoice';
import { toOriginal } from '../core/geometry/frameMap';
import { UserError } from '../core/text/userError';
import type { Region, Rollout, TextSpan, Turn } from '../core/trajectory/rollout';
import type { ImageState } from '../protocol/data';

/** A box in pixels of the original image, or why there is none. */
export interface OriginalBox {
  readonly box: Box | null;
  readonly boxReason?: string;
}

/** What turns raw boxes into original pixels: the frames in force and the image, as far as they are known. */
export interface BoxContext {
  readonly frames: readonly FrameChoice[];
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

/** A region's box; one that counts in a picture that came back has none here. */
export function regionBox(region: Region, rollout: Rollout, context: BoxContext): OriginalBox {
  if (region.view === 0) return originalBox(region.box, rollout, region.field, context);
  return { box: null, boxReason: `The box counts in picture ${region.view} of those that came back.` };
}

/** One line of `rollouts --json`: the rollout as read, its boxes raw and in original pixels. */
export function rolloutDocument(rollout: Rollout, group: { number: number; key: string }, context: BoxContext): object {
  const { image, size } = context;
  return {
    group: group.number,
    groupKey: group.key,
    row: rollout.row,
    file: rollout.file,
    line: rollout.line,
    element: rollout.element,
    kind: rollout.kind,
    step: rollout.step,
    uid: rollout.uid,
    dataSource: rollout.dataSource,
    reward: rollout.reward,
    fields: Object.fromEntries(rollout.fields.map(({ name, value }) => [name, value])),
    badge: rollout.badge,
    image: { ...image, ...(typeof size === 'string' ? {} : { width: size.width, height: size.height }) },
    prompt: rollout.prompt,
    response: rollout.response,
    groundTruth: rollout.groundTruth,
    truthBoxes: rollout.truthBoxes.map(({ box, label }) => ({
      label,
      raw: box,
      ...originalBox(box, rollout, 'groundTruth', context),
    })),
    turns: rollout.turns.map((turn) => turnDocument(turn, rollout)),
    regions: rollout.regions.map((region) => regionDocument(region, rollout, context)),
    repairs: rollout.regions.flatMap((region) =>
      region.repairs.map(({ kind, before, after }) => ({ kind, region: region.index, before, after })),
    ),
    taskBoxes: rollout.taskBoxes,
    cropOutputs: rollout.cropOutputs,
    options: rollout.options,
    observations: rollout.observations ?? [],
    loggedClicks: rollout.loggedClicks ?? [],
    masks: rollout.masks ?? [],
    truthMask: rollout.truthMask ?? null,
  };
}

function turnDocument(turn: Turn, { response }: Rollout): object {
  const text = (span: TextSpan) => response.slice(span.start, span.end);
  return {
    index: turn.index,
    role: turn.role,
    inferred: turn.inferred,
    text: text(turn.span),
    thought: turn.thought === null ? null : text(turn.thought),
    actions: turn.actions.map((action) => ({
      kind: action.kind,
      tool: action.tool,
      text: action.text,
      regions: action.regions,
      reason: action.reason,
    })),
  };
}

function regionDocument(region: Region, rollout: Rollout, context: BoxContext): object {
  return {
    index: region.index,
    label: region.label,
    turn: region.turn,
    section: region.section,
    field: region.field,
    view: region.view,
    raw: region.box,
    ...regionBox(region, rollout, context),
    repairs: region.repairs.map(({ kind, before, after }) => ({ kind, before, after })),
  };
}
