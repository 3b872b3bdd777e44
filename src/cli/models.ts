import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../core/text/userError';
import { createInferenceClient, type InferenceClient } from '../inference/client';
import { exportGuide } from '../inference/weights/exportGuide';
import { findWeights, usualPlaces } from '../inference/weights/findWeights';
import { createMediaClient } from '../media/client';
import type { ModelInfo, ModelsFound, PixelsAnswer, PixelsRequest } from '../protocol/segment';
import { childLog, defaultCacheDir } from './children';
import { aligned, type Output, printable, toJson } from './output';
import type { ModelCommand, ModelsCommand } from './segmentArguments';

/** Pixels of an image file, by the media child. */
export type ReadPixels = (request: PixelsRequest) => Promise<PixelsAnswer>;

/** Starts the children that segment, hands them to `work` and ends them, whatever happened. */
export async function withInference(
  command: ModelCommand,
  work: (client: InferenceClient, pixels: ReadPixels) => Promise<void>,
): Promise<void> {
  const cacheDir = command.cacheDir ?? defaultCacheDir();
  const children = join(__dirname, 'children');
  const log = childLog();
  const { threads, device } = command;
  const media = createMediaClient({ entry: join(children, 'media.js'), log, cacheDir, threads });
  const pixels: ReadPixels = (request) => media.pixels(request);
  const client = createInferenceClient({
    entry: join(children, 'infer.js'),
    log,
    cacheDir: join(cacheDir, 'embeddings'),
    pixels,
    threads,
    device,
  });
  try {
    await work(client, pixels);
  } finally {
    client.dispose();
    media.dispose();
  }
}

/** The model that was asked for. Throws a `UserError` that says what was found instead. */
export async function chosenModel(client: InferenceClient, wanted: string | null): Promise<ModelInfo> {
  const own = await client.builtInModels();
  const [first] = own;
  if (wanted === null) {
    if (first !== undefined) return first;
    throw new UserError('--model: no model is built in; name the folder or file of one');
  }
  const builtIn = own.find(({ id }) => id === wanted);
  if (builtIn !== undefined) return builtIn;
  const { models, refused } = await client.findModels(wanted);
  const [only, ...more] = models;
  if (only === undefined) throw new UserError(`${wanted}: ${refused[0]?.reason ?? 'there is no ONNX file in it'}`);
  if (more.length === 0) return only;
  throw new UserError(
    `${wanted}: there are several models, name one of: ${models.map(({ decoder }) => decoder).join(', ')}`,
  );
}

/** Models at a path, and why what is there is none; without a path what a search finds, and how to export what has to be. */
export async function printModels(client: InferenceClient, command: ModelsCommand, out: Output): Promise<void> {
  const { path, search, json } = command;
  const weights = search ? await findWeights([path, ...usualPlaces(homedir(), process.env)]) : null;
  const found = weights === null ? await client.findModels(path) : await inAll(client, weights.folders);
  const exportable = (weights?.checkpoints ?? []).flatMap((checkpoint) => {
    const guide = exportGuide(checkpoint);
    return guide === null ? [] : [{ path: checkpoint, ...guide }];
  });
  if (json) {
    await out.line(toJson({ ...found, ...(search ? { checkpoints: exportable } : {}) }, 2));
    return;
  }
  for (const model of found.models) {
    await out.line(printable(model.title));
    for (const line of aligned(rowsOf(model))) await out.line(line);
  }
  for (const { path: file, reason } of found.refused) await out.line(printable(`${file}: ${reason}`));
  for (const { path: file, title, script } of exportable) {
    await out.line(printable(`${title}: export ${file} by`));
    for (const line of script.trimEnd().split('\n')) await out.line(printable(`  ${line}`));
  }
  if (found.models.length === 0 && exportable.length === 0)
    throw new UserError(search ? 'no segmentation model found on this machine' : `${path}: no model found`);
}

function rowsOf({ dialect, inputSize, feedback, boxes, precision, encoder, decoder, bytes }: ModelInfo) {
  const rows: [string, string][] = [
    ['kind', dialect],
    ['input', inputSize === null ? 'any size' : `${inputSize}×${inputSize}`],
    ['prompts', boxes ? 'clicks, boxes' : 'clicks'],
    ['mask fed back', feedback ? 'yes' : 'no'],
    ['precision', precision],
    ...(encoder === null ? [] : [['encoder', encoder] as [string, string]]),
    ['decoder', decoder ?? ''],
    ['size', `${(bytes / 2 ** 20).toFixed(1)} MiB`],
  ];
  return rows;
}

async function inAll(client: InferenceClient, folders: readonly string[]): Promise<ModelsFound> {
  const found: ModelsFound[] = [];
  for (const folder of folders) {
    try {
      found.push(await client.findModels(folder));
    } catch (error) {
      // A broken model.json must not hide the other folders.
      if (!UserError.is(error)) throw error;
      found.push({ models: [], refused: [{ path: folder, reason: error.message }] });
    }
  }
  return { models: found.flatMap(({ models }) => models), refused: found.flatMap(({ refused }) => refused) };
}
