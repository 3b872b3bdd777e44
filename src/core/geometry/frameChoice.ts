import type { FrameChoice, FrameField, FrameOrigin } from './frame';

/**
 * Who wins when several decided: the user, the log itself, the format where its writer fixes the frame, the run's config,
 * the evidence.
 */
const PRECEDENCE: readonly FrameOrigin[] = ['user', 'log', 'format', 'config', 'evidence'];

/**
 * The frame in force for a field of a data source. A choice for exactly this data source wins over one for all
 * (`dataSource` null) of the same origin; a choice without a frame counts only when no other is there.
 */
export function findFrame(choices: readonly FrameChoice[], dataSource: string | null, field: FrameField): FrameChoice {
  const fitting = choices.filter((c) => c.field === field && (c.dataSource === dataSource || c.dataSource === null));
  const exactFirst = [
    ...fitting.filter((c) => c.dataSource === dataSource),
    ...fitting.filter((c) => c.dataSource !== dataSource),
  ];
  for (const origin of PRECEDENCE) {
    const found = exactFirst.find((c) => c.origin === origin && c.spec !== null);
    if (found !== undefined) return found;
  }
  const undecided = exactFirst.find((c) => c.spec === null);
  const reason = 'Neither the user, a config, the format nor the boxes say which frame these numbers count in.';
  return undecided ?? { dataSource, field, spec: null, origin: 'undecided', reason };
}
