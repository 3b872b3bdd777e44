import { writeFile } from 'node:fs/promises';
import { pixelsOfRuns } from '../core/mask/cocoMask';
import { runsOf } from '../core/mask/rle';
import type { InferenceClient } from '../inference/client';
import type { SegmentAnswer } from '../protocol/segment';
import { greyPng } from './greyPng';
import { chosenModel } from './models';
import { type Output, toJson } from './output';
import type { SegmentCommand } from './segmentArguments';

/** One mask from clicks and a box: a PNG, white where the mask is, or COCO's RLE. */
export async function printSegment(client: InferenceClient, command: SegmentCommand, out: Output): Promise<void> {
  const { path, clicks, box, crop, output, json } = command;
  const model = await chosenModel(client, command.model);
  const answer = await client.segment({
    image: path,
    crop,
    model: model.id,
    clicks,
    box,
    previous: null,
    lane: 'command line',
  });
  // The process ends with this command: the next one should find what was encoded.
  await client.embed({ image: path, crop, model: model.id, urgency: 'batch' });
  const best = answer.candidates[answer.best];
  if (best === undefined) throw new Error('an answer without a mask');
  if (output !== null) {
    const [height, width] = best.mask.size;
    await writeFile(
      output,
      greyPng(pixelsOfRuns(runsOf(best.mask.counts, best.mask.size), width, height, 255), width, height),
    );
  }
  if (json) await out.line(toJson(segmentDocument(answer, best)));
}

/** What `pycocotools.mask` reads stands at the top; the rest beside it. */
function segmentDocument(
  answer: SegmentAnswer,
  { mask, score, stability }: SegmentAnswer['candidates'][number],
): object {
  const { candidates, best, imageSize, model, provider, precision, embedding, timings } = answer;
  return {
    size: mask.size,
    counts: mask.counts,
    score,
    stability,
    image: imageSize,
    model,
    provider,
    precision,
    embedding,
    timings,
    best,
    candidates: candidates.map((candidate) => ({
      ...candidate.mask,
      score: candidate.score,
      stability: candidate.stability,
    })),
  };
}
