import { describe, expect, it } from 'vitest';
import type { Box, Size } from '../../../../src/core/geometry/box';
import { heuristicReward } from '../../../../src/core/reward/heuristicReward';
import { activeO3Paper, omniR1Sod } from '../../../../src/core/reward/profiles';
import { loggedAgainst } from '../../../../src/core/reward/scoring/loggedAgainst';
import { mappingProfile, weightedColumns } from '../../../../src/core/reward/scoring/mappingProfile';
import { builtInProfiles, parseProfile } from '../../../../src/core/reward/scoring/profile';
import type { RewardInput } from '../../../../src/core/reward/scoring/rewardInput';
import { prepareProfile, scoreRollout } from '../../../../src/core/reward/scoring/scoreRollout';
import type { JsonValue } from '../../../../src/core/text/jsonValue';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';
import type { Field } from '../../../../src/core/trajectory/rollout';

const image: Size = { width: 1288, height: 952 };
const regions = [
  [108, 79, 256, 242],
  [462, 82, 636, 258],
  [678, 127, 750, 258],
] as const;
const answer = JSON.stringify(regions.map((bbox_2d) => ({ bbox_2d, label: 'kite-dense region' })));
const response = `<think>There.</think><answer>${answer}</answer>`;
const truth: readonly Box[] = [
  { x1: 110, y1: 80, x2: 250, y2: 240 },
  { x1: 900, y1: 500, x2: 950, y2: 560 },
];

function input(text: string, more: Partial<RewardInput['rollout']> = {}, size: Size | null = image): RewardInput {
  const parsed = parseResponse(text, { dialect: 'active-o3' });
  return {
    rollout: { response: text, ...parsed, groundTruth: null, fields: [], reward: null, options: [], ...more },
    placed: {
      image,
      input: size,
      regions: parsed.regions.map(({ box }) => box),
      truth: truth.map((box) => ({ box, label: null })),
    },
  };
}

const profile = (id: string) => prepareProfile(builtInProfiles.find((one) => one.id === id) ?? fail(id));
function fail(id: string): never {
  throw new Error(`no profile ${id}`);
}

describe('the built-in profiles', () => {
  it.each([
    ['active-o3-paper', activeO3Paper],
    ['omni-r1-sod', omniR1Sod],
  ] as const)('%s equals the heuristic reward it stands for', (id, reference) => {
    for (const text of [response, '<think>a</think><answer>[]</answer>', 'nothing']) {
      const given = input(text);
      const boxes = typeof given.placed === 'string' ? [] : given.placed.regions.filter((box) => box !== null);
      const expected = heuristicReward({ response: text, regions: boxes, truth, input: image }, reference);
      const scored = scoreRollout(given, profile(id));
      expect(scored.total).toMatchObject({ kind: 'value', value: expected.total });
      const values = scored.components.map(({ scored: one }) => (one.kind === 'value' ? one.value : null));
      expect(values).toEqual([expected.format, expected.noOverlap, expected.area, expected.coverage]);
    }
  });

  it('show the area vector of the reference: the third region fails the paper’s floor and passes the code’s', () => {
    const area = (id: string) => scoreRollout(input(response), profile(id)).components[2]?.scored;
    expect(area('active-o3-paper')).toEqual({ kind: 'value', value: 0 });
    expect(area('omni-r1-sod')).toEqual({ kind: 'value', value: 1 });
  });

  it('count in the original where the input’s size is unknown, and say so', () => {
    const area = scoreRollout(input(response, {}, null), profile('omni-r1-sod')).components[2]?.scored;
    expect(area).toMatchObject({ kind: 'value', note: expect.stringContaining('input size is unknown') });
  });

  it('say why a component cannot be recomputed, and the total with it', () => {
    const unplaced: RewardInput = { ...input(response), placed: 'The image is missing.' };
    expect(scoreRollout(unplaced, profile('active-o3-paper')).total).toEqual({
      kind: 'missing',
      reason: 'no_overlap: The image is missing.',
    });
    expect(scoreRollout(input(response), profile('logged')).total).toMatchObject({ kind: 'missing' });
    expect(scoreRollout(input(response, { reward: 2 }), profile('logged')).total).toEqual({ kind: 'value', value: 2 });
  });

  it('count the boxes that their own code counts: of VLM-R1 the first answer’s, of Visual-RFT the text’s without one', () => {
    const hit = JSON.stringify([{ bbox_2d: [110, 80, 250, 240], label: 'a' }]);
    const miss = JSON.stringify([{ bbox_2d: [0, 0, 9, 9], label: 'a' }]);
    const generic = (text: string): RewardInput => {
      const parsed = parseResponse(text, { dialect: 'generic' });
      const given = input(text);
      if (typeof given.placed === 'string') throw new Error(given.placed);
      const placed = {
        ...given.placed,
        regions: parsed.regions.map(({ box }) => box),
        truth: given.placed.truth.slice(0, 1),
      };
      return { placed, rollout: { ...given.rollout, ...parsed } };
    };
    const first = (id: string, text: string) => scoreRollout(generic(text), profile(id)).components[0]?.scored;
    const value = (number: number) => expect.objectContaining({ kind: 'value', value: number });
    for (const id of ['vlm-r1-rec', 'visual-rft']) {
      expect(first(id, `<answer>${hit}</answer> or <answer>${miss}</answer>`)).toEqual(value(1));
      expect(first(id, `<answer>${miss}</answer> or <answer>${hit}</answer>`)).toEqual(value(0));
    }
    expect(first('vlm-r1-rec', `It is ${hit}`)).toEqual(value(0));
    expect(first('visual-rft', `It is ${hit}`)).toEqual(value(1));
    const last = parseProfile({ id: 'x', boxes: {}, components: [{ name: 'iou', reward: 'boxes.iou' }] });
    const twice = generic(`<answer>${miss}</answer> or <answer>${hit}</answer>`);
    expect(scoreRollout(twice, prepareProfile(last)).total).toEqual(value(1));
    for (const boxes of [
      { answer: 'second' },
      { sections: [] },
      { sections: ['image'] },
      { sections: ['text', 'text'] },
      1,
    ])
      expect(() => parseProfile({ id: 'x', boxes, components: [{ reward: 'answer' }] })).toThrow('boxes');
  });

  it('compare answers by the look of the ground truth', () => {
    const right = input('<think>x</think><answer>(B)</answer>', { groundTruth: 'B' });
    const wrong = input('<think>x</think><answer>seven</answer>', { groundTruth: { answer: '7' } });
    const first = (given: RewardInput) => scoreRollout(given, profile('answer-format')).components[0]?.scored;
    expect(first(right)).toEqual({ kind: 'value', value: 1, note: 'multipleChoice: "B" against "B"' });
    expect(first(wrong)).toEqual({ kind: 'value', value: 0, note: 'number: "" against "7"' });
  });
});

