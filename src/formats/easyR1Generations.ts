import type { DirSource } from '../core/ports';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import { refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { pythonNumber } from './pythonNumber';

/**
 * EasyR1's `generations.log`, written beside the checkpoints when `trainer.logger` holds `file`: validation samples as
 * `[prompt] …`, `[output] …`, `[ground_truth] …`, `[score] …`, each over as many lines as its text has. Special tokens and
 * images are gone, and no step is named: samples of one prompt come from one validation after another.
 */
export const easyR1Generations: TraceFormat = {
  id: 'easyr1-generations',
  title: 'EasyR1 generations',
  unit: 'record',
  verbatim: true,
  recordStart: { prefix: '[prompt] ', pattern: /^\[prompt\] / },
  stepless: true,
  validates: true,
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
};

const usualName = 'generations.log';
const lineStarts = { output: '\n[output] ', groundTruth: '\n[ground_truth] ', score: '\n[score] ' } as const;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const name = file ?? usualName;
  if (!/\.(?:log|txt)$/i.test(name) || !(await isGenerations(dir, name))) return null;
  return { format: 'easyr1-generations', files: [name], reason: 'Validation samples as EasyR1 logs them.' };
}

async function isGenerations(dir: DirSource, file: string): Promise<boolean> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  if (head === null || !head.text.trimStart().startsWith('[prompt] ')) return false;
  return head.text.includes(lineStarts.output) || head.cut !== null;
}

function read(text: string, place: RecordPlace): ReadRecord {
  const plain = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  const output = plain.indexOf(lineStarts.output);
  // A response may hold such lines itself: what the writer put last is found from the end.
  const score = plain.lastIndexOf(lineStarts.score);
  const truth = score < 0 ? -1 : plain.lastIndexOf(lineStarts.groundTruth, score);
  if (output < 0 || truth < output || score < truth)
    return refused(place, 'The record lacks one of [output], [ground_truth] and [score]: it is cut off.');
  const groundTruth = plain.slice(truth + lineStarts.groundTruth.length, score);
  const written = plain.slice(score + lineStarts.score.length).trim();
  const reward = pythonNumber(written);
  const message = `"score" is ${JSON.stringify(written.slice(0, 60))}, not a number`;
  return {
    record: {
      kind: 'rollout',
      step: null,
      uid: null,
      dataSource: null,
      prompt: plain.slice('[prompt] '.length, output),
      response: plain.slice(output + lineStarts.output.length, truth),
      groundTruth,
      truthBoxes: readTruthBoxes(groundTruth),
      reward,
      imageName: null,
      loggedImageSize: null,
      inputSize: null,
      statedFrames: {},
      fields: [],
      taskBoxes: [],
      cropOutputs: [],
      options: [],
    },
    problems: reward === null ? [{ severity: 'warning', ...place, element: null, field: 'score', message }] : [],
  };
}
