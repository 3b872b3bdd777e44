import { basename } from 'node:path';
import type { DatasetAnnotation, DatasetImage, PixelFrame } from '../core/dataset/datasetImage';
import type { Shape } from '../core/dataset/shape';
import { type Box, orderCorners, type Size } from '../core/geometry/box';
import { fromUpright } from '../core/geometry/exifTurn';
import { type CocoMask, countsOf } from '../core/mask/cocoMask';
import { cocoPolygonRuns, unionRuns } from '../core/mask/cocoPolygon';
import type { PolicySample, PolicyTask } from '../core/policy/policyRollout';
import { UserError } from '../core/text/userError';
import type { TruthBox } from '../core/trajectory/rollout';
import type { DataClient } from '../data/client';
import type { MediaClient } from '../media/client';
import { sampleLines } from '../policy/job/sampleLines';
import type { SamplePlace, SampleSource } from '../policy/job/samples';
import type { ImageSetInfo, ImageSetOpened } from '../protocol/imageSet';
import type { RunCommand } from './policyArguments';
import { nameFor } from './propose';

interface Readers {
  readonly data: DataClient;
  readonly media: MediaClient;
}

/** Samples of a JSON Lines file, or of an image set: an object of an image, or a question about it. Throws `UserError`. */
export async function samplesOf(command: RunCommand, readers: Readers): Promise<SampleSource> {
  const { path, roots } = command;
  const { data } = readers;
  const isSet = (await data.call('imageset/detect', { path }, patient)) !== null;
  if (!isSet && /\.(jsonl|ndjson)$/i.test(path)) return sampleLines(path, roots);
  if (!isSet) throw new UserError(`${path}: this is no dataset that policies can be run on`);
  const opened = await data.call('imageset/open', { path, roots }, patient);
  const info = await data.call('imageset/info', { setId: opened.setId, wait: true }, patient);
  return {
    count: countOf(info, command.task),
    from: (position) => imagesFrom(command, readers, opened, info, position),
  };
}

const patient = { deadline: Number.POSITIVE_INFINITY };

/** An object a sample; questions are not counted ahead. */
function countOf({ labels }: ImageSetInfo, task: PolicyTask): number | null {
  return task !== 'detection' ? null : labels.reduce((sum, { images }) => sum + images, 0);
}

async function* imagesFrom(
  command: RunCommand,
  { data, media }: Readers,
  { setId, frame }: ImageSetOpened,
  { images }: ImageSetInfo,
  from: number,
): AsyncGenerator<SamplePlace> {
  for (let position = from; position < images; position++) {
    const image = await data.call('imageset/image', { setId, index: position }, patient);
    const asked = command.task === 'question' ? image.questions.length > 0 : image.annotations.length > 0;
    const found = asked ? await data.call('imageset/file', { setId, index: position }, patient) : null;
    if (found === null) {
      yield { position, samples: [], problem: asked ? `${image.file}: the image is missing` : null };
      continue;
    }
    const placing = await placingOf(media, found.path, frame, command.task === 'segmentation');
    yield { position, samples: samplesIn(image, found.path, command, placing), problem: null };
  }
}

/** How an image's annotations come to stored pixels. */
interface Placing {
  toStored(box: Box): Box;
  /** Null where masks cannot be placed, or are not asked for. */
  readonly masksOf: Size | null;
}

async function placingOf(media: MediaClient, path: string, frame: PixelFrame, masks: boolean): Promise<Placing> {
  if (frame === 'stored' && !masks) return { toStored: (box) => box, masksOf: null };
  const { stored, orientation } = await media.probe(path);
  const upright = frame === 'stored' || orientation === 1;
  return {
    toStored: upright ? (box) => box : (box) => fromUpright(box, stored, orientation),
    masksOf: upright ? stored : null,
  };
}

function samplesIn(
  image: DatasetImage,
  path: string,
  { task, path: dataset, output }: RunCommand,
  { toStored, masksOf }: Placing,
): readonly PolicySample[] {
  const usual = { image: path, imageName: nameFor(path, output), dataSource: basename(dataset) };
  const truth = (of: readonly DatasetAnnotation[]) =>
    of.flatMap(({ box, label }): TruthBox[] => (box === null ? [] : [{ box: toStored(orderCorners(box)), label }]));
  if (task === 'question')
    return image.questions.map(({ text, options, answer }, i) => ({
      ...usual,
      key: `${image.key}?${i}`,
      object: null,
      question: text,
      options,
      answer,
      truth: truth(image.annotations),
    }));
  const counted = image.annotations.filter(({ crowd, ignore, box }) => !crowd && !ignore && box !== null);
  if (task === 'segmentation')
    return counted.map((one) => ({
      ...usual,
      key: `${image.key}#${one.id}`,
      object: one.label ?? 'object',
      question: null,
      options: [],
      answer: null,
      truth: truth([one]),
      box: one.box === null ? null : toStored(orderCorners(one.box)),
      truthMask: masksOf === null ? null : shapeMask(one.shape, masksOf),
    }));
  const labels = [...new Set(counted.flatMap(({ label }) => label ?? []))];
  return labels.map((label) => ({
    ...usual,
    key: `${image.key}/${label}`,
    object: label,
    question: null,
    options: [],
    answer: null,
    truth: truth(counted.filter((one) => one.label === label)),
  }));
}

/** A mask or polygons of an image of that size; null for any other shape, and for a mask of another image's size. */
function shapeMask(shape: Shape, { width, height }: Size): CocoMask | null {
  const size = [height, width] as const;
  if (shape.kind === 'mask') return shape.mask.size[0] === height && shape.mask.size[1] === width ? shape.mask : null;
  if (shape.kind !== 'polygons') return null;
  const runs = shape.rings.map((ring) =>
    cocoPolygonRuns(
      ring.flatMap(({ x, y }) => [x, y]),
      { width, height },
    ),
  );
  return { size, counts: countsOf(unionRuns(runs)) };
}