describe('a profile that the user wrote', () => {
  it('sums its components by weight, with defaults and own parameters', () => {
    const own = parseProfile({
      id: 'mine',
      components: [
        { name: 'format', reward: 'format.strict', weight: 0.5 },
        { name: 'hit', reward: 'coverage.matchedTruth', weight: 2, parameters: { minIou: 0.95 } },
        { reward: 'logged.field', parameters: { field: 'acc' } },
      ],
    });
    const scored = scoreRollout(input(response, { fields: [{ name: 'acc', value: true }] }), prepareProfile(own));
    expect(scored.total).toMatchObject({ value: 0.5 + 2 * 0 + 1 });
    expect(own.components[2]?.name).toBe('logged.field');
  });

  it.each<[JsonValue, string]>([
    [[], 'the profile must be an object'],
    [{ id: 'a', components: [] }, 'components must be a list'],
    [{ id: 'a', components: [{ reward: 'nope' }] }, 'components[0].reward must be one of format.strict'],
    [{ id: 'a', components: [{ reward: 'format.r1', weight: '1' }] }, 'components[0].weight must be a finite number'],
    [{ id: 'a', components: [{ reward: 'answer', parameters: { which: 'all' } }] }, 'which must be one of first, last'],
    [{ id: 'a', components: [{ reward: 'answer', parameters: { __proto__x: 1 } }] }, 'must be one of rule, which'],
    [{ id: 'a', components: [{ reward: 'answer' }, { reward: 'answer' }] }, '"answer" stands twice'],
  ])('is refused with the field that is wrong', (value, words) => {
    expect(() => parseProfile(value)).toThrow(words);
  });
});

