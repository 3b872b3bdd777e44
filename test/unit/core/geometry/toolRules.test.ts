import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';
import { knownRules, toolRulesOf } from '../../../../src/core/trajectory/tools/chooseRules';
import { call, choice, close, crop, end, replay, size } from './replay';

const zoomCall = (box: string, target: number | null = 1, name = 'crop_image_normalized') =>
  call(box, name, target === null ? '' : `, "target_image":${target}`);

describe('Pixel-Reasoner', () => {
  const image = size(1000, 500);
  const sized = 'tool:\nHere is the cropped image (Image Size: 644x336):';

  it('pads a tenth on each side, and cuts crops of crops from what they were resized to', () => {
    const told = [zoomCall('[0.3, 0.4, 0.5, 0.6]'), sized, zoomCall('[0.5, 0.5, 0.6, 0.6]', 2), sized, end];
    const { executed, meant, sizes } = replay('pixel-reasoner', image, told);
    expect(executed).toEqual(
      close([
        [200, 150, 600, 350],
        // [0.4, 0.7] of 644 × 336 is 257.6 to 450.8 and 134.4 to 235.2, rounded; a pixel is 400/644 by 200/336 wide.
        [200 + (258 * 400) / 644, 150 + (134 * 200) / 336, 200 + (451 * 400) / 644, 150 + (235 * 200) / 336],
      ]),
    );
    expect(meant).toEqual(
      close([
        [300, 200, 500, 300],
        [400, 250, 440, 270],
      ]),
    );
    expect(sizes[1]).toEqual([644, 336]);
  });

  it('computes the size that the log does not say: 400×200 grown to at least 256 · 28²', () => {
    const told = [zoomCall('[0.3, 0.4, 0.5, 0.6]'), crop, end];
    expect(replay('pixel-reasoner', image, told).sizes[1]).toEqual([644, 336]);
  });

  it.each([
    // Pixels, unless all four are below 1: the 1 of [0, 0, 1, 1] is a pixel.
    ['[100, 100, 200, 200]', 'crop_image_normalized', size(1000, 500), [0, 50, 300, 250]],
    ['[0, 0, 1, 1]', 'crop_image_normalized', size(1000, 500), [0, 0, 101, 51]],
    // zoom_in pads by at most 600 pixels: 0.05 of 12,000.
    ['[0.5, 0.5, 0.6, 0.6]', 'zoom_in', size(12_000, 6000), [5400, 2400, 7800, 4200]],
  ])('cuts %s by %s', (box, name, of, expected) => {
    expect(replay('pixel-reasoner', of, [zoomCall(box, 1, name), crop, end]).executed).toEqual([expected]);
  });

  it('refuses small crops and calls without a picture, and runs only a call at the end of a turn, the last', () => {
    const status = (told: string, of = image) => replay('pixel-reasoner', of, [told, crop, end]).status;
    expect(status(zoomCall('[0, 0, 0.01, 0.01]'), size(200, 200))).toEqual([expect.stringContaining('22×22')]);
    expect(status(zoomCall('[0.1, 0.1, 0.5, 0.5]', null))).toEqual([expect.stringContaining('target_image')]);
    expect(status(`${zoomCall('[0.1, 0.1, 0.5, 0.5]')} so`)).toEqual([expect.stringContaining('ends its turn')]);
    expect(status(zoomCall('[0.1, 0.1, 0.5, 0.5]') + zoomCall('[0.2, 0.1, 0.5, 0.5]'))).toEqual([
      expect.stringContaining('last call'),
      'executed',
    ]);
    expect(status(zoomCall('[0.1, 0.1, 0.5, 0.5]', 2))).toEqual([expect.stringContaining('Picture 1 is not')]);
  });

  it('cannot place a box of a picture behind frames of a video', () => {
    const frames = '<tool_call>{"name": "select_frames", "arguments": {"target_frames": [1, 2]}}</tool_call>';
    const told = [frames, 'tool:Here are the selected frames', zoomCall('[0.1, 0.1, 0.5, 0.5]', 2), crop, end];
    expect(replay('pixel-reasoner', image, told).steps).toMatchObject([
      { status: { kind: 'unplaced' }, meant: null, executed: null, view: 1 },
    ]);
  });
});

