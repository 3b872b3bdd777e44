import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';

const read = (text: string) => parseResponse(text, { dialect: 'generic' });
const boxes = (text: string) => read(text).regions.map(({ box }) => [box.x1, box.y1, box.x2, box.y2]);
const clicks = (text: string) => read(text).clicks.map(({ x, y, positive }) => [x, y, positive]);
const kinds = (text: string) =>
  read(text).turns.flatMap(({ actions }) => actions.map(({ kind, tool }) => tool ?? kind));

describe('SegAgent', () => {
  it('writes a point as (y, x), and its box over 999 as x first', () => {
    // Its paper's example: read as x, y the point would lie outside the box.
    const text = '<ref>person bottom left</ref><box>(68,308),(255,986)</box> Positive point: (679, 186)';
    const { regions, clicks: points, turns } = read(text);
    expect(points).toMatchObject([{ x: 186, y: 679, positive: true, turn: 0, section: 'text', field: 'prediction' }]);
    expect(text.slice(points[0]!.span.start, points[0]!.span.end)).toBe('(679, 186)');
    const { box, written, label } = regions[0]!;
    expect(written).toEqual({ x1: 68, y1: 308, x2: 255, y2: 986 });
    expect([box.x1, box.y1, box.x2, box.y2]).toEqual(
      [68, 308, 255, 986].map((value) => expect.closeTo((value / 999) * 1000, 9)),
    );
    expect(label).toBe('person bottom left');
    expect(box.x1 < points[0]!.x && points[0]!.x < box.x2 && box.y1 < points[0]!.y && points[0]!.y < box.y2).toBe(true);
    expect(turns[0]!.actions).toMatchObject([{ kind: 'click', regions: [0], clicks: [0] }]);
  });

  it.each([
    ['Negative point: (175,483)', [[483, 175, false]]],
    // `process_response` asks for "Positive point" first, wherever it stands, and takes what follows the last "point: ".
    ['Negative point: (1, 2) Positive point: (3, 4)', [[4, 3, true]]],
    ['Current IOU: 85.2, Positive point: (0.5, 0.3)', [[300, 500, true]]],
  ])('reads %s', (text, expected) => {
    expect(clicks(text)).toEqual(expected);
  });

  it('states the IoU of the mask before, finishes, and may be unreadable', () => {
    const action = (text: string) => read(text).turns[0]!.actions[0];
    expect(action('Current IOU: 85.2, Positive point: (0.5, 0.3)')).toMatchObject({ statedIou: 85.2, kind: 'click' });
    expect(action('Current IOU: 93, Finish')).toMatchObject({ statedIou: 93, kind: 'answer' });
    expect(action('Finish')).toMatchObject({ kind: 'answer' });
    expect(action('Finish the task (soon).')).toBeUndefined();
    expect(action('Positive point: left of the sign')).toMatchObject({ kind: 'malformed' });
  });
});

describe('points', () => {
  it.each([
    ['OS-Atlas', 'Thought: go\nActions:\nCLICK <point>[[493, 744]]</point>', [[493, 744, null]], 'click'],
    ['pyautogui', 'pyautogui.click(x=0.25, y=0.5)', [[0.25, 0.5, null]], 'click'],
    ['a click with numbers in order', 'click(100, 200)', [[100, 200, null]], 'click'],
    ['UI-TARS', "Action: click(start_box='(12,34)')", [[12, 34, null]], 'click'],
    ['Qwen2.5-VL', '```json\n[{"point_2d": [7, 8], "label": "x"}]\n```', [[7, 8, null]], 'answer'],
    ['an answer', '<think>t</think><answer>[{"point_2d": [7, 8]}]</answer>', [[7, 8, null]], 'answer'],
    [
      'computer use',
      '<tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [3, 4]}}</tool_call>',
      [[3, 4, null]],
      'computer_use',
    ],
  ])('of %s are clicks', (_, text, expected, kind) => {
    expect(clicks(text)).toEqual(expected);
    expect(kinds(text)).toEqual([kind]);
  });

  it('stand beside boxes in VisionReasoner’s answers', () => {
    const text = '<answer>[{"bbox_2d": [1, 2, 3, 4], "point_2d": [2, 3]}]</answer>';
    expect([boxes(text), clicks(text)]).toEqual([[[1, 2, 3, 4]], [[2, 3, null]]]);
  });

  it('are no clicks in prose, nor where code computes them', () => {
    for (const text of ['I click on it (it is red).', 'click(x, y)', '<answer>click the (red) one</answer>'])
      expect(clicks(text)).toEqual([]);
  });
});

describe('boxes in other notations', () => {
  it('are Qwen2-VL’s tokens, with the name before them', () => {
    const text =
      'It is <|object_ref_start|>the cat<|object_ref_end|><|box_start|>(10,20),(300,400)<|box_end|>, not <|box_start|>(5,6),(7,8)<|box_end|>';
    expect(read(text).regions).toMatchObject([
      { box: { x1: 10, y1: 20, x2: 300, y2: 400 }, label: 'the cat', section: 'text' },
      { box: { x1: 5, y1: 6, x2: 7, y2: 8 }, label: null },
    ]);
    expect(read(text).regions[0]!.written).toBeUndefined();
    // What is left of them where special tokens were stripped.
    expect(boxes('<answer>(10,20),(300,400)</answer>')).toEqual([[10, 20, 300, 400]]);
  });

  it('are Visual-RFT’s, with a confidence', () => {
    const text = "<think>t</think><answer>[{'Position': [1, 2, 30, 40], 'Confidence': 0.9}]</answer>";
    expect(read(text).regions).toMatchObject([{ box: { x1: 1, y1: 2, x2: 30, y2: 40 }, confidence: 0.9 }]);
  });

  it('are DeepEyes v3’s fenced call, which is a zoom and no answer', () => {
    const text = '<think>t</think>\n```json\n{"function": "zoom_in", "bbox_2d": [1, 2, 30, 40], "label": "a"}\n```';
    expect(read(text)).toMatchObject({
      regions: [{ box: { x1: 1, y1: 2, x2: 30, y2: 40 }, section: 'tool', field: 'tool' }],
      turns: [{ actions: [{ kind: 'zoom', tool: 'zoom_in' }] }],
    });
  });

  it('count in the picture that Pixel-Reasoner’s target_image names, from 1', () => {
    const call = (target: string) =>
      `<tool_call>\n{"name": "crop_image_normalized", "arguments": {"bbox_2d": [0.1, 0.2, 0.3, 0.4], "target_image":${target}}}\n</tool_call>`;
    expect([1, 2].map((target) => read(call(String(target))).regions[0]!.view)).toEqual([0, 1]);
    expect(kinds(call('0'))).toEqual(['malformed']);
  });
});

