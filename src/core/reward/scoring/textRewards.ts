import { answerOf, type MatchRule, matchAnswer, ruleFor } from '../answerMatch';
import { type DialectFormat, dialectFormatReward } from '../dialectFormat';
import { formatReward, softJsonFormatReward } from '../formatReward';
import { toolRatio, toolRatioReward } from '../toolRatioReward';
import { missing, type ParameterSpec, type RewardDefinition, type RewardSource, type Scored, value } from './component';
import { type RewardInput, usesTool } from './rewardInput';

const dialects: readonly { readonly dialect: DialectFormat; readonly title: string; readonly text: string }[] = [
  { dialect: 'r1', title: 'Thought and answer, nothing else', text: 'R1-V family, open-r1 (format_reward, fullmatch)' },
  {
    dialect: 'vlm-r1-rec',
    title: 'Thought, then an answer with a box',
    text: 'om-ai-lab/VLM-R1 at 90052f4, format_reward_rec',
  },
  { dialect: 'ergo-zoom', title: 'Thought, then one zoom', text: 'nota-github/ERGO at c6d6742, const.py (prompt)' },
  {
    dialect: 'mini-o3',
    title: 'Every turn thinks, then grounds; the last answers',
    text: 'Mini-o3 at 8654dbf, constants.py',
  },
  { dialect: 'boxed', title: 'An answer in \\boxed{}', text: 'Pixel-Reasoner at a3a6c3a; Active-Zero at db650b8' },
];

const answerRule: ParameterSpec = {
  name: 'rule',
  value: 'auto',
  words: ['auto', 'exact', 'multipleChoice', 'number', 'f1'],
  about: 'how answers are compared; auto: by the look of the ground truth',
};

/** Rewards that look at the text alone. */
export const textRewards: readonly RewardDefinition[] = [
  {
    id: 'format.strict',
    title: 'Format as the paper asks',
    source: { text: 'ACTIVE-O3 paper, appendix B (R_format)', status: 'paper' },
    parameters: [],
    compute: ({ rollout }) => value(formatReward(rollout.response)),
  },
  {
    id: 'format.softJson',
    title: 'Every object has bbox_2d and label',
    source: { text: 'aim-uofa/Omni-R1 at 1de42f8, sod_lvis.py', status: 'code' },
    parameters: [],
    compute: ({ rollout }) => value(softJsonFormatReward(rollout.response)),
  },
  ...dialects.map(
    ({ dialect, title, text }): RewardDefinition => ({
      id: `format.${dialect}`,
      title,
      source: { text, status: 'code' },
      parameters: [],
      compute: ({ rollout }) => value(dialectFormatReward(rollout.response, assistantTexts(rollout), dialect)),
    }),
  ),
  {
    id: 'answer',
    title: 'The answer is right',
    source: { text: 'rule named beside the number', status: 'user' },
    parameters: [
      answerRule,
      {
        name: 'which',
        value: 'last',
        words: ['first', 'last'],
        about: 'which <answer> counts (VLM-R1 first, DeepEyes last)',
      },
    ],
    compute: (input, p) => answerReward(input, p.word('rule'), p.word('which')),
  },
  {
    id: 'tool.used',
    title: 'A tool was called',
    source: { text: 'count of calls in the trace', status: 'log' },
    parameters: [],
    compute: ({ rollout }) => value(usesTool(rollout) ? 1 : 0),
  },
  {
    id: 'tool.ratio',
    title: 'The answer is right, and the group uses tools as seldom as it should',
    source: {
      text: '*Look Less, Reason More* (no code released); the paper states the ratio, not the formula',
      status: 'guess',
    },
    ofGroup: true,
    parameters: [
      { name: 'target', value: 0.2, about: 'share of a group’s rollouts that may call a tool (paper 0.2)' },
      answerRule,
    ],
    compute: (input, p) => {
      const right = answerReward(input, p.word('rule'), 'last');
      if (right.kind === 'missing') return right;
      const { rollout, toolUse } = input;
      if (toolUse === undefined) return missing('The rollouts of the group are not all at hand.');
      const ratio = toolRatio(toolUse.map((usedTool) => ({ usedTool })));
      const own = { usedTool: usesTool(rollout), correct: right.value === 1 };
      return value(
        toolRatioReward(own, ratio, p.number('target')),
        `${toolUse.filter(Boolean).length} of ${toolUse.length} call a tool`,
      );
    },
  },
];

const logged: RewardSource = { text: 'the log', status: 'log' };

/** Rewards that are taken from the log as they stand. */
export const loggedRewards: readonly RewardDefinition[] = [
  {
    id: 'logged.total',
    title: 'Logged total',
    source: logged,
    parameters: [],
    compute: ({ rollout }) => (rollout.reward === null ? missing('The log holds no total.') : value(rollout.reward)),
  },
  {
    id: 'logged.field',
    title: 'Logged field',
    source: logged,
    parameters: [
      { name: 'field', value: '', about: 'name of the logged column' },
      {
        name: 'notApplied',
        value: 'nan',
        words: ['nan', 'zero'],
        about: 'what NaN counts as: TRL logs it for a function that did not apply, and adds nothing',
      },
      {
        name: 'absent',
        value: 'missing',
        words: ['missing', 'zero'],
        about: 'what a row without the column counts as',
      },
    ],
    compute: ({ rollout }, p) => {
      const name = p.word('field');
      const found = rollout.fields.find((field) => field.name === name)?.value;
      if (typeof found === 'boolean') return value(found ? 1 : 0);
      if (Number.isNaN(found) && p.word('notApplied') === 'zero') return value(0, 'did not apply (NaN)');
      if (found === undefined && p.word('absent') === 'zero') return value(0, `the row has no "${name}"`);
      return typeof found === 'number' ? value(found) : missing(`The log holds no number "${name}".`);
    },
  },
  {
    id: 'mask.iou',
    title: 'IoU of the last mask',
    source: { text: 'SegAgent, arXiv 2503.08625 §3 (R(s) = IoU)', status: 'paper' },
    parameters: [],
    compute: ({ rollout }) => {
      const last = rollout.masks?.at(-1);
      return last === undefined || last.iou === null ? missing('The log holds no mask with an IoU.') : value(last.iou);
    },
  },
];

function answerReward({ rollout }: RewardInput, rule: MatchRule | 'auto', which: 'first' | 'last'): Scored {
  const { groundTruth, response } = rollout;
  const truth = answerText(groundTruth);
  if (truth === null) return missing('The ground truth is no answer in words.');
  const expected = answerOf(truth, 'last') ?? truth;
  const given = answerOf(response, which);
  if (given === null) return value(0, 'the response gives no answer');
  const match = matchAnswer(given, expected, rule === 'auto' ? ruleFor(expected) : rule);
  if (Number.isNaN(match.score)) return missing(`The ground truth holds nothing that ${match.rule} compares.`);
  return value(match.score, `${match.rule}: "${short(match.predicted)}" against "${short(match.expected)}"`);
}

function answerText(truth: RewardInput['rollout']['groundTruth']): string | null {
  if (typeof truth === 'string') return truth;
  if (typeof truth === 'number') return String(truth);
  if (typeof truth !== 'object' || truth === null || Array.isArray(truth)) return null;
  const { answer } = truth as { readonly answer?: unknown };
  return typeof answer === 'string' ? answer : typeof answer === 'number' ? String(answer) : null;
}

function assistantTexts({ response, turns }: RewardInput['rollout']): readonly string[] {
  return turns.filter(({ role }) => role === 'assistant').map(({ span }) => response.slice(span.start, span.end));
}

function short(text: string | null): string {
  if (text === null) return '';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
