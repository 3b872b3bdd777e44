import { parseResponse } from '../../src/core/trajectory/parseResponse';
import type { Rollout } from '../../src/core/trajectory/rollout';
import { framesShown } from '../../src/formats/videoFrames';
import { frameThinkerRow } from '../fixtures/frameThinker';

/** FrameThinker's rollout, of whose frames only the numbers are logged; odd rows are LongVT's, which names a video alone. */
export function withoutPictures(base: Rollout): Rollout {
  const { prompt, response: shown } = frameThinkerRow() as { prompt: string; response: string };
  const crops = [
    [297, 310],
    [402, 405.5],
  ].map(([start, end]) => {
    const call = {
      name: 'crop_video',
      arguments: { video_path: '/data/videos/match.mp4', start_time: start, end_time: end },
    };
    return `<think>The goal falls here.</think>\n<tool_call>\n${JSON.stringify(call)}\n</tool_call>`;
  });
  const isFrames = base.row % 2 === 0;
  const response = isFrames ? shown : `${crops.join('\n')}\n<answer>B</answer>`;
  const observations = isFrames ? framesShown(prompt, response) : [];
  const { statedTurns: _, ...rest } = base;
  const parsed = parseResponse(response, { dialect: 'generic' });
  return { ...rest, cropOutputs: [], taskBoxes: [], truthBoxes: [], response, observations, ...parsed };
}
