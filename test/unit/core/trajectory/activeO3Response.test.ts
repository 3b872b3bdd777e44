import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';

const read = (text: string) => parseResponse(text, { dialect: 'active-o3' });
const object = (box: string, label = 'dense region') => `{"bbox_2d": [${box}], "label": "${label}"}`;
const slice = (text: string, span: { start: number; end: number }) => text.slice(span.start, span.end);

describe('an ACTIVE-O3 response', () => {
  it('is one turn with a thought and a zoom to the regions of its answer', () => {
    const text = `<think> Cars stand left. </think> <answer> [${object('10, 20, 30, 40', 'a')}, ${object('5, 6, 7.5, 8', 'b')}] </answer>`;
    const { turns, regions, badge } = read(text);
    expect(badge).toBe('ok');
    expect(turns).toHaveLength(1);
    expect(slice(text, turns[0]!.thought!)).toBe(' Cars stand left. ');
    expect(turns[0]!.actions).toMatchObject([{ kind: 'zoom', regions: [0, 1], tool: null, reason: null }]);
    expect(regions.map((r) => [r.box, r.label, r.section, r.field, r.repairs])).toEqual([
      [{ x1: 10, y1: 20, x2: 30, y2: 40 }, 'a', 'answer', 'prediction', []],
      [{ x1: 5, y1: 6, x2: 7.5, y2: 8 }, 'b', 'answer', 'prediction', []],
    ]);
    expect(slice(text, regions[1]!.span)).toBe(object('5, 6, 7.5, 8', 'b'));
  });

  it.each([
    ['a json fence', `<think>t</think><answer>\n\`\`\`json\n[\n  ${object('1, 2, 3, 4')}\n]\n\`\`\`\n</answer>`],
    ['bare objects', `<think>t</think><answer>${object('1, 2, 3, 4')}</answer>`],
    ['no tags at all', `Here: ${object('1, 2, 3, 4')}`],
    ['no think tag', `<answer>[${object('1, 2, 3, 4')}]</answer>`],
    ['a thought that began in the prompt', `cars</think><answer>[${object('1, 2, 3, 4')}]</answer>`],
  ])('is read with %s', (_, text) => {
    const { turns, regions, badge } = read(text);
    expect(badge).toBe('ok');
    expect(regions.map((r) => r.box)).toEqual([{ x1: 1, y1: 2, x2: 3, y2: 4 }]);
    expect(turns[0]!.actions).toMatchObject([{ kind: 'zoom', regions: [0] }]);
  });

  it('has the boxes of its thought as regions too, as the demo crops them, but not in the zoom', () => {
    const text = `<think>Maybe ${object('1, 1, 2, 2')}?</think><answer>[${object('3, 3, 4, 4')}]</answer>`;
    const { turns, regions } = read(text);
    expect(regions.map((r) => [r.index, r.section, r.box.x1])).toEqual([
      [0, 'think', 1],
      [1, 'answer', 3],
    ]);
    expect(turns[0]!.actions).toMatchObject([{ kind: 'zoom', regions: [1] }]);
  });

  it('mends a box written inside the key, and shows the mend', () => {
    const text = '<answer>[{"bbox_2d [10, 20, 30, 40]": "left cars"}]</answer>';
    const { regions, badge } = read(text);
    expect(badge).toBe('repaired');
    expect(regions[0]).toMatchObject({ box: { x1: 10, y1: 20, x2: 30, y2: 40 }, label: 'left cars' });
    expect(regions[0]!.repairs).toEqual([
      {
        kind: 'boxInKey',
        span: regions[0]!.span,
        before: '{"bbox_2d [10, 20, 30, 40]": "left cars"}',
        after: '{"bbox_2d":[10,20,30,40],"label":"left cars"}',
      },
    ]);
  });

  it('tolerates swapped corners and marks them', () => {
    const text = `<answer>[${object('30, 40, 10, 20')}]</answer>`;
    const { regions, badge } = read(text);
    expect(badge).toBe('repaired');
    expect(regions[0]!.box).toEqual({ x1: 10, y1: 20, x2: 30, y2: 40 });
    const [repair] = regions[0]!.repairs;
    expect(repair).toMatchObject({ kind: 'swappedCorners', before: '[30, 40, 10, 20]', after: '[10, 20, 30, 40]' });
    expect(slice(text, repair!.span)).toBe('[30, 40, 10, 20]');
  });

  it('takes the first four of too many numbers', () => {
    const { regions, badge } = read(`<answer>[${object('1, 2, 3, 4, 0.9')}]</answer>`);
    expect(badge).toBe('repaired');
    expect(regions[0]!.box).toEqual({ x1: 1, y1: 2, x2: 3, y2: 4 });
    expect(regions[0]!.repairs).toMatchObject([{ kind: 'tooManyNumbers', before: '[1, 2, 3, 4, 0.9]' }]);
  });

  it.each([
    ['within an object', `<think>t</think><answer>[${object('1, 2, 3, 4')}, {"bbox_2d": [5, 6`, ', {"bbox_2d": [5, 6'],
    ['between objects', `<think>t</think><answer>[${object('1, 2, 3, 4')},`, ','],
    ['before the bracket', `<answer>[${object('1, 2, 3, 4')}</answer>`, ''],
  ])('closes a list cut off %s at its last whole object', (_, text, before) => {
    const { turns, regions, badge } = read(text);
    expect(badge).toBe('repaired');
    expect(regions).toHaveLength(1);
    expect(regions[0]!.repairs).toMatchObject([{ kind: 'truncatedList', before, after: ']' }]);
    expect(turns[0]!.actions).toMatchObject([{ kind: 'zoom', regions: [0] }]);
  });

  it.each([
    ['single quotes', `<answer>[{'bbox_2d': [1, 2, 3, 4]}]</answer>`, /not valid JSON: expected a key at character 2/],
    ['three numbers', '<answer>[{"bbox_2d": [1, 2, 3]}]</answer>', /bbox_2d holds 3 numbers where four belong/],
    ['a word for a number', '<answer>[{"bbox_2d": [1, 2, "x", 4]}]</answer>', /not a finite number/],
    ['NaN', '<answer>[{"bbox_2d": [1, 2, NaN, 4]}]</answer>', /not a finite number/],
    ['nothing whole', '<answer>[{"bbox_2d": [1, 2', /The JSON cannot be read: the text ends before ']'/],
    ['another key', '<answer>[{"box": [1, 2, 3, 4]}]</answer>', /no object with four numbers in bbox_2d/],
    ['an empty fence', '<answer>```json\n```</answer>', /The JSON cannot be read/],
  ])('is malformed when the answer promises JSON and holds %s', (_, text, reason) => {
    const { turns, regions, badge } = read(text);
    expect(regions).toEqual([]);
    expect(badge).toBe('malformed');
    expect(turns[0]!.actions).toHaveLength(1);
    expect(turns[0]!.actions[0]!.reason).toMatch(reason);
  });

  it('keeps the good regions beside one that cannot be read', () => {
    const bad = '{"bbox_2d": [1, 2, 3 4]}';
    const text = `<answer>[${object('1, 2, 3, 4')}, ${bad}, ${object('5, 6, 7, 8')}]</answer>`;
    const { turns, badge } = read(text);
    expect(badge).toBe('malformed');
    expect(turns[0]!.actions.map((a) => [a.kind, a.regions])).toEqual([
      ['zoom', [0, 1]],
      ['malformed', []],
    ]);
    expect(turns[0]!.actions[1]!.text).toBe(bad);
  });

  it('loses an object in nested braces as the demo does, and says so', () => {
    const text = `<answer>{"regions": [${object('1, 2, 3, 4')}, ${object('5, 6, 7, 8')}]}</answer>`;
    const { turns, regions, badge } = read(text);
    expect(regions.map((r) => r.box.x1)).toEqual([5]);
    expect(badge).toBe('malformed');
    expect(turns[0]!.actions[1]!.reason).toContain('not valid JSON');
  });

  it('blames the answer when an open brace in the thought swallows its first object', () => {
    const { regions, badge } = read(`<think>a set {x of cars</think><answer>[${object('1, 2, 3, 4')}]</answer>`);
    expect(regions).toEqual([]);
    expect(badge).toBe('malformed');
  });

  it('does not promise anything in words, and an empty list is a zoom to nothing', () => {
    expect(read('<think>t</think><answer>There are none.</answer>')).toMatchObject({
      badge: 'ok',
      turns: [{ actions: [{ kind: 'answer', text: 'There are none.' }] }],
    });
    expect(read('<answer>[]</answer>')).toMatchObject({
      badge: 'ok',
      turns: [{ actions: [{ kind: 'zoom', regions: [] }] }],
    });
    expect(read('I see nothing.')).toMatchObject({ badge: 'none', turns: [{ actions: [] }] });
    expect(read('')).toEqual({ turns: [], regions: [], clicks: [], badge: 'none' });
  });
});