describe('code', () => {
  const code = (lines: string) => `<code>\n\`\`\`python\n${lines}\n\`\`\`\n</code>`;

  it('is a tool, its literal boxes are regions', () => {
    const text = `<think>crop</think>${code('from PIL import Image\nimage_1.crop((10, 20, 30, 40)).save("a.png")\nimage_2.crop([1, 2, 3, 4])')}`;
    expect(read(text).turns[0]!.actions).toMatchObject([{ kind: 'tool', tool: 'code', regions: [0, 1] }]);
    expect(read(text).regions).toMatchObject([
      { box: { x1: 10, y1: 20, x2: 30, y2: 40 }, view: 0, section: 'tool', field: 'tool' },
      { box: { x1: 1, y1: 2, x2: 3, y2: 4 }, view: 1 },
    ]);
    expect(text.slice(read(text).regions[0]!.span.start, read(text).regions[0]!.span.end)).toContain('10, 20, 30, 40');
  });

  it.each([
    ['x1, y1, x2, y2 = 1, 2, 3, 4\ncrop = img[y1:y2, x1:x2]', [[1, 2, 3, 4]]],
    ['x_min, y_min, x_max, y_max = (1, 2, 3, 4)', [[1, 2, 3, 4]]],
    ['bbox = [1, 2, 3, 4]\nimg.crop(bbox)', [[1, 2, 3, 4]]],
    ['cv2.imwrite(p, img[20:40, 10:30])', [[10, 20, 30, 40]]],
    ['img.crop((x1 - 5, 2, 3, 4))', []],
    ['x = table[1:2]', []],
  ])('%j', (lines, expected) => {
    expect(boxes(code(lines))).toEqual(expected);
  });

  it('of Thyme stands in its thought, and what the sandbox wrote is not the policy’s', () => {
    const ran = `${code('x1, y1, x2, y2 = 1, 2, 3, 4')}<sandbox_output>{"bbox_2d": [9, 9, 99, 99]}</sandbox_output>`;
    const text = `<think>I crop. ${ran} Now I see.</think><answer>B</answer>`;
    expect(kinds(text)).toEqual(['code', 'answer']);
    expect(boxes(text)).toEqual([[1, 2, 3, 4]]);
    // Code that nothing came back from is talk.
    expect(kinds(`<think>Perhaps ${code('img.crop((1, 2, 3, 4))')}?</think><answer>B</answer>`)).toEqual(['answer']);
    expect(boxes(`${ran}<answer>B</answer>`)).toEqual([[1, 2, 3, 4]]);
  });

  it('that is cut off is malformed; a tag of HTML is neither', () => {
    expect(kinds('<code>\n```python\nimg.crop((1, 2, 3, 4))')).toEqual(['malformed']);
    expect(kinds('Use <code>x</code> here.')).toEqual([]);
  });
});

describe('answers', () => {
  it('of Omni-R1 name times of a video', () => {
    const text =
      '<think>t</think><answer>{"start_time":"00:03.50","end_time":"01:04.25","description":"a dog"}\n{"start_time":"00:00.00","end_time":"00:01.00","description":""}</answer>';
    expect(read(text).turns[0]!.actions).toMatchObject([
      {
        kind: 'answer',
        intervals: [
          { start: 3.5, end: 64.25, description: 'a dog' },
          { start: 0, end: 1, description: '' },
        ],
      },
    ]);
  });

  it('stand in the last \\boxed{…}, braces balanced', () => {
    const text = 'First \\boxed{1}, so \\boxed{\\frac{1}{2}}.';
    expect(read(text).turns[0]!.actions).toMatchObject([{ kind: 'answer', text: '\\frac{1}{2}' }]);
    expect(kinds('so \\boxed{1')).toEqual([]);
  });

  it('and calls are actions of OpenThinkIMG’s JSON', () => {
    const turn = (actions: string) => `{"thought": "t", "actions": [${actions}]}`;
    const point =
      '{"name": "SegmentRegionAroundPoint", "arguments": {"image": "img_1", "param": "x=\\"21.5\\" y=\\"28.5\\""}}';
    expect(kinds(turn(point))).toEqual(['SegmentRegionAroundPoint']);
    expect(clicks(turn(point))).toEqual([]);
    expect(kinds(turn('{"name": "Terminate", "arguments": {"ans": "3"}}'))).toEqual(['answer']);
    const zoom = '{"name": "ZoomInSubfigure", "arguments": {"image": "img_2", "param": "[100, 200, 500, 600]"}}';
    expect(read(turn(zoom)).regions).toMatchObject([{ box: { x1: 100, y1: 200, x2: 500, y2: 600 }, view: 1 }]);
    expect(kinds(`${turn(zoom)}]`)).toEqual(['malformed']);
  });
});
