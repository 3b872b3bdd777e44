import { describe, expect, it } from 'vitest';
import type { Box } from '../../../../src/core/geometry/box';
import { areaRangeReward, areaRatio } from '../../../../src/core/reward/areaRangeReward';
import { coverageReward, matchedTruthReward } from '../../../../src/core/reward/coverageReward';
import { formatReward, softJsonFormatReward, tagFormatReward } from '../../../../src/core/reward/formatReward';
import { heuristicReward } from '../../../../src/core/reward/heuristicReward';
import { noOverlapReward } from '../../../../src/core/reward/noOverlapReward';
import { activeO3Paper, omniR1Sod } from '../../../../src/core/reward/profiles';

const box = (x1: number, y1: number, x2: number, y2: number): Box => ({ x1, y1, x2, y2 });
const input = { width: 1288, height: 952 };
/** The regions of the reference's worked example. */
const three = [box(108, 79, 256, 242), box(462, 82, 636, 258), box(678, 127, 750, 258)];
const list = '[{"bbox_2d": [108, 79, 256, 242], "label": "a"}, {"bbox_2d": [462, 82, 636, 258], "label": "b"}]';
const good = `<think>t</think><answer>${list}</answer>`;

describe('area ratio', () => {
  it('counts whole pixels: the worked example of three regions in 1288×952', () => {
    expect(three.map((b) => areaRatio(b, input).toFixed(5))).toEqual(['0.01993', '0.02526', '0.00786']);
  });

  it('fails the paper, whose floor is 1 %, and passes the code, whose floor is 0.1 %', () => {
    const { minAreaRatio: p0, maxAreaRatio: p1 } = activeO3Paper;
    const { minAreaRatio: c0, maxAreaRatio: c1 } = omniR1Sod;
    expect(areaRangeReward(three, input, p0.value, p1.value)).toBe(0);
    expect(areaRangeReward(three.slice(0, 2), input, p0.value, p1.value)).toBe(1);
    expect(areaRangeReward(three, input, c0.value, c1.value)).toBe(1);
    expect(areaRangeReward([], input, c0.value, c1.value)).toBe(0);
    expect(areaRangeReward([box(0, 0, 1287, 951)], input, c0.value, c1.value)).toBe(0);
  });
});

describe('no overlap', () => {
  it('holds for apart regions, for one and for none', () => {
    expect(noOverlapReward(three, 0.3)).toBe(1);
    expect(noOverlapReward(three.slice(0, 1), 0.3)).toBe(1);
    expect(noOverlapReward([], 0.3)).toBe(1);
  });

  it('allows exactly τ: an IoU of 1/3 fails 0.3 and passes 0.5', () => {
    const pair = [box(0, 0, 10, 10), box(5, 0, 15, 10)];
    expect(noOverlapReward(pair, 1 / 3)).toBe(1);
    expect(noOverlapReward(pair, 0.3)).toBe(0);
    expect(noOverlapReward(pair, 0.5)).toBe(1);
  });
});

describe('coverage', () => {
  it('is the share of ground truth that a single region covers to 95 %, in whole pixels', () => {
    const truth = [box(10, 10, 19, 19), box(100, 100, 109, 109)];
    expect(coverageReward([box(0, 0, 50, 50)], truth, 0.95)).toBe(0.5);
    // 9 of 10 columns are 90 %; two halves by two regions are not one region.
    expect(coverageReward([box(11, 10, 30, 30)], truth, 0.95)).toBe(0);
    expect(coverageReward([box(0, 0, 14, 50), box(15, 0, 50, 50)], truth, 0.95)).toBe(0);
    expect(coverageReward([box(11, 10, 30, 30)], truth, 0.9)).toBe(0);
    expect(coverageReward([box(11, 10, 30, 30)], truth, 0.89)).toBe(0.5);
  });

  it('by the paper matches ground truth by IoU', () => {
    const truth = [box(0, 0, 10, 10), box(100, 100, 110, 110)];
    expect(matchedTruthReward([box(0, 0, 10, 10)], truth, 0.5)).toBe(0.5);
    expect(matchedTruthReward([box(5, 0, 15, 10)], truth, 0.5)).toBe(0);
    expect(matchedTruthReward([box(5, 0, 15, 10)], truth, 1 / 3)).toBe(0.5);
  });

  it('is not a number without ground truth', () => {
    expect(coverageReward(three, [], 0.95)).toBeNaN();
    expect(matchedTruthReward(three, [], 0.5)).toBeNaN();
  });
});

