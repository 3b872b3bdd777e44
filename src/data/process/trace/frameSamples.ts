import type { Box, Size } from '../../../core/geometry/box';
import type { FrameField } from '../../../core/geometry/frame';
import type { Rollout } from '../../../core/trajectory/rollout';
import type { TraceImages } from './images';
import type { RowReader } from './rowReader';
import type { TraceTables } from './tables';

/** Groups looked at: enough to tell frames apart, few enough to read within a second. */
const groupsLookedAt = 24;
const rowsPerGroup = 8;

/** One group's numbers as logged, with its image. */
export interface GroupBoxes {
  readonly dataSource: string | null;
  readonly boxes: Readonly<Record<FrameField, readonly Box[]>>;
  /** Null when the image was not found. */
  readonly image: Size | null;
  /** Frames the group's first row states, and the input size it logs. */
  readonly stated: Rollout['statedFrames'];
  readonly inputSize: Size | null;
}

/** Reads groups spread evenly over what has been scanned so far. */
export async function sampleGroups(
  tables: TraceTables,
  reader: RowReader,
  images: TraceImages,
  signal: AbortSignal,
): Promise<readonly GroupBoxes[]> {
  const total = tables.groups.length;
  const count = Math.min(groupsLookedAt, total);
  const sampled: GroupBoxes[] = [];
  for (let i = 0; i < count && !signal.aborted; i++) {
    const group = Math.floor((i * total) / count);
    const rollouts: Rollout[] = [];
    for (const row of tables.members(group, rowsPerGroup)) rollouts.push(await reader.rollout(row));
    const [first] = rollouts;
    if (first === undefined) continue;
    const boxes = boxesOf(rollouts);
    const empty = boxes.prediction.length + boxes.groundTruth.length + boxes.tool.length === 0;
    const stored = empty ? null : await images.size(group, signal);
    sampled.push({
      dataSource: first.dataSource,
      boxes,
      image: stored === null ? null : (first.loggedImageSize ?? stored),
      stated: first.statedFrames,
      inputSize: first.inputSize,
    });
  }
  return sampled;
}

function boxesOf(rollouts: readonly Rollout[]): GroupBoxes['boxes'] {
  // What counts in a crop says nothing of the image.
  const regions = rollouts.flatMap((rollout) => rollout.regions.filter(({ view }) => view === 0));
  const of = (field: FrameField): readonly Box[] => regions.filter((r) => r.field === field).map((r) => r.box);
  const truth = (rollouts[0]?.truthBoxes ?? []).map(({ box }) => box);
  return { prediction: of('prediction'), tool: of('tool'), groundTruth: [...truth, ...of('groundTruth')] };
}