describe('Chain-of-Focus', () => {
  const run = (box: string) => replay('chain-of-focus', size(1000, 800), [call(box), crop, end]);
  const original = (box: readonly number[]) =>
    box.map((value, i) => (i % 2 === 0 ? (value * 1000) / 1008 : (value * 800) / 812));

  it('enlarges the box by half in the resized image, cuts it towards zero and doubles the crop', () => {
    expect(run('[100, 200, 300, 400]').executed).toEqual(close([original([50, 150, 350, 450])]));
    expect(run('[100, 200, 300, 400]').meant).toEqual(close([original([100, 200, 300, 400])]));
    expect(run('[100, 200, 300, 400]').sizes).toEqual([
      [1008, 812],
      [588, 588],
    ]);
    // Half of 101 · 1.5 is 75.75: 50.5 ± 75.75 and 53.5 ± 75.75, clamped.
    expect(run('[0, 3, 101, 104]').executed).toEqual(close([original([0, 0, 126, 129])]));
  });

  it('gives the whole image back, doubled, for a box beyond it', () => {
    const { status, executed, views } = run('[900, 0, 1009, 100]');
    expect(status).toEqual([expect.stringContaining('beyond the image')]);
    expect(executed).toEqual([null]);
    expect(views[1]).toMatchObject({ box: { x1: 0, y1: 0, x2: 1000, y2: 800 }, held: { width: 2016, height: 1624 } });
  });
});

describe('GeoVista', () => {
  const run = (box: string) => replay('geovista', size(4000, 2000), [call(box), crop, end]);

  it('cuts the stored image by the ratio of the widths, towards zero, unclamped', () => {
    // 8 million pixels are sent as 2048 × 1024: a pixel is 1.953125 wide.
    expect(run('[100, 100, 200.6, 200.6]').executed).toEqual([[195, 195, 391, 391]]);
    expect(run('[100, 100, 200.6, 200.6]').meant).toEqual(close([[195.3125, 195.3125, 391.796875, 391.796875]]));
    expect(run('[100, 100, 200.6, 200.6]').sizes[1]).toEqual([280, 280]);
    expect(run('[2000, 1000, 2100, 1100]').executed).toEqual([[3906, 1953, 4101, 2148]]);
    expect(run('[300, 0, 200, 100]').status).toEqual([expect.stringContaining('swapped')]);
  });

  it('makes five crops and runs the first call of a message', () => {
    const told = Array.from({ length: 6 }, () => [call('[0, 0, 100, 100]'), crop]).flat();
    expect(replay('geovista', size(400, 400), [...told, end]).status[5]).toContain('at most 5');
    const two = call('[0, 0, 100, 100]') + call('[0, 0, 50, 50]');
    expect(replay('geovista', size(400, 400), [two, crop, end]).executed).toEqual([[0, 0, 100, 100], null]);
  });
});

describe('ERGO', () => {
  const run = (inside: string) => replay('ergo', size(1000, 800), [`<zoom>${inside}</zoom>`, crop, end]);

  it('scales pixels of the resized input to the stored image and cuts towards zero', () => {
    const { executed, sizes } = run('[100, 200, 300, 400]');
    expect(executed).toEqual([[99, 197, 297, 394]]);
    expect(sizes[1]).toEqual([196, 196]);
    expect(run('[900, 700, 1100, 900]').executed).toEqual([[892, 689, 1000, 800]]);
  });

  it.each(['[1, 2, 3, 4] or [5, 6, 7, 8]', '[1.5, 2, 30, 40]'])('gives the whole image back for %s', (inside) => {
    const { views, executed } = run(inside);
    expect(executed[0]).toBeNull();
    expect(views[1]).toMatchObject({ box: { x1: 0, y1: 0, x2: 1000, y2: 800 } });
  });
});

describe('DeepEyes’ evaluation', () => {
  it('cuts the first call of a message as it stands, black beyond the image', () => {
    const two = call('[-10, -10, 100.5, 100]') + call('[0, 0, 50, 50]');
    const { executed, sizes } = replay('deepeyes-eval', size(1000, 800), [two, crop, end]);
    expect(executed).toEqual([[-10, -10, 100, 100], null]);
    expect(sizes[1]).toEqual([112, 112]);
  });
});

