import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import { cocoMask } from '../../../src/formats/cocoRle';
import { detectTrace, traceFormat } from '../../../src/formats/detect';
import { memoryDir } from './memoryDir';

/** COCO's compressed string of runs, as `maskApi.c` writes it. */
function compressed(runs: readonly number[]): string {
  let text = '';
  runs.forEach((run, i) => {
    let value = i > 2 ? run - runs[i - 2]! : run;
    for (let more = true; more; ) {
      const bits = value & 31;
      value >>= 5;
      more = (bits & 16) !== 0 ? value !== -1 : value !== 0;
      text += String.fromCharCode(bits + (more ? 32 : 0) + 48);
    }
  });
  return text;
}
const mask = (...runs: readonly number[]) => ({ counts: compressed(runs), size: [6, 10] });
const click = (idx: number, coor: readonly number[], positive: boolean, iou: number) => ({
  idx,
  coor,
  is_positive: positive,
  mask: mask(6, 12, 42),
  box: [1, 0, 2, 6],
  area: 12,
  iou,
});
/** An object as `evaluate_sample` records it. */
const object = (more: object = {}) => ({
  image_name: 98_304,
  height: 6,
  width: 10,
  gt_ann: {
    object_id: 1,
    caption: ['person bottom left', 'man'],
    segmentation: mask(6, 18, 36),
    bbox: [1, 0, 3, 6],
    area: 18,
  },
  clicks_list: [click(0, [2, 7], true, 0.6), click(1, [5, 1], false, 0.8)],
  ...more,
});
const place = { file: 'refcoco_train.json', line: 3, element: 0 };
const read = (row: unknown, file = place.file) =>
  traceFormat('segagent').read(JSON.stringify(row), { ...place, file }, memoryDir({}));

describe('a trace of SegAgent', () => {
  it('has its clicks at x and y, though the log says row and column, a mask after each, and the one to reach', async () => {
    const { record, problems } = await read(object());
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      kind: 'rollout',
      prompt: 'person bottom left\nman',
      response: '',
      imageName: 'COCO_train2014_000000098304.jpg',
      loggedImageSize: { width: 10, height: 6 },
      truthBoxes: [{ box: { x1: 1, y1: 0, x2: 4, y2: 6 }, label: 'person bottom left' }],
      loggedClicks: [
        { x: 7, y: 2, positive: true, turn: 0 },
        { x: 1, y: 5, positive: false, turn: 1 },
      ],
      masks: [
        { click: 0, size: [6, 10], counts: mask(6, 12, 42).counts, iou: 0.6 },
        { click: 1, iou: 0.8 },
      ],
      truthMask: { click: null, size: [6, 10], counts: mask(6, 18, 36).counts },
    });
    // Nothing is put into the annotator's mouth; each click still has a turn to stand in.
    const { turns } = parseResponse('', { dialect: 'generic', turns: record!.statedTurns });
    expect(turns).toHaveLength(2);
    const logged = record!.fields.find(({ name }) => name === 'clicks_list')?.value;
    expect(logged).toMatchObject([{ coor: [2, 7], box: [1, 0, 2, 6], iou: 0.6 }, { idx: 1 }]);
    expect(JSON.stringify(logged)).not.toContain('counts');
  });

  it.each([
    [7, 'refclef_train.json', 'saiapr_tc-12/00/images/7.jpg'],
    [12_345, 'refclef_train_0_100.json', 'saiapr_tc-12/12/images/12345.jpg'],
    [7, 'refcocog_umd_val.json', 'COCO_train2014_000000000007.jpg'],
    ['2008_000001', 'VOC.json', '2008_000001.jpg'],
    ['DIS-TR/a.png', 'ThinObject.json', 'DIS-TR/a.png'],
    [7, 'lvis_train.json', null],
  ])('finds image %s of %s by the rules of its loader', async (name, file, expected) => {
    const { record } = await read(object({ image_name: name }), file);
    expect(record?.imageName).toBe(expected);
    expect(record?.imageTrouble === undefined).toBe(expected !== null);
  });

  it('with broken parts keeps the good ones and says what is wrong', async () => {
    const broken = object({
      clicks_list: [7, { coor: [1] }, { ...click(2, [1, 2], true, 0.5), mask: mask(6, 12, 41) }],
      gt_ann: { segmentation: { size: [6, 10], counts: [6, 54] }, caption: 'Unknown' },
    });
    const { record, problems } = await read(broken);
    expect(record).toMatchObject({ prompt: '', loggedClicks: [{ x: 2, y: 1, turn: 0 }], masks: [], truthBoxes: [] });
    expect(problems.map(({ field, message }) => [field, message])).toEqual([
      ['gt_ann', '"gt_ann" has no "bbox" [x, y, width, height]'],
      ['gt_ann', '"gt_ann" the mask has counts that are a list, not COCO\'s compressed string; it was left out'],
      ['clicks_list', '"clicks_list" element 0 is no click at [row, column]; it was left out'],
      ['clicks_list', '"clicks_list" element 1 is no click at [row, column]; it was left out'],
      ['clicks_list', '"clicks_list" the mask of click 3 has runs of 59 pixels in a picture of 60; it was left out'],
    ]);
    expect(await read({ image_name: 7 })).toMatchObject({
      record: null,
      problems: [{ field: 'clicks_list', element: 0 }],
    });
  });
});

it('a course that no annotator takes is read as far as a thousand clicks, with few words about it', async () => {
  const { record, problems } = await read(object({ clicks_list: Array(100_000).fill({ coor: [1, 2] }) }));
  expect(record?.loggedClicks).toHaveLength(1000);
  expect(problems.length).toBeLessThan(30);
  expect(problems[0]?.message).toContain('holds 100000 steps');
});