describe('profiles of single systems', () => {
  const score = (id: string, text: string, more: Partial<RewardInput['rollout']> = {}) => {
    const made = scoreRollout(input(text, more), profile(id));
    const numbers = made.components.map(({ name, scored }) => [
      name,
      scored.kind === 'value' ? scored.value : scored.reason,
    ]);
    return { ...Object.fromEntries(numbers), total: made.total.kind === 'value' ? made.total.value : null };
  };

  it('Visual-RFT: confidences rank the boxes and are scored; a box without one has none', () => {
    const text =
      "<think>a</think><answer>[{'Position': [110, 80, 250, 240], 'Confidence': 0.75}, {'Position': [0, 0, 9, 9], 'Confidence': 0.5}]</answer>";
    const sure = parseResponse(text, { dialect: 'generic' });
    const boxes = {
      image,
      input: null,
      regions: sure.regions.map(({ box }) => box),
      truth: [{ box: truth[0]!, label: null }],
    };
    const one = (regions: typeof sure.regions) => {
      const { rollout } = input(text, { regions, turns: sure.turns });
      return scoreRollout({ rollout, placed: boxes }, profile('visual-rft-confidence'));
    };
    expect(sure.regions.map(({ confidence }) => confidence)).toEqual([0.75, 0.5]);
    const known = one(sure.regions).components.map(({ scored }) => (scored.kind === 'value' ? scored.value : null));
    expect(known).toEqual([0.5, (0.75 + 0.5) / 2, 1]);
    const unsure = one(sure.regions.map(({ confidence: _, ...region }) => region));
    expect(unsure.components[1]?.scored).toMatchObject({ kind: 'missing', reason: expect.stringContaining('Box 1') });
    expect(unsure.total.kind).toBe('missing');
  });

  it('Omni-R1: frames are counted once, terms that were not computed count nothing', () => {
    const moment = (start: string, end: string, description: string | null = 'dog') => ({
      start_time: start,
      end_time: end,
      description,
    });
    const fields = (...keyframes: readonly JsonValue[]) => ({
      fields: [
        { name: 'cumulated_reward', value: 1 },
        { name: 'keyframes', value: keyframes },
      ],
    });
    // Frames 5, 6 and 6: two of them, one named twice, one moment a frame too long.
    const twice = score('omni-r1', '', fields(moment('00:02.50', '00:03.00'), moment('00:03.00', '00:03.20')));
    expect(twice).toMatchObject({ total_frame_reward: 0.8, total_overlap_reward: -0.7, sam_iou: 0 });
    expect(twice.total).toBeCloseTo(1.1, 12);
    const odd = fields(
      moment('00:04.00', '00:03.00'),
      moment('soon', '00:03.00'),
      moment('00:01.00', '00:01.00', null),
      7,
    );
    expect(score('omni-r1', '', odd)).toMatchObject({
      total_frame_reward: 'No moment of the answer can be read.',
      total: null,
    });
    expect(score('omni-r1', '', fields(moment('00:00.00', '999999:00.00')))).toMatchObject({
      total_frame_reward: expect.stringContaining('longer'),
    });
    expect(
      score('omni-r1', '', { fields: [{ name: 'keyframes', value: [moment('00:01.00', '00:01.00')] }] }).total,
    ).toBeNull();
  });

  it('Active-Zero: a solver by its boxed answer, a questioner by how much the solver’s answers agree', () => {
    expect(score('active-zero-solver', '\\boxed{12}', { groundTruth: '12' })).toMatchObject({
      format: 1,
      accuracy: 1,
      total: 1,
    });
    const asked = (share: number) => score('active-zero-questioner', '', { fields: [{ name: 'score', value: share }] });
    expect([0.5, 0.9, -1].map((share) => asked(share))).toMatchObject([
      { calibrated: 0.5 },
      { calibrated: expect.closeTo(0.1, 12) },
      { calibrated: -1 },
    ]);
    const whole = [
      { name: 'score', value: 0.5 },
      { name: 'format', value: 1 },
      { name: 'penalty', value: 0.2 },
    ];
    expect(score('active-zero-questioner', '', { fields: whole }).total).toBeCloseTo(0.9 * 0.5 + 0.1 - 0.2, 12);
  });

  it('SegAgent: the state counts, what clicks add stands beside it', () => {
    const mask = (click: number | null, iou: number | null) => ({ click, iou, size: [1, 1] as const, counts: '' });
    const steps = [mask(null, 0.1), mask(0, 0.6), mask(1, 0.5)];
    expect(score('segagent', '', { masks: steps })).toMatchObject({
      iou: 0.5,
      click_gain: expect.closeTo(-0.1, 12),
      clicks_kept: 0.5,
      total: 0.5,
    });
    expect(score('segagent', '', { masks: [mask(0, null), mask(1, 0.5)] }).clicks_kept).toContain('every click');
  });
});

describe('components that a user weighted', () => {
  const half = { name: 'format', weight: 0.5 };
  it('are a profile once each has its weight', () => {
    expect(weightedColumns([half, { name: 'acc', weight: null }])).toBeNull();
    expect(weightedColumns([])).toBeNull();
    const columns = weightedColumns([half, { name: 'acc', weight: 2 }]) ?? [];
    const mine = prepareProfile(parseProfile(mappingProfile('mine', 'Mine', columns)));
    const total = (...fields: readonly Field[]) => scoreRollout(input(response, { fields }), mine).total;
    const format = { name: 'format', value: 1 };
    expect(total(format, { name: 'acc', value: 3 })).toMatchObject({ value: 6.5 });
    expect(total(format, { name: 'acc', value: Number.NaN })).toMatchObject({ value: 0.5 });
    expect(total(format)).toMatchObject({ kind: 'missing' });
  });
});

describe('logged against recomputed', () => {
  const value = (number: number) => ({ kind: 'value', value: number }) as const;
  it('is equal, differs, or cannot be told', () => {
    expect(loggedAgainst(1, value(1 + 1e-7))).toEqual({ kind: 'equal' });
    expect(loggedAgainst(Number.NaN, value(Number.NaN))).toEqual({ kind: 'equal' });
    expect(loggedAgainst(1, value(0))).toEqual({ kind: 'differs', by: -1 });
    expect(loggedAgainst(1, { kind: 'missing', reason: 'A judge scored it.' })).toMatchObject({
      kind: 'notRecomputable',
    });
    expect(loggedAgainst(null, value(1))).toEqual({ kind: 'notLogged' });
  });
});
