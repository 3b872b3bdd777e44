import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoomChain } from '../../../../src/core/geometry/zoomChain';
import { parseResponse, type ResponseDialect } from '../../../../src/core/trajectory/parseResponse';
import type { ParsedResponse } from '../../../../src/core/trajectory/rollout';
import { knownRules, toolRulesOf } from '../../../../src/core/trajectory/tools/chooseRules';

const dialects: readonly ResponseDialect[] = ['active-o3', 'generic'];
const piece = fc.oneof(
  fc.constantFrom(
    ...['<think>', '</think>', '<answer>', '</answer>', '<tool_call>', '</tool_call>', '<tool_response>', '<zoom>'],
    ...[
      '</tool_response>',
      '\nuser\n',
      '\nassistant\n',
      '\ntool\n',
      '<|im_start|>user\n',
      '<|im_end|>',
      '```json\n',
      '```',
    ],
    ...[
      '{"bbox_2d": [1, 2, 3, 4]}',
      '{"bbox_2d [4, 3, 2, 1]": "x"}',
      '{"name": "z", "arguments": {"bbox_2d": [1, 2, 3, 4]}}',
    ],
    ...['<code>', '</code>', '<sandbox_output>', '</sandbox_output>', 'x1, y1, x2, y2 = 4, 3, 2, 1', '\\boxed{'],
    ...['Positive point: (', '(1, 2)', '<box>', '<|box_start|>(1,2),(0,4)', 'click(x=1, y=2)', '"point_2d": [1, 2]'],
    ...['{"actions": [{"name": "x", "arguments": {}}]}', '"start_time": "00:01.00", "end_time": "00:02.00"'],
    ...['{', '}', '[', ']', '"bbox_2d":', '[9, 8, 7, 6, 5]', "{'bbox_2d': (1, 2, 3, 4)}", ',', ' ', '\n', 'NaN', '\\'],
  ),
  fc.string({ maxLength: 5 }),
);
const anyResponse = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

function expectWellFormed(text: string, { turns, regions, clicks }: ParsedResponse): void {
  let last = 0;
  turns.forEach((turn, t) => {
    expect(turn.index).toBe(t);
    expect(turn.span.start).toBeGreaterThanOrEqual(last);
    last = turn.span.end;
    expect(last).toBeLessThanOrEqual(text.length);
    for (const { span, text: own, regions: indices } of turn.actions) {
      expect(span.start).toBeGreaterThanOrEqual(turn.span.start);
      expect(span.end).toBeLessThanOrEqual(text.length);
      expect(own).toBe(text.slice(span.start, span.end));
      for (const index of indices) expect(regions[index]!.turn).toBe(t);
    }
  });
  clicks.forEach(({ index, x, y, span }, i) => {
    expect(index).toBe(i);
    expect(Number.isFinite(x + y)).toBe(true);
    expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
  });
  regions.forEach((region, i) => {
    expect(region.index).toBe(i);
    const { x1, y1, x2, y2 } = region.box;
    expect([x1, y1, x2, y2].every(Number.isFinite)).toBe(true);
    expect(x1 <= x2 && y1 <= y2).toBe(true);
    for (const span of [region.span, ...region.repairs.map((r) => r.span)]) {
      expect(span.start).toBeLessThanOrEqual(span.end);
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeLessThanOrEqual(text.length);
    }
  });
}

describe.each(dialects)('any text as a response (%s)', (dialect) => {
  it('is read without throwing, with spans that lie in the text and turns in order', () => {
    fc.assert(
      fc.property(anyResponse, (text) => expectWellFormed(text, parseResponse(text, { dialect }))),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['braces that never close', '{'],
    ['braces that never open', '}'],
    ['empty objects', '{}'],
    ['brackets', '[1,'],
    ['unclosed thoughts', '<think>'],
    ['calls', '<tool_call>{"name": "z"}</tool_call>\ntool\n'],
    ['role lines', 'user\nassistant\ntool\n'],
    ['tool responses', '</answer>\n<tool_response>'],
    ['half objects', '{"bbox_2d": [1, '],
    ['bad objects', '{"bbox_2d"}'],
    ['good objects', '{"bbox_2d": [1, 2, 3, 4]}'],
    ['white space', '   \n'],
    ['backslashes', '"\\'],
    ['digits', '11111111'],
    ['fences', '```json\n'],
    ['nested objects', '{"bbox_2d":'],
    ['code', '<code>```'],
    ['code that ran', '<code>```</code><sandbox_output>'],
    ['crops', '.crop(('],
    ['names', 'x1,    y1,   '],
    ['clicks', 'click(1,   '],
    ['points', 'Positive point: ('],
    ['boxed answers', '\\boxed{'],
    ['box tokens', '<|object_ref_start|><|box_start|>(1,   '],
    ['times', '"start_time": "00:00.00", '],
    ['lists of actions', '{"actions": ['],
  ])('is read to the end: 4 MB of %s', (_, unit) => {
    for (const head of ['', '<answer>', '<answer>[']) {
      const text = head + unit.repeat(Math.ceil(4e6 / unit.length));
      expect(parseResponse(text, { dialect }).turns.length).toBeGreaterThan(0);
    }
  });
});

describe('any text as a chain of zooms', () => {
  const image = { width: 1000, height: 800 };
  const relative = {
    dataSource: null,
    field: 'tool',
    spec: { kind: 'relative1' },
    origin: 'user',
    reason: '',
  } as const;
  const chain = (text: string, rules: (typeof knownRules)[number]) => {
    const parsed = parseResponse(text, { dialect: 'generic' });
    const rollout = { ...parsed, response: text, dataSource: null, loggedImageSize: null, inputSize: null };
    toolRulesOf(rollout, 'messages');
    return { parsed, ...zoomChain(rollout, image, [relative], rules) };
  };

  it('is replayed by every tool without throwing; only what ran has cut pixels', () => {
    fc.assert(
      fc.property(anyResponse, fc.constantFrom(...knownRules), (text, rules) => {
        const { parsed, views, steps } = chain(text, rules);
        for (const { region, action, turn, executed, status, result } of steps) {
          expect(parsed.turns[turn]!.actions[action]!.regions).toContain(region);
          expect(executed !== null).toBe(status.kind === 'executed');
          if (result !== null) expect(views[result]!.turn).toBe(turn);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    '</tool_call>\ntool\n',
    '<tool_call>{"name": "z"}</tool_call>\ntool\n',
    '<tool_call>{"name": "z", "bbox_2d": [1, 2, 3, 4]}</tool_call>\nuser\n<tool_response></tool_response>\nassistant\n',
    '<tool_response>',
  ])('is replayed to the end: 4 MB of %j', (unit) => {
    for (const rules of knownRules) chain(unit.repeat(Math.ceil(4e6 / unit.length)), rules);
  });
});

describe('limits', () => {
  it('stops at 20,000 marks and says so', () => {
    const { badge, turns } = parseResponse('<think></think>'.repeat(20_000), { dialect: 'generic' });
    expect(badge).toBe('malformed');
    expect(turns.at(-1)!.actions.at(-1)!.reason).toContain('more than 20000 tags');
  });

  it('stops at 10,000 boxes and says so', () => {
    const text = `<answer>[${'{"bbox_2d": [1, 2, 3, 4]},'.repeat(12_000)}]</answer>`;
    for (const dialect of dialects) {
      const { regions, badge, turns } = parseResponse(text, { dialect });
      expect(regions).toHaveLength(10_000);
      expect(badge).toBe('malformed');
      expect(turns[0]!.actions.at(-1)!.reason).toContain('more than 10000');
    }
  });
});
