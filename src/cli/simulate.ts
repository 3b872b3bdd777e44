import { type SimulatedClicks, simulateClicks } from '../core/click/simulateClicks';
import { pixelsOfRuns } from '../core/mask/cocoMask';
import { runsOf } from '../core/mask/rle';
import { clicksTo, fails, iouAfter, type MeanAndError, meanAndError } from '../core/metric/clickCurves';
import { UserError } from '../core/text/userError';
import type { InferenceClient } from '../inference/client';
import type { PreviousMask } from '../protocol/segment';
import { type TrueObject, trueObjects } from './maskDataset';
import { chosenModel, type ReadPixels } from './models';
import { aligned, type Output, printable, toJson } from './output';
import type { SimulateCommand } from './segmentArguments';

const targets = [0.85, 0.9] as const;
/** Clicks whose mean IoU is printed; JSON has every one. */
const told = [1, 2, 3, 5, 10, 20];

interface Simulated extends SimulatedClicks {
  readonly image: string;
  readonly label: string;
  /** Milliseconds of the model's decoder, all clicks together. */
  readonly decode: number;
}

/** The simulated annotator's clicks on every object of a dataset: clicks needed to an IoU, failures, IoU after each click. */
export async function printSimulation(
  client: InferenceClient,
  pixels: ReadPixels,
  command: SimulateCommand,
  out: Output,
): Promise<void> {
  const { path, maxClicks, json } = command;
  const model = await chosenModel(client, command.model);
  const { objects, problems } = await trueObjects(path, pixels);
  for (const problem of problems) process.stderr.write(`${printable(problem)}\n`);
  if (objects.length === 0) throw new UserError(`${path}: no objects with masks found`);
  const done: Simulated[] = [];
  let failed = 0;
  for (const object of objects) {
    try {
      const simulated = await simulatedOn(client, pixels, model.id, object, maxClicks);
      if (simulated !== null) done.push(simulated);
    } catch (error) {
      if (!UserError.is(error)) throw error;
      failed++;
      process.stderr.write(`${printable(error.message)}\n`);
    }
  }
  const summary = summaryOf(done, maxClicks);
  if (json) await out.line(toJson({ model: model.id, dataset: path, maxClicks, failed, ...summary, objects: done }));
  else for (const line of aligned(rowsOf(model.title, summary, maxClicks))) await out.line(line);
  if (failed > 0) throw new UserError(`${failed} of ${objects.length} objects could not be tried`);
  if (problems.length > 0) throw new UserError(`${problems.length} files could not be read`);
}

/** Null for an object without a pixel: there is nothing to click. */
async function simulatedOn(
  client: InferenceClient,
  pixels: ReadPixels,
  model: string,
  { image, label, mask }: TrueObject,
  maxClicks: number,
): Promise<Simulated | null> {
  const { imageSize } = await pixels({ path: image, crop: null, side: 1, fit: 'atMost' });
  const truth = await mask(imageSize);
  if (!truth.includes(1)) return null;
  let previous: PreviousMask | null = null;
  let decode = 0;
  const simulated = await simulateClicks(truth, imageSize, maxClicks, async (clicks) => {
    const answer = await client.segment({ image, crop: null, model, clicks, box: null, previous, lane: 'simulate' });
    const best = answer.candidates[answer.best];
    if (best === undefined) throw new Error('an answer without a mask');
    previous = { kind: 'candidate', handle: best.handle };
    decode += answer.timings.decode;
    return pixelsOfRuns(runsOf(best.mask.counts, best.mask.size), imageSize.width, imageSize.height);
  });
  return { image, label, ...simulated, decode };
}

function summaryOf(done: readonly Simulated[], maxClicks: number) {
  const curves = done.map(({ curve }) => curve);
  const clicks = curves.reduce((sum, curve) => sum + curve.length, 0);
  return {
    count: done.length,
    noc: targets.map((target) => ({
      target,
      ...mean(curves.map((curve) => clicksTo(curve, target, maxClicks))),
    })),
    nof: targets.map((target) => ({ target, count: curves.filter((curve) => fails(curve, target, maxClicks)).length })),
    iou: Array.from({ length: maxClicks }, (_, i) => ({
      clicks: i + 1,
      ...mean(curves.map((curve) => iouAfter(curve, i + 1) ?? 0)),
    })),
    msPerClick: clicks === 0 ? null : done.reduce((sum, { decode }) => sum + decode, 0) / clicks,
  };
}

const mean = (values: readonly number[]): MeanAndError | { readonly mean: null; readonly error: null } =>
  meanAndError(values) ?? { mean: null, error: null };

function rowsOf(
  model: string,
  { count, noc, nof, iou, msPerClick }: ReturnType<typeof summaryOf>,
  maxClicks: number,
): [string, string][] {
  const shown = (value: number | null, digits: number) => value?.toFixed(digits) ?? '–';
  const percent = (target: number) => Math.round(target * 100);
  return [
    ['model', model],
    ['objects', String(count)],
    ...noc.map(({ target, mean: value, error }): [string, string] => [
      `NoC@${percent(target)} of ${maxClicks}`,
      `${shown(value, 2)} ± ${shown(error, 2)}`,
    ]),
    ...nof.map(({ target, count: failures }): [string, string] => [
      `NoF@${percent(target)}`,
      `${failures} of ${count}`,
    ]),
    ...iou
      .filter(({ clicks }) => told.includes(clicks))
      .map(({ clicks, mean: value, error }): [string, string] => [
        `IoU after ${clicks}`,
        `${shown(value, 3)} ± ${shown(error, 3)}`,
      ]),
    ['decoder', `${shown(msPerClick, 0)} ms a click`],
  ];
}
