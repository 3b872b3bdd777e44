import type { Click, Region, Rollout, TextSpan, Turn } from '../core/trajectory/rollout';
import type { GroupAttempt } from '../protocol/data';
import { type BoxContext, originalBox } from './boxContext';
import { regionBox, stepDocument, toolDocument, type Zooms, zoomsOf } from './zooms';

/** The group that a rollout is printed with. */
export interface RolloutGroup {
  /** From 1. */
  readonly number: number;
  readonly key: string;
  /** Absent in a run that went through its step once. */
  readonly attempt?: GroupAttempt;
}

/** One line of `rollouts --json`: the rollout as read, its boxes raw and in original pixels. */
export function rolloutDocument(rollout: Rollout, group: RolloutGroup, context: BoxContext): object {
  const { image, size } = context;
  const zooms = zoomsOf(rollout, context);
  return {
    group: group.number,
    groupKey: group.key,
    row: rollout.row,
    file: rollout.file,
    line: rollout.line,
    element: rollout.element,
    kind: rollout.kind,
    step: rollout.step,
    attempt: group.attempt ?? null,
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
    regions: rollout.regions.map((region) => regionDocument(region, rollout, context, zooms)),
    clicks: rollout.clicks.map((click) => clickDocument(click, rollout, context)),
    tool: toolDocument(zooms),
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
      clicks: action.clicks ?? [],
      intervals: action.intervals ?? [],
      statedIou: action.statedIou ?? null,
      reason: action.reason,
    })),
  };
}

function regionDocument(region: Region, rollout: Rollout, context: BoxContext, zooms: Zooms | null): object {
  return {
    index: region.index,
    label: region.label,
    confidence: region.confidence ?? null,
    turn: region.turn,
    section: region.section,
    field: region.field,
    view: region.view,
    raw: region.written ?? region.box,
    ...regionBox(region, rollout, context, zooms),
    ...stepDocument(zooms?.steps.get(region.index)),
    repairs: region.repairs.map(({ kind, before, after }) => ({ kind, before, after })),
  };
}

function clickDocument(click: Click, rollout: Rollout, context: BoxContext): object {
  const { index, x, y, positive, turn, section, field } = click;
  return { index, turn, section, field, positive, raw: { x, y }, ...clickPoint(click, rollout, context) };
}

/** Where a click of the response lies in pixels of the original image, or why that cannot be told. */
export function clickPoint(
  { x, y, field }: Click,
  rollout: Rollout,
  context: BoxContext,
): { readonly point: { readonly x: number; readonly y: number } | null; readonly pointReason?: string } {
  const { box, boxReason } = originalBox({ x1: x, y1: y, x2: x, y2: y }, rollout, field, context);
  if (box !== null) return { point: { x: box.x1, y: box.y1 } };
  return boxReason === undefined ? { point: null } : { point: null, pointReason: boxReason };
}
