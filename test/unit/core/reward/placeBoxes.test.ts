import { expect, it } from 'vitest';
import { placeBoxes } from '../../../../src/core/reward/scoring/placeBoxes';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';
import type { Rollout } from '../../../../src/core/trajectory/rollout';
import { knownRules } from '../../../../src/core/trajectory/tools/chooseRules';
import type { ToolRulesId } from '../../../../src/core/trajectory/tools/toolRules';
import { choice, look, size } from '../geometry/replay';

/** A box of the whole image, what came back, and a box of that crop. */
function lookedTwice(): Rollout {
  const first = look('[0.1, 0.1, 0.3, 0.5]');
  const back = '\n<image>\n';
  const second = look('[0, 0, 0.5, 0.5]', 'observation_1');
  const at = first.length + back.length;
  const response = first + back + second;
  const turns = [
    { role: 'assistant' as const, span: { start: 0, end: first.length } },
    { role: 'tool' as const, span: { start: first.length, end: at } },
    { role: 'assistant' as const, span: { start: at, end: response.length } },
  ];
  const parsed = parseResponse(response, { dialect: 'generic', turns });
  const rollout = { ...parsed, response, dataSource: null, loggedImageSize: null, inputSize: null, truthBoxes: [] };
  return rollout as unknown as Rollout;
}

it('places boxes of a crop by the rules of the tool in force', () => {
  const frames = [choice('prediction', { kind: 'relative1' }), choice('tool', { kind: 'relative1' })];
  const boxes = (id: ToolRulesId) => {
    const rulesOf = () => knownRules.find((rules) => rules.id === id)!;
    const placed = placeBoxes(lookedTwice(), { frames, image: size(1000, 1000), rulesOf });
    return typeof placed === 'string' ? placed : placed.regions.map((box) => box && [box.x1, box.y1, box.x2, box.y2]);
  };
  expect(boxes('mini-o3')).toEqual([
    [100, 100, 300, 500],
    [100, 100, 200, 300],
  ]);
  // This tool knows no such call: it cut nothing that a box could count in.
  expect(boxes('chain-of-focus')).toBe('A box counts in an unknown crop.');
});
