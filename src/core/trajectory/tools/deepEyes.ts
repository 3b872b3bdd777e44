import type { Box, Size } from '../../geometry/box';
import { smartResize } from '../../geometry/smartResize';
import { clampedLow, pillowCrop, refused, resizable, sizeOf } from './pythonCrop';
import { modelSees, qwenResize } from './seenSize';
import type { CallingTurn, CropOutcome, ToolCall, ToolRules } from './toolRules';
import { first, isClosedToolCall, last, none, unlessFour, unlessStrict } from './whichRun';

const repository = 'Visual-Agent/DeepEyes@6c5e796';
const tool = 'image_zoom_in_tool';
const endsRollout = 'an answer in the same turn ends the rollout before the call';

/** The training environment: the last call of a turn, cut from the stored image. */
export const deepEyes: ToolRules = {
  id: 'deepeyes',
  name: 'DeepEyes (visual_toolbox_v2)',
  source: `verl/workers/agent/envs/mm_process_engine/visual_toolbox_v2.py, ${repository}`,
  held: (image) => image,
  seen: (_, view, frames) => modelSees(view, frames),
  runs: ({ calls, answered }) => (answered ? none(calls, endsRollout) : last(calls, isClosedToolCall)),
  crop: ({ numbers, view: { held }, call }) => {
    const problem = unlessStrict(call) ?? wrongName(call);
    return problem === null ? cropLikeToolbox(numbers, held, 30) : refused(problem);
  },
};

/** The environment whose turns may hold up to three calls; it has no least side, but enlarges sides below 28. */
export const deepEyesV5: ToolRules = {
  ...deepEyes,
  id: 'deepeyes-v5',
  name: 'DeepEyes (visual_toolbox_v5)',
  source: `verl/workers/agent/envs/mm_process_engine/visual_toolbox_v5.py, ${repository}`,
  runs: ({ calls, answered }: CallingTurn) => {
    if (answered) return none(calls, endsRollout);
    let run = 0;
    return calls.map((call) => {
      if (!isClosedToolCall(call)) return 'the call is not closed';
      return ++run <= 3 ? null : 'the tool runs at most three calls of a turn';
    });
  },
  crop: ({ numbers, view: { held }, call }) => {
    const problem = unlessStrict(call) ?? wrongName(call);
    return problem === null ? cropLikeToolbox(numbers, held, null) : refused(problem);
  },
};

/** The V* evaluation: the first call of a message, cut as it stands and resized for the model, nothing checked. */
export const deepEyesEval: ToolRules = {
  id: 'deepeyes-eval',
  name: 'DeepEyes evaluation',
  source: `eval/eval_vstar.py, ${repository}`,
  held: (image) => image,
  seen: (_, view, frames) => modelSees(view, frames),
  runs: ({ calls }) => first(calls, ({ tag }) => tag === 'tool_call'),
  crop: ({ numbers, call }) => {
    const problem = unlessFour(call);
    if (problem !== null) return refused(problem);
    const cut = pillowCrop(numbers);
    if (cut.kind === 'refused') return cut;
    return resizable(cut.size)
      ? { ...cut, size: smartResize(cut.size, qwenResize) }
      : refused('the crop cannot be resized');
  },
};

function wrongName({ action }: ToolCall): string | null {
  return action.tool === tool ? null : `the tool knows no ${action.tool ?? 'such name'}`;
}

/** `maybe_resize_bbox`: clamp, checks, and sides below 28 pixels enlarged around the centre, perhaps beyond the image. */
function cropLikeToolbox(numbers: Box, image: Size, least: number | null): CropOutcome {
  const box = clampedLow(numbers, image);
  const problem = problemOf(box, least);
  if (problem !== null) return refused(problem);
  const { width, height } = sizeOf(box);
  if (height >= 28 && width >= 28) return pillowCrop(box);
  const ratio = 28 / Math.min(height, width);
  const halfHeight = Math.ceil(height * ratio * 0.5);
  const halfWidth = Math.ceil(width * ratio * 0.5);
  const x = (box.x1 + box.x2) / 2;
  const y = (box.y1 + box.y2) / 2;
  const enlarged = {
    x1: Math.floor(x - halfWidth),
    y1: Math.floor(y - halfHeight),
    x2: Math.ceil(x + halfWidth),
    y2: Math.ceil(y + halfHeight),
  };
  const stillWrong = problemOf(enlarged, least);
  return stillWrong === null ? pillowCrop(enlarged) : refused(stillWrong);
}

function problemOf(box: Box, least: number | null): string | null {
  const { width, height } = sizeOf(box);
  if (!(width > 0 && height > 0)) return 'it has no area inside the image';
  if (Math.max(width, height) / Math.min(width, height) > 100) return 'one side is more than 100 times the other';
  return least !== null && Math.min(width, height) <= least ? `a side is not above ${least} pixels` : null;
}
