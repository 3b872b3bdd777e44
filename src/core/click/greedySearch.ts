import type { MaskClick } from './annotator';

/** SegAgent's settings: 7 steps of 1 for referring expressions, 11 steps of 3 for high resolution. */
export interface SearchRules {
  readonly steps: number;
  /** Actions sampled a step (K). */
  readonly candidates: number;
}

/** What a policy would do with a mask: click, or stop. */
export type SearchAction = { readonly kind: 'click'; readonly click: MaskClick } | { readonly kind: 'finish' };

/** A mask that the search came to, with the click that made it. */
export interface SearchState<Mask> {
  readonly mask: Mask;
  /** Null for the mask it began with. */
  readonly click: MaskClick | null;
  /** IoU with what is meant, 0–1, as the process reward model says of this mask; null where it says nothing. */
  readonly score: number | null;
}

/** What the search asks others: the policy, the segmenter, and the process reward model. */
export interface SearchPorts<Mask> {
  /** Up to `count` sampled actions in this state; rubbish is left out. */
  propose(state: SearchState<Mask>, count: number, signal: AbortSignal): Promise<readonly SearchAction[]>;
  /** The mask after a click on this state. */
  apply(state: SearchState<Mask>, click: MaskClick, signal: AbortSignal): Promise<Mask>;
  score(mask: Mask, signal: AbortSignal): Promise<number | null>;
}

export interface SearchResult<Mask> {
  /** The way that was gone, the mask it began with first. */
  readonly path: readonly SearchState<Mask>[];
  /** Place in `path` of the best scored state; of equals the first. */
  readonly best: number;
  /** `finished`: the policy stopped; `stuck`: it named no click that can be made; `spent`: all steps were taken. */
  readonly end: 'finished' | 'stuck' | 'spent';
}

/**
 * Greedy search that a process reward model guides (SegAgent, arXiv 2503.08625, algorithm 2): each step samples K actions, applies each,
 * and goes on with the mask that the model scores highest; in the end the best state of the way is returned, not the last. A mask without
 * a score is gone to only where none has one. *Finish* ends the search when every sampled action says so.
 */
export async function greedySearch<Mask>(
  start: Mask,
  { steps, candidates }: SearchRules,
  ports: SearchPorts<Mask>,
  signal: AbortSignal,
): Promise<SearchResult<Mask>> {
  let state: SearchState<Mask> = { mask: start, click: null, score: await ports.score(start, signal) };
  const path = [state];
  let end: SearchResult<Mask>['end'] = 'spent';
  for (let step = 0; step < steps; step++) {
    if (signal.aborted) throw new Error('cancelled');
    const actions = await ports.propose(state, candidates, signal);
    const clicks = actions.flatMap((action) => (action.kind === 'click' ? [action.click] : []));
    const next = await bestNext(state, clicks.slice(0, candidates), ports, signal);
    if (next === null) {
      end = actions.length > 0 ? 'finished' : 'stuck';
      break;
    }
    state = next;
    path.push(state);
  }
  return { path, best: bestState(path), end };
}

/** Null without a click. */
async function bestNext<Mask>(
  state: SearchState<Mask>,
  clicks: readonly MaskClick[],
  ports: SearchPorts<Mask>,
  signal: AbortSignal,
): Promise<SearchState<Mask> | null> {
  const found: SearchState<Mask>[] = [];
  // One after the other: the segmenter runs one call at a time anyway.
  for (const click of clicks) {
    const mask = await ports.apply(state, click, signal);
    found.push({ mask, click, score: await ports.score(mask, signal) });
  }
  return found[bestState(found)] ?? null;
}

function bestState(states: readonly { readonly score: number | null }[]): number {
  let best = 0;
  for (const [i, { score }] of states.entries())
    if (score !== null && score > (states[best]?.score ?? Number.NEGATIVE_INFINITY)) best = i;
  return best;
}
