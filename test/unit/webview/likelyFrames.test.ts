import { expect, it } from 'vitest';
import type { FrameEvidence } from '../../../src/core/geometry/frame';
import type { FrameReport } from '../../../src/protocol/data';
import { evidenceWords, likelyFrames } from '../../../webview/rollouts/picture/evidenceWords';

const fitOf = (
  kind: 'original' | 'relative1' | 'relative1000',
  insideShare: number,
  meanIou: number,
): FrameEvidence => ({
  spec: { kind },
  boxes: 20,
  insideShare,
  meanIou,
  sameAs: null,
});

function likely(...evidence: readonly FrameEvidence[]): readonly FrameEvidence[] {
  const choice = { dataSource: null, field: 'prediction', spec: null, origin: 'undecided', reason: '' } as const;
  const report: FrameReport = { dataSource: null, field: 'prediction', choice, evidence };
  return likelyFrames([report], null, 'prediction');
}

it('frames to choose from beside the picture are those that fit, the better first, none that leaves boxes outside', () => {
  const found = likely(
    fitOf('original', 1, 0.3),
    fitOf('relative1000', 0.98, 0.6),
    fitOf('relative1', 0.1, Number.NaN),
  );
  expect(found.map(({ spec }) => spec.kind)).toEqual(['relative1000', 'original']);
  expect(evidenceWords(found)).toMatch(/98 % of the boxes inside, mean IoU 0\.60; .*100 % of the boxes inside/);
});

it('keep their order when they read alike', () => {
  const found = likely(fitOf('original', 1, 0.031), fitOf('relative1000', 1, 0.034));
  expect(found.map(({ spec }) => spec.kind)).toEqual(['original', 'relative1000']);
});
