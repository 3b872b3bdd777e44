import type { Size } from '../../../core/geometry/box';
import type { FrameChoice } from '../../../core/geometry/frame';
import { findFrame } from '../../../core/geometry/frameChoice';
import { needsImage, relativeCentre } from '../../../core/geometry/relativeCentre';
import { zoomChain } from '../../../core/geometry/zoomChain';
import { binCentres } from '../../../core/metric/lookMap';
import { sampleRows } from '../../../core/metric/sampling';
import { orderBySteps } from '../../../core/metric/stepOrder';
import { UserError } from '../../../core/text/userError';
import type { Rollout } from '../../../core/trajectory/rollout';
import type { ToolRules } from '../../../core/trajectory/tools/toolRules';
import type { FrameReport } from '../../../protocol/data';
import type { LookedSteps, WhereLooked } from '../../../protocol/overview';
import type { TraceFrames } from '../trace/frames';
import type { TraceImages } from '../trace/images';
import type { RowReader } from '../trace/rowReader';
import type { TraceTables } from '../trace/tables';

export interface LookedDeps {
  readonly tables: TraceTables;
  readonly reader: RowReader;
  readonly images: TraceImages;
  readonly frames: TraceFrames;
  /** By whose rules a rollout's calls are replayed. */
  readonly rules: (rollout: Rollout) => ToolRules;
}

/** Rollouts read for each third of the steps, and milliseconds after which no more are: images may have to be found. */
const rolloutsRead = 2000;
const patience = 15_000;
const readAtOnce = 8;

/** Region centres of a sample of rollouts: those of the first third of the steps, and those of the last. */
export async function whereLooked(deps: LookedDeps, signal: AbortSignal): Promise<WhereLooked | null> {
  const { columns, rows: table, attempts } = deps.tables;
  const step = columns.own('step');
  const regions = columns.own('regions');
  const { steps, starts, rows } = orderBySteps({
    length: columns.length,
    step: (row) => step.at(row) ?? Number.NaN,
    wanted: (row) => (regions.at(row) ?? 0) > 0,
    attempt: (row) => attempts.numberOf(table.get(row).group),
  });
  if (steps.length === 0) return null;
  const third = Math.max(1, Math.floor(steps.length / 3));
  const reports = await deps.frames.settled();
  const look = async (from: number, to: number): Promise<LookedSteps> => {
    const there = rows.subarray(starts[from], starts[to]);
    const range = { fromStep: steps[from] ?? Number.NaN, toStep: steps[to - 1] ?? Number.NaN, rollouts: there.length };
    return { ...range, ...(await read(deps, reports, there, signal)) };
  };
  const early = await look(0, third);
  return { early, late: await look(steps.length - third, steps.length) };
}

async function read(
  deps: LookedDeps,
  reports: readonly FrameReport[],
  rows: Uint32Array,
  signal: AbortSignal,
): Promise<Pick<LookedSteps, 'counts' | 'centres' | 'outside' | 'read' | 'unknown'>> {
  const until = performance.now() + patience;
  const chosen = inGroups(deps.tables, rows);
  const centres: (readonly [number, number])[] = [];
  let done = 0;
  let unknown = 0;
  for (let at = 0; at < chosen.length && performance.now() < until; at += readAtOnce) {
    signal.throwIfAborted();
    const some = chosen.slice(at, at + readAtOnce);
    for (const found of await Promise.all(some.map((row) => centresOf(deps, reports, row, signal)))) {
      if (found === null) continue;
      done++;
      for (const centre of found) {
        if (centre === null) unknown++;
        else centres.push(centre);
      }
    }
  }
  return { ...binCentres(centres), read: done, unknown };
}

/** At most `rolloutsRead` rows, those of one group together: they share an image that has to be found. */
function inGroups({ rows: table }: TraceTables, rows: Uint32Array): readonly number[] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const { group } = table.get(row);
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [row]);
    else members.push(row);
  }
  const all = [...groups.values()];
  const mean = rows.length / Math.max(1, all.length);
  const chosen = sampleRows(all.length, Math.max(1, Math.floor(rolloutsRead / mean)));
  return [...chosen].flatMap((at) => all[at] ?? []).slice(0, rolloutsRead);
}

/** Null for a row that cannot be read any more. */
async function centresOf(
  { tables, reader, images, rules }: LookedDeps,
  reports: readonly FrameReport[],
  row: number,
  signal: AbortSignal,
): Promise<readonly (readonly [number, number] | null)[] | null> {
  let rollout: Rollout;
  try {
    rollout = await reader.rollout(row);
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
  const choices = reports.map(({ choice }) => choice);
  const specs = rollout.regions.map(({ field }) => findFrame(choices, rollout.dataSource, field).spec);
  const isNested = rollout.regions.some(({ view }) => view > 0);
  const wanted = isNested || specs.some((spec) => spec !== null && needsImage(spec, rollout));
  const image = wanted ? await images.size(tables.rows.get(row).group, signal) : null;
  // A box of a crop says where it looked only through the crop.
  const nested = isNested && image !== null ? nestedCentres(rollout, image, choices, rules(rollout)) : new Map();
  return rollout.regions.map(({ box, view, index }, i) => {
    const spec = specs[i] ?? null;
    if (view > 0) return nested.get(index) ?? null;
    return spec === null ? null : relativeCentre(box, spec, image, rollout);
  });
}

/** Of boxes of crops, by region: what the tool cut of the original, and where it cut nothing what was asked for. */
function nestedCentres(
  rollout: Rollout,
  image: Size,
  choices: readonly FrameChoice[],
  rules: ToolRules,
): ReadonlyMap<number, readonly [number, number]> {
  const { width, height } = image;
  const centres = new Map<number, readonly [number, number]>();
  for (const { region, executed, meant } of zoomChain(rollout, image, choices, rules).steps) {
    const box = executed ?? meant;
    if (box !== null) centres.set(region, [(box.x1 + box.x2) / 2 / width, (box.y1 + box.y2) / 2 / height]);
  }
  return centres;
}
