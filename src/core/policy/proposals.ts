import type { Box } from '../geometry/box';
import type { PolicyRollout } from './policyRollout';

/** A box that might become an annotation. */
export interface ProposedBox {
  readonly box: Box;
  /** What was found there; null for a region, which is only worth a look. */
  readonly label: string | null;
}

/** More are nobody's to look through. */
const mostProposals = 200;

/**
 * What rollouts on one image propose to annotate: what the task model found, then the regions that the policy chose, each box once.
 * Stored pixels.
 */
export function proposalsOf(
  rollouts: readonly Pick<PolicyRollout, 'sample' | 'boxes' | 'regions'>[],
): readonly ProposedBox[] {
  const found = rollouts.flatMap(({ sample, boxes }) =>
    boxes.map(({ box, label }) => ({ box, label: label ?? sample.object })),
  );
  const regions = rollouts.flatMap(({ regions: all }) =>
    all.flatMap((box) => (box === null ? [] : [{ box, label: null }])),
  );
  const byPlace = new Map<string, ProposedBox>();
  for (const one of [...found, ...regions]) {
    const { x1, y1, x2, y2 } = one.box;
    const place = [x1, y1, x2, y2].map(Math.round).join();
    if (!byPlace.has(place)) byPlace.set(place, one);
  }
  return [...byPlace.values()].slice(0, mostProposals);
}
