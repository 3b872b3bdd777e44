import type { Box } from '../../src/core/geometry/box';
import { parseResponse } from '../../src/core/trajectory/parseResponse';
import type { Observation, Rollout, StatedTurn, TokenTrack } from '../../src/core/trajectory/rollout';
import { random, things } from './fakeRollouts';

/** Rollouts of several turns, in the shapes that zoom tools, clickers, GUI agents and token loggers write. */
export type TurnsKind = 'zoom' | 'clicks' | 'gui' | 'tokens' | 'labels';

type Part = readonly [role: StatedTurn['role'], text: string];

function joined(parts: readonly Part[]): { readonly response: string; readonly statedTurns: readonly StatedTurn[] } {
  const statedTurns: StatedTurn[] = [];
  let response = '';
  for (const [role, text] of parts) {
    if (response !== '') response += '\n';
    statedTurns.push({ role, span: { start: response.length, end: response.length + text.length } });
    response += text;
  }
  return { response, statedTurns };
}

/** What a rollout of this kind has other than a plain one. */
export function turnsOf(kind: TurnsKind, base: Rollout): Rollout {
  switch (kind) {
    case 'tokens':
      return withTokens(base);
    case 'labels':
      return withLabels(base);
    default:
      return base;
  }
}

function withText(base: Rollout, parts: readonly Part[], more: Partial<Rollout> = {}): Rollout {
  const { response, statedTurns } = joined(parts);
  const parsed = parseResponse(response, { dialect: 'generic', turns: statedTurns });
  return { ...base, ...more, response, statedTurns, ...parsed };
}

function withTokens(base: Rollout): Rollout {
  const chance = random(base.row + 3);
  const starts: number[] = [];
  for (let at = 0; at < base.response.length; at += 2 + Math.floor(chance() * 6)) starts.push(at);
  const last = starts.length - 1;
  const tokens: TokenTrack = {
    starts,
    rewards: starts.map((_, i) => (i === last ? 1.2 : chance() < 0.3 ? 0 : (chance() - 0.5) * 0.9)),
    logprobs: starts.map(() => -(chance() ** 4) * 6),
    values: starts.map((_, i) => Math.sin(i / 9) * 0.8),
  };
  return { ...base, tokens };
}

function withLabels(base: Rollout): Rollout {
  const steps: readonly Part[] = [
    ['assistant', 'The beach has kites in three places: left above the people, in the middle, and at the right.'],
    ['assistant', 'The middle one stands at y = 400 of 1500, so it is the highest of the three.'],
    ['assistant', 'Therefore there are four kites and the highest one is the left one.'],
  ];
  return withText(base, steps, {
    stepLabels: [
      { turn: 0, label: 1, rationale: null },
      { turn: 1, label: 0, rationale: 'Right, but it does not help with the count.' },
      { turn: 2, label: -1, rationale: 'Counts one kite too many and contradicts the step before.' },
    ],
    preference: base.row % 2 === 0 ? 'chosen' : 'rejected',
  });
}

/** The part of the scene that an observation of such a rollout shows; null where its bytes were left out. */
export function viewBox(kind: TurnsKind | undefined, observation: Observation | undefined): Box | null {
  if (kind === undefined || observation === undefined || observation.view.kind === 'blank') return null;
  return things[observation.turn % things.length]?.box ?? null;
}
