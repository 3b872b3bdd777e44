import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { PolicySample } from '../../core/policy/policyRollout';
import type { JsonValue } from '../../core/text/jsonValue';
import { tolerantJsonOrNone } from '../../core/text/tolerantJson';
import { readTruthBoxes } from '../../core/trajectory/truthBoxes';
import { isObject, type JsonObject } from '../../formats/columns';
import type { SamplePlace, SampleSource } from './samples';

/**
 * Samples of a JSON Lines file: `image`, and `object` or `question`; where known `options` (the right one first, unless `answer` says
 * otherwise), `answer`, and `boxes` in pixels of the image (lists of four, `bbox_2d`, or COCO's `bbox`).
 */
export async function sampleLines(file: string, roots: readonly string[]): Promise<SampleSource> {
  return { count: await lineCount(file), from: (position) => linesFrom(file, roots, position) };
}

/** Lines that are not empty, found without reading them as text. */
async function lineCount(file: string): Promise<number> {
  let lines = 0;
  let empty = true;
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    const bytes = chunk as Buffer;
    for (let from = 0; ; ) {
      const end = bytes.indexOf(10, from);
      if (end < 0) {
        if (from < bytes.length) empty = false;
        break;
      }
      if (end > from || !empty) lines++;
      empty = true;
      from = end + 1;
    }
  }
  return empty ? lines : lines + 1;
}

async function* linesFrom(file: string, roots: readonly string[], from: number): AsyncGenerator<SamplePlace> {
  const input = createReadStream(file, { encoding: 'utf8' });
  let position = -1;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      position++;
      if (position >= from) yield placeOf(line, position, file, roots);
    }
  } finally {
    input.destroy();
  }
}

function placeOf(line: string, position: number, file: string, roots: readonly string[]): SamplePlace {
  if (line.trim() === '') return { position, samples: [], problem: null };
  const row = tolerantJsonOrNone(line);
  const bad = (what: string) => ({ position, samples: [], problem: `${file}:${position + 1}: ${what}` });
  if (!isObject(row)) return bad('the line is no JSON object');
  const image = textIn(row, ['image', 'image_path', 'file_name', 'images']);
  if (image === null) return bad('"image" is missing');
  const question = textIn(row, ['question', 'problem', 'prompt']);
  const object = textIn(row, ['object', 'category', 'label']);
  if (question === null && object === null) return bad('there is neither "object" nor "question"');
  const options = Array.isArray(row.options) ? row.options.filter((one): one is string => typeof one === 'string') : [];
  const sample: PolicySample = {
    key: textIn(row, ['id', 'key']) ?? `${position + 1}`,
    image: resolve(roots[0] ?? dirname(file), image),
    imageName: image,
    object,
    question: question?.replace(/^\s*<image>\s*/, '') ?? null,
    options,
    answer: textIn(row, ['answer', 'solution', 'ground_truth']) ?? options[0] ?? null,
    truth: readTruthBoxes(row.boxes ?? row.bbox_2d ?? null),
    dataSource: textIn(row, ['data_source']),
  };
  return { position, samples: [sample], problem: null };
}

/** The first of these that is a text, a number, or a list that begins with one. */
function textIn(row: JsonObject, names: readonly string[]): string | null {
  for (const name of names) {
    const value: JsonValue | undefined = Object.hasOwn(row, name) ? row[name] : undefined;
    const one: JsonValue | undefined = Array.isArray(value) ? value[0] : value;
    if (typeof one === 'string' && one.trim() !== '') return one;
    if (typeof one === 'number') return String(one);
  }
  return null;
}
