import { basename } from 'node:path';
import type { DatasetAnnotation, DatasetImage } from '../core/dataset/datasetImage';
import { type Box, orderCorners } from '../core/geometry/box';
import { fromUpright } from '../core/geometry/exifTurn';
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
  return task === 'question' ? null : labels.reduce((sum, { images }) => sum + images, 0);
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
    const toStored = frame === 'oriented' ? await turnBack(media, found.path) : (box: Box) => box;
    yield { position, samples: samplesIn(image, found.path, command, toStored), problem: null };
  }
}

/** Annotations that count in the upright image, in stored pixels. */
async function turnBack(media: MediaClient, path: string): Promise<(box: Box) => Box> {
  const { stored, orientation } = await media.probe(path);
  return (box) => fromUpright(box, stored, orientation);
}

function samplesIn(
  image: DatasetImage,
  path: string,
  { task, path: dataset, output }: RunCommand,
  toStored: (box: Box) => Box,
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
