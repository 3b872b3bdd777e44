import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';

const read = (text: string) => parseResponse(text, { dialect: 'generic' });
const call = (json: string) => `<tool_call>\n${json}\n</tool_call>`;
const boxes = (text: string) => read(text).regions.map(({ box }) => [box.x1, box.y1, box.x2, box.y2]);

describe('tool calls', () => {
  it('zooms where a call names a box', () => {
    const text = `<think>look</think>${call('{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [10, 20, 30.5, 40], "label": "sign"}}')}`;
    const { turns, regions, badge } = read(text);
    expect(badge).toBe('ok');
    expect(turns[0]!.actions).toMatchObject([{ kind: 'zoom', tool: 'image_zoom_in_tool', regions: [0] }]);
    expect(regions).toMatchObject([
      { box: { x1: 10, y1: 20, x2: 30.5, y2: 40 }, label: 'sign', section: 'tool', field: 'tool', turn: 0 },
    ]);
  });

  it.each([
    ['DeepEyes v4', call('{"function": "zoom_in", "bbox_2d": [1, 2, 3, 4]}'), 'zoom_in'],
    ['DeepEyes v1', call('{"name": "zoom", "arguments": {"image_path": "a.jpg", "bbox": [1, 2, 3, 4]}}'), 'zoom'],
    ['arguments as a string', call('{"name": "zoom", "arguments": "{\\"bbox_2d\\": [1, 2, 3, 4]}"}'), 'zoom'],
    ['a list of boxes', call('{"name": "zoom", "arguments": {"bbox_2d": [[1, 2, 3, 4]]}}'), 'zoom'],
  ])('reads the shape of %s', (_, text, tool) => {
    expect(boxes(text)).toEqual([[1, 2, 3, 4]]);
    expect(read(text).turns[0]!.actions).toMatchObject([{ kind: 'zoom', tool }]);
  });

  it('keeps calls without a box as the tool they name', () => {
    for (const json of [
      '{"name": "image_rotate_tool", "arguments": {"angle": 90}}',
      '{"name": "run", "arguments": "print(1)"}',
    ]) {
      expect(read(call(json))).toMatchObject({ badge: 'ok', regions: [], turns: [{ actions: [{ kind: 'tool' }] }] });
    }
  });

  it('mends Python literals', () => {
    const { regions, badge } = read(call("{'name': 'zoom', 'arguments': {'bbox_2d': (4, 3, 2, 1)}}"));
    expect(badge).toBe('repaired');
    expect(regions[0]!.repairs.map((r) => r.kind)).toEqual(['pythonLiteral', 'swappedCorners']);
    expect(regions[0]!.box).toEqual({ x1: 2, y1: 1, x2: 4, y2: 3 });
  });

  it.each([
    [call('{"name": "zoom", "arguments": {"bbox_2d": [1, 2, 3, 4]}'), /cannot be read: the text ends before '}'/],
    [call('["zoom"]'), /no JSON object/],
    [call('{"arguments": {}}'), /names no tool/],
    [
      call('{"name": "zoom", "arguments": {"bbox_2d": [1, 2]}}'),
      /The region of zoom cannot be read: bbox_2d holds 2 numbers/,
    ],
    ['<tool_call>{"name": "zoom", "arguments": {"bbox_2d": [1, 2, 3, 4]}}', /not closed/],
    [call(''), /cannot be read/],
  ])('calls %j malformed', (text, reason) => {
    const { turns, regions, badge } = read(text);
    expect(badge).toBe('malformed');
    expect(regions).toEqual([]);
    expect(turns[0]!.actions[0]!.reason).toMatch(reason);
  });
});

