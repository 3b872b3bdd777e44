import type { Box } from '../../../core/geometry/box';
import type { FrameChoice, FrameEvidence, FrameField, FrameSpec } from '../../../core/geometry/frame';
import { findFrame } from '../../../core/geometry/frameChoice';
import { decideFrame } from '../../../core/geometry/frameDecision';
import { type FrameSample, frameEvidence } from '../../../core/geometry/frameEvidence';
import { toOriginal } from '../../../core/geometry/frameMap';
import { frameOfRun, resizeOfRun } from '../../../core/geometry/frameOfRun';
import { framePresets } from '../../../core/geometry/framePresets';
import { UserError } from '../../../core/text/userError';
import type { FormatFrames } from '../../../formats/format';
import type { FrameReport, RunConfig } from '../../../protocol/data';
import type { GroupBoxes } from './frameSamples';

/** What can decide on a frame besides the boxes themselves. */
export interface FrameKnowledge {
  readonly user: readonly FrameChoice[];
  readonly format: FormatFrames;
  readonly config: RunConfig | null;
}

/** Ground truth first: the others are compared with it. */
const fields: readonly FrameField[] = ['groundTruth', 'prediction', 'tool'];

/** The frame in force per data source and field, with how well every candidate fits the sampled groups. */
export function frameReports(
  samples: readonly GroupBoxes[],
  sources: readonly (string | null)[],
  knowledge: FrameKnowledge,
): readonly FrameReport[] {
  return (sources.length === 0 ? [null] : sources).flatMap((dataSource) => {
    const mine = samples.filter((sample) => sample.dataSource === dataSource);
    const truth = report(mine, dataSource, 'groundTruth', null, knowledge);
    return fields
      .map((field) => (field === 'groundTruth' ? truth : report(mine, dataSource, field, truth.choice, knowledge)))
      .filter(({ field, evidence, choice }) => field === 'prediction' || evidence.length > 0 || choice.spec !== null);
  });
}

function report(
  samples: readonly GroupBoxes[],
  dataSource: string | null,
  field: FrameField,
  truth: FrameChoice | null,
  { user, format, config }: FrameKnowledge,
): FrameReport {
  const usable = frameSamples(samples, field, truth?.spec ?? { kind: 'original' });
  const evidence = usable.length === 0 ? [] : frameEvidence(usable, candidates(config));
  const known: FrameChoice[] = user.map((choice) => ({ ...choice, origin: 'user' }));
  const own = format[field];
  if (own !== undefined) known.push({ dataSource: null, field, origin: 'format', ...own });
  const stated = statedFrame(samples, field, config);
  if (stated !== null) known.push({ dataSource, field, origin: 'log', ...stated });
  const configured = config === null || field !== 'prediction' ? null : frameOfRun(config);
  if (configured !== null) known.push({ dataSource, field, origin: 'config', ...configured });
  const { spec, reason } = fromEvidence(samples, usable, evidence, field, truth);
  known.push({ dataSource, field, spec, reason, origin: spec === null ? 'undecided' : 'evidence' });
  return { dataSource, field, choice: findFrame(known, dataSource, field), evidence };
}

/** Boxes of one field with their images; ground truth, where it is compared with, in original pixels. */
function frameSamples(samples: readonly GroupBoxes[], field: FrameField, truthSpec: FrameSpec): readonly FrameSample[] {
  return samples.flatMap(({ boxes, image }) => {
    if (image === null || boxes[field].length === 0) return [];
    const truth = field === 'groundTruth' ? [] : boxes.groundTruth.flatMap((box) => mapped(box, truthSpec, image));
    return [{ boxes: boxes[field], truth, image }];
  });
}

/** Nothing for an image that the frame's model input cannot be made of. */
function mapped(box: Box, spec: FrameSpec, image: { readonly width: number; readonly height: number }): readonly Box[] {
  try {
    return [toOriginal(box, spec, image)];
  } catch (error) {
    if (UserError.is(error)) return [];
    throw error;
  }
}

/** The known presets, and the model input by the run's own pixel bounds. */
function candidates(config: RunConfig | null): readonly FrameSpec[] {
  const specs = framePresets.map(({ spec }) => spec);
  if (config === null || (config.minPixels === null && config.maxPixels === null)) return specs;
  return [...specs, { kind: 'input', resize: resizeOfRun(config) }];
}

/** What the rows themselves say: a frame by name, or the input size beside predictions. */
function statedFrame(
  samples: readonly GroupBoxes[],
  field: FrameField,
  config: RunConfig | null,
): { readonly spec: FrameSpec; readonly reason: string } | null {
  const telling = samples.find(({ stated, inputSize }) => stated[field] ?? (field === 'prediction' && inputSize));
  if (telling === undefined) return null;
  const kind = telling.stated[field] ?? 'input';
  const spec: FrameSpec = kind === 'input' ? { kind, resize: resizeOfRun(config) } : { kind };
  const size = kind === 'input' && telling.inputSize !== null ? ', and their size' : '';
  const what = telling.stated[field] === undefined ? 'The log gives the size of the model input.' : null;
  return { spec, reason: what ?? `The log says ${describeKind[kind]}${size}.` };
}

const describeKind: Readonly<Record<FrameSpec['kind'], string>> = {
  original: 'original pixels',
  input: 'pixels of the model input',
  relative1: 'relative 0–1',
  relative1000: 'relative 0–1000',
};

function fromEvidence(
  samples: readonly GroupBoxes[],
  usable: readonly FrameSample[],
  evidence: readonly FrameEvidence[],
  field: FrameField,
  truth: FrameChoice | null,
): { readonly spec: FrameSpec | null; readonly reason: string } {
  const withBoxes = samples.filter(({ boxes }) => boxes[field].length > 0);
  if (usable.length === 0 && withBoxes.length > 0)
    return { spec: null, reason: `Cannot tell: none of the ${withBoxes.length} images looked at was found.` };
  const decision = decideFrame(evidence);
  if (field === 'groundTruth' || truth?.spec != null || decision.spec?.kind !== 'original') return decision;
  // The ground truth was taken as original pixels without anyone saying so: a match only shows that both are alike.
  const alone = decideFrame(
    frameEvidence(
      usable.map((sample) => ({ ...sample, truth: [] })),
      evidence.map(({ spec }) => spec),
    ),
  );
  if (alone.spec !== null) return alone;
  const reason =
    'Cannot tell: the boxes count in the same pixels as the ground truth, but which these are is not known.';
  return usable.some((sample) => sample.truth.length > 0) ? { spec: null, reason } : alone;
}