describe('a mask', () => {
  it('is taken when its runs fill the picture, long ones and shrinking ones included', () => {
    const size = [400, 300];
    for (const runs of [[120_000], [0, 120_000], [5000, 3, 7, 300, 2, 114_688]])
      expect(cocoMask({ size, counts: compressed(runs) })).toEqual({ size, counts: compressed(runs) });
  });

  it.each([
    [null, 'null'],
    [{ counts: 'x' }, 'no size'],
    [{ size: [0, 4], counts: '' }, 'no size'],
    [{ size: [1e9, 1e9], counts: '' }, 'no size'],
    [{ size: [6, 10], counts: 'o'.repeat(99) }, 'no runs'],
    [{ size: [6, 10], counts: 'é' }, 'no runs'],
    [{ size: [6, 10], counts: '1' }, 'runs of 1 pixels'],
  ])('%j is refused', (value, why) => {
    expect(cocoMask(value)).toContain(why);
  });
});

describe('predictions of SegAgent', () => {
  const step = (id: number, outputs: string | null, clicks: unknown, box: unknown = null) => ({
    click_id: id,
    clicks,
    used_box: box,
    mask: mask(6, 12, 42),
    outputs,
  });
  /** An expression as `forward_single` leaves it: a box to begin with, two clicks, and a text that ended it. */
  const prediction = (more: object = {}) => ({
    img_path: '/data/mscoco/images/train2014/COCO_train2014_000000098304.jpg',
    masks: null,
    height: 6,
    width: 10,
    qas: [{ from: 'human', value: 'The object description is as follows:<ref><description></ref>' }],
    caption: ['person bottom left'],
    coor: null,
    click_id: 0,
    gt_mask: mask(6, 18, 36),
    annotation: [{ segmentation: null, id: 0, click_id: 0 }],
    pred_list: [
      step(0, null, [], [1, 0, 4, 6]),
      step(1, 'Positive point: (333, 700)', { is_positive: true, coords: [2, 7] }),
      step(2, 'Negative point: (833, 100)', { is_positive: false, coords: [5, 1] }),
    ],
    outputs: 'Finish',
    ...more,
  });
  const one = (row: unknown) =>
    traceFormat('segagent-predictions').read(
      JSON.stringify(row),
      { file: 'a.json', line: 1, element: 4 },
      memoryDir({}),
    );

  it('have the policy’s own texts as turns, and each click in its turn', async () => {
    const { record, problems } = await one(prediction());
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      response: 'Positive point: (333, 700)\nNegative point: (833, 100)\nFinish',
      prompt: 'The object description is as follows:<ref><description></ref>\nperson bottom left',
      loggedClicks: [
        { x: 7, y: 2, positive: true, turn: 0 },
        { x: 1, y: 5, positive: false, turn: 1 },
      ],
      masks: [{ click: null }, { click: 0, iou: null }, { click: 1 }],
      truthMask: { size: [6, 10] },
    });
    expect(record?.statedTurns).toHaveLength(3);
    expect(record?.fields).toContainEqual({ name: 'used_box', value: [[1, 0, 4, 6], null, null] });
    // An episode that ran out of clicks ends with the text of its last one.
    expect((await one(prediction({ outputs: 'Negative point: (833, 100)' }))).record?.statedTurns).toHaveLength(2);
  });

  it('with broken steps keep the good ones', async () => {
    const { record, problems } = await one(
      prediction({ pred_list: [7, step(1, 'x', { coords: ['a'] }), step(2, null, null)] }),
    );
    expect(record).toMatchObject({ loggedClicks: [], masks: [{ click: null }, { click: null }] });
    expect(problems.map(({ message }) => message)).toEqual([
      '"pred_list" element 0 is a number; it was left out',
      '"pred_list" element 1 has no click at [row, column]',
    ]);
    expect(await one({ img_path: 'a' })).toMatchObject({ record: null, problems: [{ element: 4 }] });
  });

  it('and traces are told by their first bytes', async () => {
    const detect = (text: string) => detectTrace({ dir: memoryDir({ 'a.json': text }), file: 'a.json' });
    expect(await detect(JSON.stringify({ info: { args: {} }, data: [object()] }))).toMatchObject({
      format: 'segagent',
    });
    const long = { info: {}, data: [object({ clicks_list: Array(500).fill(click(0, [1, 1], true, 0)) })] };
    expect(await detect(JSON.stringify(long))).toMatchObject({ format: 'segagent' });
    const format = 'segagent-predictions';
    expect(await detect(JSON.stringify([prediction()]))).toMatchObject({ format });
    expect(await detect(JSON.stringify([prediction({ pred_list: Array(500).fill(step(0, 'x', [])) })]))).toMatchObject({
      format,
    });
    const folder = memoryDir({
      'a.json': JSON.stringify({ info: {}, data: [object()] }),
      'notes.json': '{}',
      'z.json': JSON.stringify({ info: {}, data: [object()] }),
    });
    expect(await detectTrace({ dir: folder, file: null })).toMatchObject({
      format: 'segagent',
      files: ['a.json', 'z.json'],
    });
    const predicted = memoryDir({ 'refcoco_newresults_1.json': JSON.stringify([prediction()]) });
    expect(await detectTrace({ dir: predicted, file: null })).toMatchObject({
      format,
      files: ['refcoco_newresults_1.json'],
    });
    for (const other of ['{"info": {}, "data": []}', '{"images": [], "annotations": []}', '[{"img_path": "a"}]'])
      expect(await detect(other)).toBeNull();
  });
});
