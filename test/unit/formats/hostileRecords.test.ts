import { expect, it } from 'vitest';
import { easyR1Generations } from '../../../src/formats/easyR1Generations';
import { miniO3 } from '../../../src/formats/miniO3';
import { omniR1 } from '../../../src/formats/omniR1';
import { r1vLog } from '../../../src/formats/r1vLog';
import { memoryDir } from './memoryDir';

const long = 2_000_000;
const header = '------------- 12-08-30-00-123456 Accuracy reward: 1 -------------\n';
const read = async (format: typeof r1vLog, text: string) => format.read(text, { file: 'a', line: 1 }, memoryDir({}));

// Each of these takes minutes where a pattern goes back over what it has read.
it.each([
  ['a header of dashes', r1vLog, `------------- 12-08-30-00-123456 x ${'-'.repeat(long)}x\n`],
  ['a header without its end', r1vLog, `------------- 12-08-30-00-123456 Accuracy reward: ${'1'.repeat(long)}x\n`],
  ['a response of dashes', r1vLog, `${header}Content: ${'-'.repeat(long)}\nSolution: x\n`],
  ['answers that never close', r1vLog, `${header}Content: x\nSolution: ${'<answer>'.repeat(long / 8)}\n`],
  ['sizes of spaces', r1vLog, `${header}Content: x\nSolution: x\nInput size: ${'( '.repeat(long / 2)}\n`],
  ['a score of digits', easyR1Generations, `[prompt] a\n[output] b\n[ground_truth] c\n[score] ${'1'.repeat(long)}x\n`],
  ['a header of dashes', omniR1, `------------- x ${'-'.repeat(long)} Accuracy reward: 1 -------------\nContent: x\n`],
  [
    'moments that never close',
    omniR1,
    `------------- x Accuracy reward: 1 -------------\nContent: <answer>${'{'.repeat(long)}`,
  ],
  ['an output of marks', easyR1Generations, `[prompt] a${'\n[output] '.repeat(long / 10)}`],
  ['an id of counters', miniO3, `{"doc_id": "${'_1'.repeat(long / 2)}x", "initial_prompt": ""}\n{"text_output": ""}\n`],
  [
    'errors of chat tokens',
    miniO3,
    `{"doc_id": "1", "initial_prompt": ""}\n{"error_info": "${'<|im_end|> '.repeat(long / 11)}"}\n`,
  ],
])('reads %s in no time', async (_, format, text) => {
  const { record, problems } = await read(format, text);
  expect(record !== null || problems.length > 0).toBe(true);
});

it('does not look for a signature for long in a file of dashes', async () => {
  const file = `------------- 12-08-30-00-123456 x ${'-'.repeat(60_000)}x\n`;
  expect(await r1vLog.detect({ dir: memoryDir({ 'a.txt': file }), file: 'a.txt' })).toBeNull();
});
