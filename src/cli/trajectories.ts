import { writeFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { clickTrajectory } from '../core/click/clickTrajectory';
import { maskIou } from '../core/mask/pixels';
import { meanAndError } from '../core/metric/clickCurves';
import { UserError } from '../core/text/userError';
import { segAgentElement } from '../formats/masks/segAgentTrace';
import type { InferenceClient } from '../inference/client';
import type { ModelInfo } from '../protocol/segment';
import { ClickedImage, cocoOf, eachObject, readObject } from './clickedObject';
import { type TrueObject, trueObjects } from './maskDataset';
import type { ReadPixels } from './models';
import { aligned, type Output, toJson } from './output';
import type { SimulateCommand } from './segmentArguments';

export interface TrajectoryOptions {
  /** Absolute path of the file to write. */
  readonly output: string;
  readonly targetIou: number;
  /** Absolute path of a dataset with the masks to begin with; null to begin with none. */
  readonly refine: string | null;
}

/** Trajectories of all objects by the simulated annotator, from an empty mask or from a given one, as SegAgent writes them. */
export async function writeTrajectories(
  tools: { readonly client: InferenceClient; readonly pixels: ReadPixels; readonly tell: (message: string) => void },
  model: ModelInfo,
  objects: readonly TrueObject[],
  { path, maxClicks, json, trajectories }: SimulateCommand & { readonly trajectories: TrajectoryOptions },
  out: Output,
): Promise<number> {
  const { client, pixels, tell } = tools;
  const { output, targetIou, refine } = trajectories;
  if (refine !== null && !model.feedback)
    throw new UserError(`--refine: ${model.title} takes no previous mask; name another model`);
  const starts = refine === null ? null : (await trueObjects(refine, pixels)).objects;
  const folder = /\.json$/i.test(path) ? dirname(path) : path;
  const data: object[] = [];
  const ious: number[] = [];
  let clicks = 0;
  const failed = await eachObject(objects, tell, async (object, index) => {
    const read = await readObject(pixels, object);
    if (read === null) return;
    const { size, truth } = read;
    const start = starts === null ? null : await startOf(object, read, starts);
    const clicked = new ClickedImage(client, object.image, model.id, start === null ? null : cocoOf(start, size));
    const rules = { targetIou, mostClicks: maxClicks };
    const trajectory = await clickTrajectory(truth, size, start, rules, (made) => clicked.mask(made));
    const imageName = relative(folder, object.image).split(sep).join('/');
    data.push(segAgentElement({ imageName, size, objectId: index, caption: object.label, truth, start, trajectory }));
    ious.push(trajectory.steps.at(-1)?.iou ?? trajectory.startIou);
    clicks += trajectory.steps.length;
  });
  const args = { dataset: path, model: model.id, n_clicks: maxClicks, target_iou: targetIou, refine };
  await writeFile(output, `${toJson({ info: { args }, data })}\n`);
  const iou = meanAndError(ious);
  const summary = { written: output, objects: data.length, clicks, iou: iou?.mean ?? null, failed };
  if (json) await out.line(toJson(summary));
  else
    for (const line of aligned([
      ['written', output],
      ['objects', String(data.length)],
      ['clicks', String(clicks)],
      ['IoU at the end', iou === null ? '–' : `${iou.mean.toFixed(3)} ± ${(iou.error ?? 0).toFixed(3)}`],
    ]))
      await out.line(line);
  return failed;
}

/** Of the masks of the same image the one most like the object. Throws a `UserError` where none touches it. */
async function startOf(
  { image, label }: TrueObject,
  { size, truth }: { readonly size: { readonly width: number; readonly height: number }; readonly truth: Uint8Array },
  starts: readonly TrueObject[],
): Promise<Uint8Array> {
  let best: Uint8Array | null = null;
  let most = 0;
  for (const start of starts) {
    if (start.image !== image) continue;
    const mask = await start.mask(size);
    const iou = maskIou(mask, truth);
    if (iou > most) [best, most] = [mask, iou];
  }
  if (best === null) throw new UserError(`${image}: no mask to refine touches ${label === '' ? 'its object' : label}`);
  return best;
}
