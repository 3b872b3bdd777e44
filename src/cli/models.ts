import { join } from 'node:path';
import { UserError } from '../core/text/userError';
import { createInferenceClient, type InferenceClient } from '../inference/client';
import { createMediaClient } from '../media/client';
import type { ModelInfo, PixelsAnswer, PixelsRequest } from '../protocol/segment';
import { aligned, type Output, printable, toJson } from './output';
import type { ModelCommand, ModelsCommand } from './segmentArguments';
import { childLog, defaultCacheDir } from './session';

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

/** Models at a path, and why what is there is none. */
export async function printModels(client: InferenceClient, { path, json }: ModelsCommand, out: Output): Promise<void> {
  const found = await client.findModels(path);
  if (json) {
    await out.line(toJson(found, 2));
    return;
  }
  for (const { title, dialect, inputSize, feedback, boxes, precision, encoder, decoder, bytes } of found.models) {
    await out.line(printable(title));
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
    for (const line of aligned(rows)) await out.line(line);
  }
  for (const { path: file, reason } of found.refused) await out.line(printable(`${file}: ${reason}`));
  if (found.models.length === 0) throw new UserError(`${path}: no model found`);
}
