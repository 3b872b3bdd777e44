import type { Box, Size } from '../../geometry/box';
import { mapped, refused, rescaled, sizeOf } from './pythonCrop';
import { seenSize } from './seenSize';
import type { CropOutcome, ToolRules } from './toolRules';
import { last, unlessFour } from './whichRun';

/**
 * Mini-o3's grounding: any picture so far, held in its own pixels, whatever size the model saw of it. Numbers are
 * relative, or pixels of the size used (`use_relative_coordinates`). What the text must look like is a regular expression
 * that takes the last grounding of a turn.
 */
export const miniO3: ToolRules = {
  id: 'mini-o3',
  name: 'Mini-o3 grounding',
  source:
    'verl/workers/rollout/vllm_rollout/function_tools.py (prepare_grounding_inputs_multi_turn), Mini-o3/Mini-o3@8654dbf',
  held: (image) => image,
  seen: (numbers, view, { tool }) => {
    const spec = tool ?? (isRelative(numbers) ? ({ kind: 'relative1' } as const) : null);
    return spec === null ? null : seenSize(spec, view);
  },
  runs: ({ calls }) => last(calls, ({ tag, closed }) => tag === 'grounding' && closed),
  crop: ({ numbers, view: { held }, seen, call }) => {
    if (!matches(call.action.text)) return refused('the text of the grounding is not as the tool expects it');
    const problem = unlessFour(call);
    return problem === null ? cropped(rescaled(numbers, seen, held), held) : refused(problem);
  },
};

/** Models overshoot, but no box of pixels ends before the third. */
function isRelative({ x1, y1, x2, y2 }: Box): boolean {
  return Math.max(x1, y1, x2, y2) <= 2;
}

/** `<grounding>{"bbox_2d": (.*),.*"source": ["',](.*)["',]}</grounding>` */
function matches(text: string): boolean {
  const source = text.lastIndexOf('"source": ');
  return text.startsWith('{"bbox_2d": ') && /^[',"]$/.test(text[source + 10] ?? '') && /[',"]\}$/.test(text.slice(-2));
}

/** Cut to whole pixels towards zero, clamped to the last pixel, then the asserts. */
function cropped(scaled: Box, image: Size): CropOutcome {
  const whole = mapped(scaled, Math.trunc);
  const box = {
    x1: Math.max(whole.x1, 0),
    y1: Math.max(whole.y1, 0),
    x2: Math.min(whole.x2, image.width - 1),
    y2: Math.min(whole.y2, image.height - 1),
  };
  if (box.x1 > box.x2 - 1) return refused('it has no width');
  if (box.y1 > box.y2 - 1) return refused('it has no height');
  const size = sizeOf(box);
  if (size.width / size.height >= 200 || size.height / size.width >= 200)
    return refused('one side is 200 times the other or more');
  return { kind: 'cropped', box, size };
}