describe('format', () => {
  it.each([
    ['a list between both pairs of tags', good, 1],
    ['a fenced list', `<think>t</think>\n<answer>\n\`\`\`json\n${list}\n\`\`\`\n</answer>`, 1],
    ['no thought', `<answer>${list}</answer>`, 0],
    ['no closing answer tag', `<think>t</think><answer>${list}`, 0],
    ['no list but an object', '<think>t</think><answer>{"bbox_2d": [1, 2, 3, 4]}</answer>', 0],
    ['an empty list', '<think>t</think><answer>[]</answer>', 0],
    ['a key that needs mending', '<think>t</think><answer>[{"bbox_2d [1, 2, 3, 4]": "a"}]</answer>', 0],
    ['five numbers', '<think>t</think><answer>[{"bbox_2d": [1, 2, 3, 4, 5]}]</answer>', 0],
    ['cut off JSON', '<think>t</think><answer>[{"bbox_2d": [1, 2, 3, 4]}</answer>', 0],
  ])('by the paper: %s', (_, response, expected) => expect(formatReward(response)).toBe(expected));

  it.each([
    ['[ {"bbox_2d" : [-1, 2.50, 3 ,4] , "label":"a b"}\n,\t{"bbox_2d":[0,0,1,1],"label":""} ]', 1],
    ['[{"label": "a", "bbox_2d": [1, 2, 3, 4]}]', 1],
    ['[{"bbox_2d": [1, 2, 3, 4e1], "label": "\\u00e9"}]', 1],
    ['[{"bbox_2d": [01, 2, 3, 4], "label": "a"}]', 0],
    ['[{"bbox_2d": [1., 2, 3, 4], "label": "a"}]', 0],
    ['[{"bbox_2d": [1, 2, 3, 1e999], "label": "a"}]', 0],
    ['[{"bbox_2d": [1, 2, 3, NaN], "label": "a"}]', 0],
    ['[{"bbox_2d": [1, 2, 3, 4], "label": NaN}]', 1],
    ['[{"bbox_2d": [1, 2, 3, 4], "label": "a\nb"}]', 0],
    ['[{"bbox_2d": [1, 2, 3, 4], "label": "a"},]', 0],
    ['[{"bbox_2d": [1, 2, 3, 4], "label": "a"} {"bbox_2d": [1, 2, 3, 4], "label": "a"}]', 0],
    ['[\u00a0{"bbox_2d": [1, 2, 3, 4], "label": "a"}]', 0],
    ['\uFEFF[{"bbox_2d": [1, 2, 3, 4], "label": "a"}]', 1],
  ])('by the paper takes JSON, however it is spelled, and only JSON: %j', (answer, expected) => {
    expect(formatReward(`<think>t</think><answer>${answer}</answer>`)).toBe(expected);
  });

  it.each([
    ['good objects', good, 1],
    ['no object at all', 'I see nothing.', 1],
    ['an object that is no JSON is dropped', `{not json} ${list}`, 1],
    ['a missing label', '[{"bbox_2d": [1, 2, 3, 4]}]', 0],
    ['a bad object in the thought', `<think>{"a": 1}</think>${good}`, 0],
  ])('by the sibling code: %s', (_, response, expected) => expect(softJsonFormatReward(response)).toBe(expected));

  it.each([
    ['the whole response', '<think>a</think>\n<answer>b</answer>', 1],
    ['text before', 'x<think>a</think><answer>b</answer>', 0],
    ['text after', '<think>a</think><answer>b</answer>\n', 0],
    ['text between', '<think>a</think>x<answer>b</answer>', 0],
    ['a later place where the tags meet', '<think>a</think>x</think><answer>b</answer>', 1],
    ['one closing tag for both', '<think></answer>', 0],
  ])('by tags alone: %s', (_, response, expected) => expect(tagFormatReward(response)).toBe(expected));
});

describe('the heuristic reward', () => {
  const truth = [box(150, 100, 170, 120), box(470, 90, 480, 99), box(900, 900, 910, 910)];

  it('adds four components in the code profile', () => {
    const reward = heuristicReward({ response: good, regions: three.slice(0, 2), truth, input }, omniR1Sod);
    expect(reward).toMatchObject({ format: 1, noOverlap: 1, area: 1, coverage: 2 / 3 });
    expect(reward.total).toBeCloseTo(3 + 2 / 3, 12);
  });

  it('is stricter by the paper: small truth is not matched by IoU, the third region is too small', () => {
    expect(heuristicReward({ response: good, regions: three, truth, input }, activeO3Paper)).toEqual({
      format: 1,
      noOverlap: 1,
      area: 0,
      coverage: 0,
      total: 2,
    });
  });

  it('gives an empty answer 1 in the code profile: its format', () => {
    const given = { response: '<think>t</think><answer></answer>', regions: [], truth, input };
    expect(heuristicReward(given, omniR1Sod)).toEqual({ format: 1, noOverlap: 0, area: 0, coverage: 0, total: 1 });
  });

  it('names a source and a status for every constant', () => {
    for (const profile of [activeO3Paper, omniR1Sod]) {
      const { maxOverlap, minAreaRatio, maxAreaRatio, coverageThreshold, weights } = profile;
      for (const constant of [maxOverlap, minAreaRatio, maxAreaRatio, coverageThreshold, ...Object.values(weights)]) {
        expect(constant.source).not.toBe('');
      }
    }
    expect(activeO3Paper.coverageThreshold.status).toBe('assumed');
    expect(omniR1Sod.coverageThreshold.status).toBe('code');
  });
});
