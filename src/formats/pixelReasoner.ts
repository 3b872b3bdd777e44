import type { Size } from '../core/geometry/box';
import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { Problem } from '../core/text/problem';
import type { Observation } from '../core/trajectory/rollout';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import { Columns, kindOf, refused } from './columns';
import { filesNamed } from './filesNamed';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { parsed } from './jsonLines';
import { type Conversation, messagesIn, readConversation } from './messages';
import { counted, fileName, folderOf, joined } from './paths';
import { evaluatedSample } from './pixelReasonerSamples';
import { loggedImages, rowImages } from './rowImages';

/**
 * What Pixel-Reasoner dumps of each evaluated question (`experience_maker.py`): `logs/dumps_iter{N}/{qid}/conv.json`, an
 * array of the messages, the last prompt as a string and Python's `str` of the images, and the crops that came back as
 * `iter{k}.jpg` beside it. Images are named by the trainer's own paths. Scores stand in `logs/sample.eval_iter{N}_*.jsonl`
 * and are joined when the `logs` folder is opened.
 *
 * A box is relative 0–1 where all its numbers are below 1, else in pixels of the image as the processor resized it.
 */
export const pixelReasoner: TraceFormat = {
  id: 'pixel-reasoner',
  title: 'Pixel-Reasoner evaluation dump',
  unit: 'document',
  frames: {},
  detect,
  read,
};

const logName = 'conv.json';
const iterationFolder = /^dumps_iter(\d{1,9})$/;
/** Sub-folders looked into before a folder is given up, and side by side once it is not. */
const foldersTried = 16;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const found = (files: readonly string[], reason: string) => ({ format: 'pixel-reasoner', files, reason }) as const;
  const alone = file ?? logName;
  if (fileName(alone) === logName && (await isDump(dir, alone))) return found([alone], 'A dump of Pixel-Reasoner.');
  if (file !== null) return null;
  const folders = await foldersIn(dir, '');
  const iterations = folders.filter((name) => iterationFolder.test(name));
  const questions =
    iterations.length === 0 ? folders : (await Promise.all(iterations.map((i) => foldersIn(dir, i)))).flat();
  const isOne = await Promise.all(
    questions.slice(0, foldersTried).map((folder) => isDump(dir, joined(folder, logName))),
  );
  if (!isOne.includes(true)) return null;
  const files = await filesNamed(dir, questions, logName);
  return found(files, `${counted(files.length, 'question')} that Pixel-Reasoner evaluated.`);
}

/** Paths of a folder's own folders. */
async function foldersIn(dir: DirSource, folder: string): Promise<readonly string[]> {
  const entries = await dir.list(folder);
  return entries
    .filter(({ kind, name }) => kind === 'directory' && !name.startsWith('.'))
    .map(({ name }) => joined(folder, name));
}

async function isDump(dir: DirSource, file: string): Promise<boolean> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  return head !== null && /^\s*\[\s*\[\s*\{\s*"role"\s*:\s*"/.test(head.text);
}

async function read(text: string, place: RecordPlace, dir: DirSource): Promise<ReadRecord> {
  const document = parsed(text);
  if (document === undefined) return refused(place, 'The file is not JSON.');
  const [messages, , images] = Array.isArray(document) ? (document as readonly JsonValue[]) : [];
  const list = messagesIn(messages);
  if (list === null) return refused(place, `The dump begins with ${kindOf(messages)}; a list of messages is expected.`);
  const conversation = readConversation(list);
  const folder = folderOf(place.file);
  const sizes = sizesIn(images);
  const { observations = [], ...logged } = loggedImages(rowImages(new Columns({}, place), conversation.slots));
  const asked = conversation.slots.filter(({ turn }) => turn === null).length;
  const sized = sizes.length === asked + observations.length;
  const qid = fileName(folder);
  const iteration = iterationFolder.exec(folderOf(folder))?.[1];
  const step = iteration === undefined ? null : Number(iteration);
  const sample = step === null ? null : await evaluatedSample(dir, step, qid);
  const beside = new Set((await dir.list(folder)).map(({ name }) => name));
  const groundTruth = sample?.groundTruth ?? null;
  return {
    record: {
      kind: conversation.turns.length > 0 ? 'rollout' : 'sample',
      step,
      uid: null,
      dataSource: null,
      prompt: conversation.prompt,
      response: conversation.response,
      statedTurns: conversation.turns,
      groundTruth,
      truthBoxes: readTruthBoxes(groundTruth),
      reward: sample?.reward ?? null,
      ...logged,
      loggedImageSize: null,
      inputSize: asked === 1 && sized ? (sizes[0] ?? null) : null,
      statedFrames: {},
      fields: [...(qid === '' ? [] : [{ name: 'qid', value: qid }]), ...(sample?.fields ?? [])],
      taskBoxes: [],
      cropOutputs: [],
      options: [],
      observations: observations.map((one, i) => ({
        ...here(one, folder, beside),
        ...(sized ? { size: sizes[asked + i] } : {}),
      })),
    },
    problems: troublesOf(conversation, place),
  };
}

/** A crop was named by its path on the trainer's machine: it is the file of that name beside the dump, or it is gone. */
function here(observation: Observation, folder: string, beside: ReadonlySet<string>): Observation {
  if (observation.view.kind !== 'file') return observation;
  const name = observation.name;
  return { ...observation, view: beside.has(name) ? { kind: 'file', path: joined(folder, name) } : { kind: 'blank' } };
}

/** Pixels of the images as the policy saw them, from `str` of PIL's: `<PIL.Image.Image image mode=RGB size=640x480 at …>`. */
function sizesIn(images: JsonValue | undefined): readonly Size[] {
  if (typeof images !== 'string') return [];
  return [...images.matchAll(/ size=(\d{1,6})x(\d{1,6})[ >]/g)].map(([, width, height]) => ({
    width: Number(width),
    height: Number(height),
  }));
}

function troublesOf({ troubles }: Conversation, { file, line }: RecordPlace): readonly Problem[] {
  return troubles
    .slice(0, 20)
    .map((message) => ({ severity: 'warning', file, line, element: null, field: null, message }));
}
