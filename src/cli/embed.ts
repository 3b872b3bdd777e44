import { UserError } from '../core/text/userError';
import type { InferenceClient } from '../inference/client';
import { imagesBelow } from './imageList';
import { chosenModel } from './models';
import { type Output, printable, toJson } from './output';
import type { EmbedCommand } from './segmentArguments';

/** Images under way at once: the next are read and scaled while one is encoded. */
const ahead = 4;

/** Encodes every image once, so that the first click on it need not; what is in the cache already is passed over. */
export async function printEmbed(client: InferenceClient, command: EmbedCommand, out: Output): Promise<void> {
  const { json } = command;
  const model = await chosenModel(client, command.model);
  const images = await imagesBelow(command.path);
  if (images.length === 0) throw new UserError(`${command.path}: no images found`);
  const start = performance.now();
  const counts = { encoded: 0, there: 0, failed: 0 };
  let encodeMs = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let image = images[next++]; image !== undefined; image = images[next++]) {
      try {
        const { embedding, timings } = await client.embed({ image, crop: null, model: model.id, urgency: 'batch' });
        counts[embedding === 'encoded' ? 'encoded' : 'there']++;
        encodeMs += timings.encode;
      } catch (error) {
        if (!UserError.is(error)) throw error;
        counts.failed++;
        process.stderr.write(`${clearLine()}${printable(error.message)}\n`);
      }
      showProgress(counts, images.length);
    }
  };
  await Promise.all(Array.from({ length: ahead }, work));
  process.stderr.write(clearLine());
  const seconds = (performance.now() - start) / 1000;
  const summary = { model: model.id, images: images.length, ...counts, seconds, encodeSeconds: encodeMs / 1000 };
  if (json) await out.line(toJson(summary));
  else
    await out.line(
      `${counts.encoded} encoded, ${counts.there} there already, ${counts.failed} failed in ${seconds.toFixed(1)} s`,
    );
  if (counts.failed > 0) throw new UserError(`${counts.failed} of ${images.length} images could not be encoded`);
}

const clearLine = () => (process.stderr.isTTY ? '\r\x1b[K' : '');

function showProgress(
  { encoded, there, failed }: { encoded: number; there: number; failed: number },
  of: number,
): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${encoded + there + failed} of ${of}, ${encoded} encoded`);
}
