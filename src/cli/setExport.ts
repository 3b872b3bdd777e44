import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Verdict, verdicts } from '../core/dataset/edit/imageNotes';
import type { TrainingChoice } from '../core/dataset/trainingSamples';
import { createDataClient } from '../data/client';
import { exportFormats } from '../formats/export/exportFormats';
import { readTemplate } from '../policy/templateFile';
import { trainingPrompt } from '../policy/trainingPrompt';
import { everyImage } from '../protocol/imageSet';
import {
  type ExportedImages,
  exportedImages,
  imagesRefusal,
  type SetExportFormat,
  setExportFormats,
  usualImages,
} from '../protocol/imageSetExport';
import { childLog, defaultCacheDir, readingChildren, templatesFolder } from './children';
import { type Output, printableLine, toJson } from './output';
import { parseScores, type ScoresArgument, scoresWords, takeScores } from './scoresArgument';
import { parseTraining, type TrainingCommand, trainingOptions } from './trainingArguments';
import { UsageError } from './usage';

/** `saccade export` of an image set. */
export interface SetExportCommand {
  /** Absolute. */
  readonly path: string;
  readonly to: SetExportFormat;
  /** Absolute. */
  readonly output: string;
  readonly images: ExportedImages;
  readonly verdicts: readonly Verdict[];
  readonly tags: readonly string[];
  /** SQL over columns of images and annotations; '' for none. */
  readonly where: string;
  /** Columns out of tables, which `where` may name; `key` null for the one that matches best. */
  readonly scores: readonly ScoresArgument[];
  /** Absolute folders that may hold the sidecar, or images. */
  readonly annotations: readonly string[];
  readonly roots: readonly string[];
  /** Null for formats that ask nothing. */
  readonly training: TrainingCommand | null;
  readonly json: boolean;
  /** Absolute; null for the default. */
  readonly cacheDir: string | null;
}

const options = {
  to: { type: 'string' },
  output: { type: 'string', short: 'o' },
  images: { type: 'string' },
  only: { type: 'string', multiple: true },
  where: { type: 'string' },
  scores: { type: 'string', multiple: true },
  annotations: { type: 'string', multiple: true },
  'image-root': { type: 'string', multiple: true },
  json: { type: 'boolean' },
  cache: { type: 'string' },
  ...trainingOptions,
} as const;

/**
 * Whether this is an export of images. Boxes of a trace go to COCO and YOLO too: what holds rollouts is a trace, whatever lies
 * beside them.
 */
export async function exportsImageSet(argv: readonly string[]): Promise<boolean> {
  if (argv[0] !== 'export') return false;
  const { values, positionals } = parseArgs({ args: [...argv.slice(1)], options, strict: false });
  const [path] = positionals;
  if (path === undefined || !setExportFormats.some((format) => format === values.to)) return false;
  if (!exportFormats.some(({ id }) => id === values.to)) return true;
  const data = createDataClient({
    entry: join(__dirname, 'children', 'data.js'),
    log: childLog(),
    cacheDir: typeof values.cache === 'string' ? resolve(values.cache) : defaultCacheDir(),
    imageSize: () => Promise.resolve(null),
  });
  try {
    const trace = await data.call('path/detect', { path: resolve(path), below: true });
    // V* samples are images with boxes, and no rollouts yet.
    return trace === null || trace.format === 'vstar';
  } finally {
    data.dispose();
  }
}

/** Null for another command, and for what no image set is exported as. Throws `UsageError`. */
export function parseSetExport(argv: readonly string[]): SetExportCommand | null {
  if (argv[0] !== 'export') return null;
  const { values } = parseArgs({ args: [...argv.slice(1)], options, strict: false });
  const to = setExportFormats.find((format) => format === values.to);
  if (to === undefined) return null;
  let parsed: ReturnType<typeof parseStrictly>;
  try {
    parsed = parseStrictly(argv);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const [path, ...others] = parsed.positionals;
  if (path === undefined || others.length > 0) throw new UsageError('export takes one file or folder');
  const {
    output,
    only = [],
    where = '',
    scores = [],
    annotations = [],
    'image-root': roots = [],
    json = false,
  } = parsed.values;
  if (output === undefined) throw new UsageError('export needs a folder to write: -o FOLDER');
  const images = exportedImages.find((mode) => mode === (parsed.values.images ?? usualImages(to)));
  if (images === undefined) throw new UsageError(`--images is one of ${exportedImages.join(', ')}`);
  const refusal = imagesRefusal(to, images);
  if (refusal !== null) throw new UsageError(refusal);
  const { cache } = parsed.values;
  return {
    path: resolve(path),
    to,
    output: resolve(output),
    images,
    ...choiceOf(only),
    where,
    scores: scores.map(parseScores),
    annotations: annotations.map((folder) => resolve(folder)),
    roots: roots.map((folder) => resolve(folder)),
    training: parseTraining(to, parsed.values),
    json,
    cacheDir: cache === undefined ? null : resolve(cache),
  };
}

function parseStrictly(argv: readonly string[]) {
  return parseArgs({ args: [...argv.slice(1)], options, allowPositionals: true });
}

/** `--only accept`, `--only tag=NAME`; repeated. */
function choiceOf(only: readonly string[]): Pick<SetExportCommand, 'verdicts' | 'tags'> {
  const tags = only.filter((word) => word.startsWith('tag=')).map((word) => word.slice(4));
  const said = only.filter((word) => !word.startsWith('tag='));
  const chosen = said.map((word) => {
    const verdict = verdicts.find((one) => one === word);
    if (verdict === undefined) throw new UsageError(`--only is ${verdicts.join(', ')} or tag=NAME, not ${word}`);
    return verdict;
  });
  return { verdicts: chosen, tags };
}

/** Writes the set and prints what was written; ends the children, whatever happened. Throws `UserError`. */
export async function printSetExport(command: SetExportCommand, out: Output): Promise<void> {
  const { data, dispose } = readingChildren(command.cacheDir);
  const patient = { deadline: Number.POSITIVE_INFINITY };
  const { path, to, output, images, verdicts: said, tags, where, scores, annotations, roots } = command;
  try {
    const training = command.training === null ? {} : { training: await choiceOfTraining(command.training) };
    const { setId } = await data.call('imageset/open', { path, roots }, patient);
    const imported = [];
    for (const one of scores) imported.push(await takeScores(data, setId, one));
    const query = where === '' ? null : { ...everyImage, where };
    const choice = { verdicts: said, tags, query, indices: null };
    const done = await data.call(
      'imageset/export',
      { setId, to, output, images, choice, places: annotations, ...training },
      patient,
    );
    if (command.json) await out.line(toJson({ output, ...done, ...(scores.length === 0 ? {} : { scores: imported }) }));
    else {
      for (const one of imported) await out.line(printableLine(scoresWords(one)));
      await out.line(printableLine(`${done.images} images with ${done.annotations} annotations are in ${output}`));
      for (const note of done.notes) await out.line(printableLine(`  ${note}`));
      for (const { file, message } of done.problems) await out.line(printableLine(`  ${file}: ${message}`));
      const more = done.problemCount - done.problems.length;
      if (more > 0) await out.line(`  … and ${more} more like these`);
    }
  } finally {
    dispose();
  }
}

async function choiceOfTraining({ task, prompt, system, frame }: TrainingCommand): Promise<TrainingChoice> {
  const own = prompt === null ? null : await readTemplate(prompt);
  return { task, prompt: own ?? (await trainingPrompt(task, templatesFolder())), system, frame };
}
