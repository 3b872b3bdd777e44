import type { Size } from '../../../core/geometry/box';
import type { FrameChoice } from '../../../core/geometry/frame';
import { compareLogged } from '../../../core/reward/scoring/compareLogged';
import type { BoxPlacing } from '../../../core/reward/scoring/placeBoxes';
import { placeBoxes } from '../../../core/reward/scoring/placeBoxes';
import type { ScoringProfile } from '../../../core/reward/scoring/profile';
import { usesTool } from '../../../core/reward/scoring/rewardInput';
import { prepareProfile, scoreRollout } from '../../../core/reward/scoring/scoreRollout';
import { UserError } from '../../../core/text/userError';
import type { Rollout } from '../../../core/trajectory/rollout';
import type { FrameReport } from '../../../protocol/data';
import type { ScoreProgress } from '../../../protocol/score';
import type { Foreground } from '../scan/foreground';
import type { TraceFrames } from '../trace/frames';
import type { TraceImages } from '../trace/images';
import type { RowReader } from '../trace/rowReader';
import type { TraceTables } from '../trace/tables';
import { ScoreColumns } from './scoreColumns';

/** What a trace is scored from. */
export interface ScoreSources {
  readonly tables: TraceTables;
  readonly reader: RowReader;
  readonly images: TraceImages;
  readonly frames: TraceFrames;
  readonly foreground: Foreground;
  readonly rulesOf: BoxPlacing['rulesOf'];
}

/** Rows read side by side. */
const rowsAtOnce = 8;
/** Milliseconds between two words of progress, and the longest wait for requests of a person. */
const pace = 100;

/**
 * Scores every rollout scanned by now, group by group; between rows whatever a person asks for goes first. A row that
 * cannot be read any more is passed over.
 * @throws DOMException when aborted.
 */
export async function scoreTrace(
  { tables, reader, images, frames, foreground, rulesOf }: ScoreSources,
  profile: ScoringProfile,
  progress: (progress: ScoreProgress) => void,
  signal: AbortSignal,
): Promise<ScoreColumns> {
  const prepared = prepareProfile(profile);
  const choicesOf = choicesBySource(await frames.settled());
  const found = new ScoreColumns(profile);
  const total = tables.rows.length;
  let done = 0;
  let told = performance.now();
  const score = async (row: number, image: Size | string, toolUse?: readonly boolean[]): Promise<void> => {
    const rollout = await readable(reader, row);
    done++;
    if (rollout?.kind !== 'rollout') return;
    const placed = placeBoxes(rollout, { frames: choicesOf(rollout.dataSource), image, rulesOf });
    found.add(row, compareLogged(rollout, scoreRollout({ rollout, placed, toolUse }, prepared)));
  };
  for (let group = 0; group < tables.groups.length; group++) {
    const image = (await images.size(group, signal)) ?? 'The image of this group was not found, or is none.';
    const rows = [...tables.rowsOf(group)].filter((row) => row < total);
    const toolUse = prepared.ofGroup ? await toolUseOf(rows, reader, foreground, signal) : undefined;
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      await foreground.idle(pace);
      signal.throwIfAborted();
      await Promise.all(rows.slice(from, from + rowsAtOnce).map((row) => score(row, image, toolUse)));
      if (performance.now() - told < pace) continue;
      told = performance.now();
      progress({ done, total });
    }
  }
  progress({ done: total, total });
  return found;
}

/** Whether each rollout of a group called a tool: its rows are read once more, for the profiles that ask. */
async function toolUseOf(
  rows: readonly number[],
  reader: RowReader,
  foreground: Foreground,
  signal: AbortSignal,
): Promise<readonly boolean[]> {
  const found: boolean[] = [];
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await foreground.idle(pace);
    signal.throwIfAborted();
    const some = await Promise.all(rows.slice(from, from + rowsAtOnce).map((row) => readable(reader, row)));
    for (const rollout of some) if (rollout?.kind === 'rollout') found.push(usesTool(rollout));
  }
  return found;
}

/** Null for a row whose file is gone or was changed. */
async function readable(reader: RowReader, row: number): Promise<Rollout | null> {
  try {
    return await reader.rollout(row);
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}

function choicesBySource(reports: readonly FrameReport[]): (source: string | null) => readonly FrameChoice[] {
  const choices = new Map<string | null, FrameChoice[]>();
  for (const { dataSource, choice } of reports) choices.set(dataSource, [...(choices.get(dataSource) ?? []), choice]);
  return (source) => choices.get(source) ?? [];
}
