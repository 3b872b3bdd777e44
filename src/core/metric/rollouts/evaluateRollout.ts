import type { Box } from '../../geometry/box';
import { runsOf } from '../../mask/rle';
import { runsOverlap } from '../../mask/runsIou';
import { answerOf } from '../../reward/answerMatch';
import { type LabelledBox, normaliseLabel } from '../../reward/apAr';
import type { PlacedBoxes } from '../../reward/scoring/rewardInput';
import type { JsonValue } from '../../text/jsonValue';
import type { LoggedMask, Rollout } from '../../trajectory/rollout';
import type { EvaluatedRollout, FoundBox, TrueBox } from './evaluatedRollout';
import { gradeAnswer } from './gradeAnswer';

/** What a rollout is compared with beside what its trace says. */
export interface Surroundings {
  /** Boxes in stored pixels of the original, or why they cannot be placed. */
  readonly placed: PlacedBoxes | string;
  /** Truth in place of the trace's own; null for that. */
  readonly truth: readonly TrueBox[] | null;
  /** Name of who answered where the rollout does not say. */
  readonly policy: string;
}

/**
 * What a rollout came to. Boxes are those of its task model where one answered, else those of its answer; of traces that
 * Saccade's own policies write, columns tell who answered, whether it looked at parts, and how long it took.
 */
export function evaluateRollout(rollout: Rollout, { placed, truth: other, policy }: Surroundings): EvaluatedRollout {
  const fields = new Map(rollout.fields.map(({ name, value }) => [name, value]));
  const zoomed = fields.get('zoomed') !== false;
  const asked = textOf(fields.get('object'));
  const zooms = zoomRegions(rollout);
  const truth = other ?? truthOf(placed, asked);
  // A trace that names its task model has its boxes; without one, regions are no answer.
  const named = nameIn(fields.get('policy'));
  const byTask = fields.has('task_policy') && zoomed;
  const given = named !== null && zoomed && !byTask ? null : foundBoxes(rollout, placed, byTask, asked);
  const categories = new Set(truth?.map(({ category }) => category) ?? []);
  return {
    policy: named ?? policy,
    zoomed,
    malformed: rollout.badge === 'malformed' || typeof fields.get('malformed') === 'string',
    truth,
    found: given === null ? null : given.boxes.map((one) => categorised(one, asked, categories)),
    regionsOnly: given !== null && !given.task && given.boxes.length > 0 && zooms.size > 0,
    looks: zoomed ? looksOf(rollout, placed, zooms) : null,
    right: truth !== null ? null : rightAnswer(rollout, fields),
    mask: maskOf(rollout),
    calls: named === null ? null : callsOf(rollout, fields),
    seconds: numberOf(fields.get('seconds')),
  };
}

const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null);
const numberOf = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

function nameIn(value: JsonValue | undefined): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return textOf((value as { readonly [key: string]: JsonValue }).name);
}

/** Indices of regions that the rollout asked to see. */
function zoomRegions({ turns }: Rollout): ReadonlySet<number> {
  const zooms = turns.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'zoom'));
  return new Set(zooms.flatMap(({ regions }) => regions));
}

/** Regions that it asked to see; without one, and without a task model, the boxes of its answer: some dialects do not tell them apart. */
function looksOf(
  { regions, taskBoxes }: Rollout,
  placed: PlacedBoxes | string,
  zooms: ReadonlySet<number>,
): readonly Box[] | null {
  if (typeof placed === 'string' || (zooms.size === 0 && taskBoxes.length > 0)) return null;
  const indices = zooms.size > 0 ? [...zooms] : regions.map(({ index }) => index);
  return indices.flatMap((index) => placed.regions[index] ?? []);
}

/** An object that is asked for by name names boxes that have no label of their own. */
function truthOf(placed: PlacedBoxes | string, asked: string | null): readonly TrueBox[] | null {
  // A trace without boxes says nothing of what is there.
  if (typeof placed === 'string' || placed.truth.length === 0) return null;
  return placed.truth.map(({ box, label }) => ({
    box,
    category: normaliseLabel(label ?? asked),
    area: (box.x2 - box.x1) * (box.y2 - box.y1),
    crowd: false,
  }));
}

type Given = LabelledBox & { readonly score: number | null };

function foundBoxes(
  rollout: Rollout,
  placed: PlacedBoxes | string,
  byTask: boolean,
  asked: string | null,
): { readonly boxes: readonly Given[]; readonly task: boolean } | null {
  if (byTask || rollout.taskBoxes.length > 0)
    return { boxes: rollout.taskBoxes.map((box) => ({ box, label: asked, score: null })), task: true };
  if (typeof placed === 'string') return null;
  const boxes = rollout.regions
    .filter(({ field }) => field === 'prediction')
    .flatMap(({ index, label, confidence = null }) => {
      const box = placed.regions[index] ?? null;
      return box === null ? [] : [{ box, label, score: confidence }];
    });
  return { boxes, task: false };
}

/** By the box's own label, else by what was asked for, else by the one thing that is there to be found. */
function categorised({ box, label, score }: Given, asked: string | null, known: ReadonlySet<string>): FoundBox {
  const [only, ...others] = known;
  const names = [
    normaliseLabel(label),
    normaliseLabel(asked),
    ...(others.length === 0 && only !== undefined ? [only] : []),
  ];
  return { box, score, category: names.find((name) => known.has(name)) ?? null };
}

function rightAnswer(rollout: Rollout, fields: ReadonlyMap<string, JsonValue>): boolean | null {
  const text = textOf(fields.get('answer')) ?? answerOf(rollout.response, 'last');
  return gradeAnswer(rollout, { text, chosen: fields.get('chosen') });
}

function callsOf({ cropOutputs }: Rollout, fields: ReadonlyMap<string, JsonValue>): number {
  return 1 + cropOutputs.length + (fields.has('task_output') ? 1 : 0);
}

function maskOf({ masks = [], truthMask }: Rollout): EvaluatedRollout['mask'] {
  const last = masks.at(-1);
  if (last === undefined || truthMask === undefined || last.size.join() !== truthMask.size.join()) return null;
  const { shared, union } = overlap(last, truthMask);
  const clicked = masks.filter(({ click }) => click !== null);
  return {
    shared,
    union,
    curve: clicked.map((mask) => {
      const both = overlap(mask, truthMask);
      return both.union === 0 ? 1 : both.shared / both.union;
    }),
  };
}

function overlap(one: LoggedMask, other: LoggedMask): { readonly shared: number; readonly union: number } {
  const { both, a, b } = runsOverlap(runsOf(one.counts, one.size), runsOf(other.counts, other.size));
  return { shared: both, union: a + b - both };
}
