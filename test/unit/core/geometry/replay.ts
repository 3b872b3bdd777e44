import { expect } from 'vitest';
import type { Box, Size } from '../../../../src/core/geometry/box';
import type { FrameChoice, FrameField, FrameSpec, LoggedSizes } from '../../../../src/core/geometry/frame';
import { zoomChain } from '../../../../src/core/geometry/zoomChain';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';
import { knownRules } from '../../../../src/core/trajectory/tools/chooseRules';
import type { ToolRulesId } from '../../../../src/core/trajectory/tools/toolRules';

/** One turn of the policy, or what came back (`tool:` before it). */
type Told = string;

export const choice = (field: FrameField, spec: FrameSpec): FrameChoice => ({
  dataSource: null,
  field,
  spec,
  origin: 'user',
  reason: '',
});

export function replay(
  id: ToolRulesId,
  image: Size,
  told: readonly Told[],
  frames: readonly FrameChoice[] = [],
  logged: Partial<LoggedSizes> = {},
) {
  let response = '';
  const turns = told.map((text) => {
    const tool = text.startsWith('tool:');
    const said = tool ? text.slice(5) : text;
    const start = response.length;
    response += said;
    return { role: tool ? ('tool' as const) : ('assistant' as const), span: { start, end: response.length } };
  });
  const parsed = parseResponse(response, { dialect: id === 'active-o3' ? 'active-o3' : 'generic', turns });
  const rules = knownRules.find((known) => known.id === id)!;
  const rollout = { ...parsed, response, dataSource: null, loggedImageSize: null, inputSize: null, ...logged };
  const chain = zoomChain(rollout, image, frames, rules);
  const list = (box: Box | null) => (box === null ? null : [box.x1, box.y1, box.x2, box.y2]);
  return {
    ...chain,
    executed: chain.steps.map((step) => list(step.executed)),
    meant: chain.steps.map((step) => list(step.meant)),
    status: chain.steps.map(({ status }) => (status.kind === 'executed' ? 'executed' : status.reason)),
    sizes: chain.views.map(({ held }) => [held.width, held.height]),
  };
}

export const size = (width: number, height: number): Size => ({ width, height });
export const call = (box: string, name = 'image_zoom_in_tool', more = '') =>
  `<tool_call>\n{"name": "${name}", "arguments": {"bbox_2d": ${box}${more}}}\n</tool_call>`;
export const look = (box: string, source = 'original_image') =>
  `<grounding>{"bbox_2d": ${box}, "source": "${source}"}</grounding>`;
export const crop = 'tool:<tool_response><image></tool_response>';
export const end = '<answer>a</answer>';
export const close = (boxes: readonly (readonly number[] | null)[]) =>
  boxes.map((box) => box?.map((value) => expect.closeTo(value, 9)));
