import { type ZoomChain, type ZoomStep, zoomChain } from '../core/geometry/zoomChain';
import type { Region, Rollout } from '../core/trajectory/rollout';
import { type RulesChoice, toolRulesOf } from '../core/trajectory/tools/chooseRules';
import { type BoxContext, type OriginalBox, originalBox } from './boxContext';

/** What the tool made of a rollout's calls. */
export interface Zooms {
  readonly choice: RulesChoice;
  readonly chain: ZoomChain;
  /** By region. */
  readonly steps: ReadonlyMap<number, ZoomStep>;
}

/** Null where the image's size is not to be had, or nothing was called. */
export function zoomsOf(rollout: Rollout, { frames, format, tool, configTool, size }: BoxContext): Zooms | null {
  if (typeof size === 'string') return null;
  const choice = toolRulesOf(rollout, format, tool, configTool);
  const chain = zoomChain(rollout, size, frames, choice.rules);
  if (chain.steps.length === 0) return null;
  return { choice, chain, steps: new Map(chain.steps.map((step) => [step.region, step])) };
}

/** A region's box in the frame in force; through its crops where it counts in one. */
export function regionBox(region: Region, rollout: Rollout, context: BoxContext, zooms: Zooms | null): OriginalBox {
  if (region.view === 0) return originalBox(region.box, rollout, region.field, context);
  const step = zooms?.steps.get(region.index);
  const box = step?.meant ?? null;
  if (box !== null) return { box };
  const unknown = typeof context.size === 'string' ? context.size : 'The crop in which the box counts is not known.';
  return { box, boxReason: step !== undefined && step.status.kind !== 'executed' ? step.status.reason : unknown };
}

/** What a region's call came to; nothing for a region that is no call. */
export function stepDocument(step: ZoomStep | undefined): object {
  if (step === undefined) return {};
  const { executed, meant, status, result } = step;
  const reason = status.kind === 'executed' ? {} : { statusReason: status.reason };
  return { executed, meant, status: status.kind, ...reason, result };
}

/** The rules by which calls were replayed, and the pictures that came back, in pixels of the original. */
export function toolDocument(zooms: Zooms | null): object | null {
  if (zooms === null) return null;
  const { choice, chain } = zooms;
  const { rules, origin, reason } = choice;
  return { rules: rules.id, source: rules.source, origin, reason, views: chain.views };
}

/** What to say of a call behind its box: why it gave no crop, or the pixels cut where they are others. */
export function stepText(step: ZoomStep | undefined, corners: (box: OriginalBox['box'] & object) => string): string {
  if (step === undefined) return '';
  const { status, executed, meant } = step;
  if (status.kind !== 'executed') return `  ${status.reason}`;
  if (executed === null || (meant !== null && corners(executed) === corners(meant))) return '';
  return `  cut ${corners(executed)}`;
}