describe('answers', () => {
  it.each([
    [
      'a list of objects',
      '[{"bbox_2d": [1, 2, 3, 4], "label": "a"}, {"bbox_2d": [5, 6, 7, 8]}]',
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
    ],
    ['a nested object', '{"regions": [{"bbox_2d": [1, 2, 3, 4]}]}', [[1, 2, 3, 4]]],
    ['a fenced list', '\n```json\n[{"bbox_2d": [1, 2, 3, 4]}]\n```\n', [[1, 2, 3, 4]]],
    ['a label with braces', '[{"bbox_2d": [1, 2, 3, 4], "label": "set {a}"}]', [[1, 2, 3, 4]]],
    ['objects among words', 'It is here: {"bbox_2d": [1, 2, 3, 4]} (left).', [[1, 2, 3, 4]]],
    ['a bare list', '[1, 2.5, 3, 4]', [[1, 2.5, 3, 4]]],
    [
      'bare lists among words',
      'at [1, 2, 3, 4] and [5,6,7,8].',
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
    ],
    ['Visual-RFT positions', "[{'Position': [1, 2, 3, 4], 'Confidence': 0.9}]", [[1, 2, 3, 4]]],
    ['no box', 'B. The sign is red.', []],
    ['three numbers', '[1, 2, 3]', []],
  ])('reads %s', (_, answer, expected) => {
    const text = `<think>t</think><answer>${answer}</answer>`;
    expect(boxes(text)).toEqual(expected);
    const { turns, regions, badge } = read(text);
    expect(badge).toBe('ok');
    expect(turns[0]!.actions).toMatchObject([{ kind: 'answer', text: answer }]);
    expect(regions.every((r) => r.section === 'answer' && r.field === 'prediction')).toBe(true);
  });

  it('mends Python dicts and a list that was cut off', () => {
    expect(read("<answer>[{'bbox_2d': [1, 2, 3, 4], 'label': None}]</answer>")).toMatchObject({
      badge: 'repaired',
      regions: [{ label: null, repairs: [{ kind: 'pythonLiteral' }] }],
    });
    expect(read('<answer>[{"bbox_2d": [1, 2, 3, 4]}, {"bbox_2d": [5,')).toMatchObject({
      badge: 'repaired',
      regions: [{ repairs: [{ kind: 'truncatedList' }] }],
    });
  });

  it('is malformed when it announces a box that cannot be read', () => {
    expect(read('<answer>{"bbox_2d": [1, 2, x, 4]}</answer>').badge).toBe('malformed');
    expect(read('<answer>"bbox_2d": 12</answer>').badge).toBe('malformed');
  });

  it('reads bbox_2d in text without tags, and leaves bare numbers there alone', () => {
    expect(read('```json\n[{"bbox_2d": [1, 2, 3, 4]}]\n```')).toMatchObject({
      badge: 'ok',
      regions: [{ section: 'text', field: 'prediction' }],
      turns: [{ actions: [{ kind: 'answer' }] }],
    });
    expect(read('The values [1, 2, 3, 4] sum to 10.')).toMatchObject({ badge: 'none', regions: [] });
  });

  it('takes boxes in a thought for talk', () => {
    expect(boxes('<think>{"bbox_2d": [9, 9, 9, 9]}</think><answer>[1, 2, 3, 4]</answer>')).toEqual([[1, 2, 3, 4]]);
  });

  it('ends an unclosed thought at the action', () => {
    const text = '<think>so<answer>[1, 2, 3, 4]</answer>';
    expect(text.slice(read(text).turns[0]!.thought!.start, read(text).turns[0]!.thought!.end)).toBe('so');
    expect(boxes(text)).toEqual([[1, 2, 3, 4]]);
  });
});

describe('other actions', () => {
  it('reads <zoom> of ERGO', () => {
    expect(read('<think>t</think><zoom>[1, 2, 3, 4]</zoom>')).toMatchObject({
      badge: 'ok',
      turns: [{ actions: [{ kind: 'zoom', tool: 'zoom' }] }],
      regions: [{ section: 'tool', field: 'tool' }],
    });
    expect(read('<zoom>here</zoom>').badge).toBe('malformed');
  });

  it('numbers regions through the turns of a rollout', () => {
    const zoom = call('{"name": "zoom", "arguments": {"bbox_2d": [1, 2, 3, 4]}}');
    const { regions, turns } = read(
      `${zoom}\ntool\nok\nassistant\n${zoom}\ntool\nok\nassistant\n<answer>[5, 6, 7, 8]</answer>`,
    );
    expect(regions.map((r) => [r.index, r.turn, r.field])).toEqual([
      [0, 0, 'tool'],
      [1, 2, 'tool'],
      [2, 4, 'prediction'],
    ]);
    expect(turns[4]!.actions[0]!.regions).toEqual([2]);
  });
});
