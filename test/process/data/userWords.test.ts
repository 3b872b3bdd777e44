import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient } from './openClient';

/** verl's dump with special tokens stripped: role lines are bare, as `skip_special_tokens=True` leaves them. */
const response =
  '<think>a</think><tool_call>\n{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [1, 2, 3, 4]}}\n</tool_call>\n' +
  'user\n<tool_response>\ncropped\n</tool_response>\nassistant\n<answer>B</answer>';
const line = (score: number) =>
  `${JSON.stringify({ input: 'Where is it?', output: response, gts: 'B', score, step: 1, iou: score / 2, acc: 1 })}\n`;

async function open(overrides: object) {
  const folder = await makeFolder({ '1.jsonl': line(0) + line(1), '2.jsonl': line(1) });
  const { client } = await startClient();
  const trace = await openTrace(client, folder, overrides);
  await trace.scanned();
  const { traceId } = trace;
  const turns = async (row: number) =>
    (await client.call('trace/rollout', { traceId, row })).turns.map(({ role }) => role);
  return { client, traceId, turns };
}

describe('a file whose inferred turns the user undid', () => {
  it('has one turn a response, in its rollouts and in its columns; other files keep theirs', async () => {
    const { client, traceId, turns } = await open({ unsplit: ['1.jsonl'] });
    expect(await turns(0)).toEqual(['assistant']);
    expect(await turns(2)).toEqual(['assistant', 'tool', 'assistant']);
    const chips = [{ kind: 'range', column: 'turns', from: 1, to: 1 } as const];
    const view = await client.call('trace/query', { traceId, query: { chips, where: '', sort: null } });
    expect(view.rows).toBe(2);
  });
});
