import { describe, expect, it } from 'vitest';
import type { PolicyRollout, PolicySample } from '../../../../src/core/policy/policyRollout';
import { proposalsOf } from '../../../../src/core/policy/proposals';

const at = (x: number) => ({ x1: x, y1: 0, x2: x + 10, y2: 10 });
const sample = { object: 'kite' } as PolicySample;
const rollout = (
  regions: PolicyRollout['regions'],
  boxes: PolicyRollout['boxes'],
): Pick<PolicyRollout, 'sample' | 'regions' | 'boxes'> => ({ sample, regions, boxes });

describe('what a group of rollouts proposes', () => {
  it('is what was found, under its label or the object that was asked for, then where they looked, each once', () => {
    const group = [
      rollout([at(0), null], [{ box: at(50), label: null }]),
      rollout(
        [at(0.2), at(100)],
        [
          { box: at(50), label: 'bird' },
          { box: at(70), label: 'bird' },
        ],
      ),
    ];
    expect(proposalsOf(group)).toEqual([
      { box: at(50), label: 'kite' },
      { box: at(70), label: 'bird' },
      { box: at(0), label: null },
      { box: at(100), label: null },
    ]);
    expect(proposalsOf([])).toEqual([]);
  });
});
