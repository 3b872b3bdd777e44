import { type SimulatedClicks, simulateClicks } from '../core/click/simulateClicks';
import { clicksTo, fails, iouAfter, type MeanAndError, meanAndError } from '../core/metric/clickCurves';
import { UserError } from '../core/text/userError';
import type { InferenceClient } from '../inference/client';
import type { ModelInfo } from '../protocol/segment';
import { ClickedImage, eachObject, readObject } from './clickedObject';
import { flagMasks } from './flagMasks';
import { type TrueObject, trueObjects } from './maskDataset';
import { chosenModel, type ReadPixels } from './models';
import { aligned, type Output, printable, toJson } from './output';
import type { SimulateCommand } from './segmentArguments';
import { writeTrajectories } from './trajectories';

const targets = [0.85, 0.9] as const;
/** Clicks whose mean IoU is printed; JSON has every one. */
const told = [1, 2, 3, 5, 10, 20];

interface Simulated extends SimulatedClicks {
  readonly image: string;
  readonly label: string;
  /** Milliseconds of the model's decoder, all clicks together. */
  readonly decode: number;
}

/**
 * The simulated annotator on every object of a dataset: clicks needed to an IoU, failures, IoU after each click; or the trajectories themselves,
 * or masks of the dataset that the model doubts.
 */
export async function printSimulation(
  client: InferenceClient,
  pixels: ReadPixels,
  command: SimulateCommand,
  out: Output,
): Promise<void> {
  const { path, json } = command;
  const model = await chosenModel(client, command.model);
  const { objects, problems } = await trueObjects(path, pixels);
  for (const problem of problems) process.stderr.write(`${printable(problem)}\n`);
  if (objects.length === 0) throw new UserError(`${path}: no objects with masks found`);
  const tell = (message: string) => void process.stderr.write(`${printable(message)}\n`);
  const tools = { client, pixels, tell };
  const { trajectories, flagBelow } = command;
  const failed =
    trajectories !== null
      ? await writeTrajectories(tools, model, objects, { ...command, trajectories }, out)
      : flagBelow !== null
        ? await flagMasks(tools, model, objects, { below: flagBelow, json }, out)
        : await printCurves(tools, model, objects, command, out);
  if (failed > 0) throw new UserError(`${failed} of ${objects.length} objects could not be tried`);
  if (problems.length > 0) throw new UserError(`${problems.length} files could not be read`);
}

interface Tools {
  readonly client: InferenceClient;
  readonly pixels: ReadPixels;
  tell(message: string): void;
}

/** @returns how many objects failed. */
async function printCurves(
  { client, pixels, tell }: Tools,
  model: ModelInfo,
  objects: readonly TrueObject[],
  { path, maxClicks, json }: SimulateCommand,
  out: Output,
): Promise<number> {
  const done: Simulated[] = [];
  const failed = await eachObject(objects, tell, async (object) => {
    const read = await readObject(pixels, object);
    if (read === null) return;
    const clicked = new ClickedImage(client, object.image, model.id);
    const simulated = await simulateClicks(read.truth, read.size, maxClicks, (clicks) => clicked.mask(clicks));
    done.push({ image: object.image, label: object.label, ...simulated, decode: clicked.decodeMs });
  });
  const summary = summaryOf(done, maxClicks);
  if (json) await out.line(toJson({ model: model.id, dataset: path, maxClicks, failed, ...summary, objects: done }));
  else for (const line of aligned(rowsOf(model.title, summary, maxClicks))) await out.line(line);
  return failed;
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
