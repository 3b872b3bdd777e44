import type { JsonValue } from '../../text/jsonValue';
import { ACCURACY_WEIGHT, questionerReward } from '../activeZeroReward';
import { clickSteps } from '../clickReward';
import { frameCountTerm, overlapTerm } from '../omniR1Reward';
import { missing, type RewardDefinition, type RewardSource, type Scored, value } from './component';
import type { RewardInput } from './rewardInput';

const omniR1: RewardSource = { text: 'aim-uofa/Omni-R1 at 1de42f8, revos.py', status: 'code' };
const segAgent: RewardSource = { text: 'SegAgent, arXiv 2503.08625 §3 and algorithm 3', status: 'paper' };
const framesASecond = { name: 'fps', value: 2, about: 'frames of the video in a second (code 2)' };

/** Rewards of single systems, from what their own logs hold. */
export const systemRewards: readonly RewardDefinition[] = [
  {
    id: 'keyframes.count',
    title: 'How many frames the moments name',
    source: omniR1,
    parameters: [framesASecond],
    compute: (input, p) => withFrames(input, p.number('fps'), (spans) => frameCountTerm(new Set(spans.flat()).size)),
  },
  {
    id: 'keyframes.overlap',
    title: 'Moments of one frame, each named once',
    source: omniR1,
    parameters: [framesASecond],
    compute: (input, p) => withFrames(input, p.number('fps'), overlapTerm),
  },
  {
    id: 'clicks.gain',
    title: 'What the last click adds to the IoU',
    source: segAgent,
    parameters: [],
    compute: (input) => withClicks(input, (steps) => steps.at(-1)?.improvement ?? 0),
  },
  {
    id: 'clicks.kept',
    title: 'Share of clicks that the trajectory keeps',
    source: segAgent,
    parameters: [
      { name: 'minGain', value: 0, about: 'τ_diff; the paper names it without a number, the code keeps any growth' },
    ],
    compute: (input, p) =>
      withClicks(input, (steps) => steps.filter(({ kept }) => kept).length / steps.length, p.number('minGain')),
  },
  {
    id: 'questioner.calibrated',
    title: 'Half of the solver’s answers agree',
    source: { text: 'jinghan1he/Active-Zero at db650b8, the first term without its weight', status: 'code' },
    parameters: [
      { name: 'field', value: 'score', about: 'column of the majority’s share; −1 for an invalid question' },
    ],
    compute: ({ rollout }, p) => {
      const name = p.word('field');
      const share = rollout.fields.find((field) => field.name === name)?.value;
      if (typeof share !== 'number') return missing(`The log holds no number "${name}".`);
      return value(questionerReward(share, 0, 0) / ACCURACY_WEIGHT);
    },
  },
];

/** Moments of an Omni-R1 answer as frames, those that it could not read left out as its code does. */
function withFrames(
  { rollout }: RewardInput,
  fps: number,
  compute: (spans: readonly (readonly number[])[]) => number,
): Scored {
  const logged = rollout.fields.find(({ name }) => name === 'keyframes')?.value;
  if (!Array.isArray(logged)) return missing('The answer names no moments of a video.');
  const ends = logged.flatMap((moment: JsonValue) => {
    const [start, end] = momentOf(moment);
    const read = start !== null && end !== null && start <= end;
    return read ? [[Math.trunc(start * fps), Math.trunc(end * fps)] as const] : [];
  });
  if (ends.length === 0) return missing('No moment of the answer can be read.');
  const frames = ends.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (!(frames <= mostFrames)) return missing('The moments of the answer are longer than any video.');
  const spans = ends.map(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  return value(compute(spans), 'the length of the video is unknown: no moment is taken for one behind its end');
}

/** Of all moments of an answer: half a day of video at 2 frames a second. */
const mostFrames = 86_400;

/** Beginning and end in seconds; null for what is not written `mm:ss.ff`. */
function momentOf(moment: JsonValue): readonly [start: number | null, end: number | null] {
  if (typeof moment !== 'object' || moment === null || Array.isArray(moment)) return [null, null];
  const { start_time: start, end_time: end, description } = moment as { readonly [key: string]: JsonValue | undefined };
  return description == null ? [null, null] : [secondsOf(start), secondsOf(end)];
}

/** Hundredths behind the point are read as Omni-R1 reads them: `ff` times 10 milliseconds, however many digits. */
function secondsOf(text: JsonValue | undefined): number | null {
  const found = typeof text === 'string' ? /^(\d{1,6}):(\d{1,6})\.(\d{1,6})/.exec(text) : null;
  return found === null ? null : Number(found[1]) * 60 + Number(found[2]) + (Number(found[3]) * 10) / 1000;
}

function withClicks(
  { rollout }: RewardInput,
  compute: (steps: ReturnType<typeof clickSteps>) => number,
  minGain = 0,
): Scored {
  const masks = rollout.masks ?? [];
  const clicked = masks.filter(({ click }) => click !== null);
  const ious = clicked.flatMap(({ iou }) => (iou === null ? [] : [iou]));
  if (ious.length === 0 || ious.length < clicked.length)
    return missing('The log does not hold an IoU for the mask of every click.');
  const initial = masks.find(({ click }) => click === null)?.iou ?? 0;
  return value(compute(clickSteps(ious, initial, minGain)));
}
