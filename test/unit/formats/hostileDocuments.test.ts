import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import { traceFormat } from '../../../src/formats/detect';
import type { FormatId } from '../../../src/formats/format';
import { memoryDir } from './memoryDir';

const part = (text: string) => ({ text, type: 'text' });
const crop = { image: '/x/iter0.jpg', type: 'image' };
/** A good row of each format whose rows are no lines of JSON objects, with the file it stands in. */
const good: readonly (readonly [FormatId, string, string])[] = [
  [
    'pixel-reasoner',
    'dumps_iter1/q/conv.json',
    JSON.stringify([
      [
        { role: 'user', content: [{ image: 'a.jpg', type: 'image' }, part('Where?')] },
        { role: 'assistant', content: [part('<tool_call>{}</tool_call>')] },
        { role: 'user', content: [part('\nHere is the cropped image'), crop] },
        { role: 'assistant', content: [part('There.')] },
      ],
      'prompt',
      '[<PIL.Image.Image image mode=RGB size=10x7 at 0x7F>, <PIL.Image.Image image mode=RGB size=4x3 at 0x7F>]',
    ]),
  ],
  [
    'omni-r1',
    'info.txt',
    '------------- VOS Accuracy reward: 0.5 -------------\nProblem: Where?\nVideo Path: /v\nContent: <answer>{"start_time": "00:01.00"}</answer>\nReward Details: {\n    "avg_iou": 0.5\n}\nSolution: x\n',
  ],
  [
    'omni-r1-frames',
    'info.txt',
    '--------------------Frame 0:--------------------\nRaw Problem:\n the dog\nFile Path: /v/dog/00004.jpg\nInput:\n {}\nCompletion:\n {"bbox_2d": [1, 2, 30, 40]}\nPredicted IOU: 0.52\n',
  ],
  [
    'longvt',
    'match_qa000012_1_round_output.txt',
    '<question>\nWho?\n</question>\n<think>\na\n</think>\n<tool_call>\n{ "name":"crop_video", "arguments":{ "video_path":"/v/match.mp4", "start_time": 2.00, "end_time": 4.00 } }\n</tool_call>\n<tool_response>\nok\n</tool_response>\n<answer>\nred\n</answer>',
  ],
];

describe.each(good)('a row of %s', (id, file, text) => {
  const read = (damaged: string) =>
    traceFormat(id).read(
      damaged,
      { file, line: 1 },
      memoryDir({ [file]: '', 'dumps_iter1/q/iter0.jpg': 'x', 'match_qa000012_1_summary.json': '{}' }),
    );

  it('opens', async () => {
    expect(await read(text)).toMatchObject({ record: { kind: 'rollout' }, problems: [] });
  });

  it('with bytes cut or changed opens or says why not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length), fc.nat(text.length), fc.string(), async (from, length, more) => {
        const { record, problems } = await read(text.slice(0, from) + more + text.slice(from + length));
        if (record === null) expect(problems.length).toBeGreaterThan(0);
        if (record === null) return;
        const { turns } = parseResponse(record.response, { dialect: 'generic', turns: record.statedTurns });
        for (const { turn, view } of record.observations ?? []) {
          expect(turns[turn]).toBeDefined();
          // What a damaged name says is looked for beside the dump alone.
          if (view.kind === 'file') expect(view.path).toBe('dumps_iter1/q/iter0.jpg');
        }
      }),
      { numRuns: 300 },
    );
  });
});