describe('ACTIVE-O3’s demo', () => {
  it('cuts the image as enlarged to a short side of 1024', () => {
    const resize = {
      factor: 28,
      minPixels: 3136,
      maxPixels: 12_845_056,
      before: { shortSide: 1024, mode: 'atLeast' },
    } as const;
    const frames = [choice('prediction', { kind: 'input', resize })];
    // 800 × 600 becomes 1365 × 1024, the input 1372 × 1036: a tenth and a half of it.
    const text = '<think>t</think><answer>[{"bbox_2d": [686, 518, 137.2, 103.6], "label": "a"}]</answer>';
    const { executed, sizes } = replay('active-o3', size(800, 600), [text], frames);
    const x = (value: number) => (value * 800) / 1365;
    const y = (value: number) => (value * 600) / 1024;
    expect(executed).toEqual(close([[x(136), y(102), x(682), y(512)]]));
    expect(sizes).toEqual([
      [1365, 1024],
      [546, 410],
    ]);
  });
});

describe('no tool in particular', () => {
  it('cuts what the frame in force says, clamped; without a frame nothing can be placed', () => {
    const frames = [choice('tool', { kind: 'relative1000' })];
    const told = [call('[100, 500, 1200, 600]'), crop, end];
    expect(replay('generic', size(2000, 1000), told, frames)).toMatchObject({
      executed: [[200, 500, 2000, 600]],
      meant: [[200, 500, 2400, 600]],
    });
    expect(replay('generic', size(2000, 1000), told).steps).toMatchObject([
      { status: { kind: 'unplaced' }, executed: null },
    ]);
  });
});

describe('the choice of rules', () => {
  const choose = (text: string, format: string, chosen: 'verl' | null = null) =>
    toolRulesOf({ ...parseResponse(text, { dialect: 'generic' }), response: text }, format, chosen);
  const verlDump = `${call('[1, 2, 30, 40]')}\nuser\n<tool_response>\nZoomed in on the image to the region [1, 2, 30, 40].\n</tool_response>\nassistant\n${end}`;

  it('is the user’s, the format’s, what the log shows, else none in particular, and says why', () => {
    expect(choose(verlDump, 'deepeyes-eval', 'verl')).toMatchObject({ rules: { id: 'verl' }, origin: 'user' });
    expect(choose(verlDump, 'deepeyes-eval')).toMatchObject({ rules: { id: 'deepeyes-eval' }, origin: 'format' });
    expect(choose(verlDump, 'verl-dump')).toMatchObject({ rules: { id: 'verl' }, origin: 'log' });
    const deepEyes = verlDump.replace(
      /Zoomed.*/,
      '<image>\nThink first, call **image_zoom_in_tool** if needed, then answer.',
    );
    expect(choose(deepEyes, 'verl-dump')).toMatchObject({ rules: { id: 'deepeyes' }, origin: 'log' });
    const pads = `<|vision_start|>${'<|image_pad|>'.repeat(300)}<|vision_end|>`;
    expect(choose(deepEyes.replace('<image>', pads), 'rl-logging-board')).toMatchObject({ rules: { id: 'deepeyes' } });
    const several = `</tool_response>\nThink in the mind first, and then decide whether to call tools one or more times OR provide final answer.`;
    expect(choose(verlDump.replace(/Zoomed[\s\S]*<.tool_response>/, `<image>${several}`), 'verl-dump')).toMatchObject({
      rules: { id: 'deepeyes-v5' },
    });
    expect(choose(zoomCall('[0, 0, 0.5, 0.5]'), 'messages')).toMatchObject({ rules: { id: 'pixel-reasoner' } });
    expect(choose(call('[1, 2, 30, 40]'), 'verl-dump')).toMatchObject({ rules: { id: 'generic' }, origin: 'default' });
    const unsaid = parseResponse(call('[1, 2, 30, 40]'), { dialect: 'generic' });
    const rollout = { ...unsaid, response: call('[1, 2, 30, 40]') };
    expect(toolRulesOf(rollout, 'verl-dump', null, 'deepeyes')).toMatchObject({
      rules: { id: 'deepeyes' },
      origin: 'config',
    });
    for (const { source } of knownRules.slice(0, -2)) expect(source).toMatch(/\.py.*, [\w-]+\/[\w-]+/);
  });
});
