import { type AnnotationRecord, type GroupNotes, idOf, type RolloutNotes } from '../core/annotation/annotation';
import type { RewardComponent } from '../core/reward/component';
import type { Rollout } from '../core/trajectory/rollout';
import { NOTES_SLICE, type SidecarFile } from '../protocol/notes';
import type { ExportOptions } from './exportArguments';
import type { Session } from './session';

/** What people said of a trace, by log file and record. */
export interface ExportNotes {
  readonly sidecars: readonly { readonly file: string; readonly records: number; readonly problems: number }[];
  /** Named by the user, else by the run's config. */
  readonly components: readonly RewardComponent[];
  group(file: string, key: string): GroupNotes;
  /** Keys and notes of rollouts, in order. */
  rollouts(rollouts: readonly Rollout[]): Promise<readonly { readonly key: string; readonly notes: RolloutNotes }[]>;
}

/** The data child has checked them. */
const recordsIn = (slice: string) => JSON.parse(slice) as readonly AnnotationRecord[];

/** Reads every sidecar of the trace that is wanted, slice by slice. Throws `UserError` for one that cannot be read. */
export async function readNotes(
  { data, opened }: Session,
  { ignoreAnnotations, annotationFolders }: Pick<ExportOptions, 'ignoreAnnotations' | 'annotationFolders'>,
  isWanted: (sidecar: SidecarFile) => boolean = () => true,
): Promise<ExportNotes> {
  const { traceId } = opened;
  const opening = ignoreAnnotations ? [] : await data.call('notes/open', { traceId, places: annotationFolders });
  const sidecars = opening.filter(isWanted);
  const found = new Map<string, AnnotationRecord>();
  for (const { file, records } of sidecars)
    for (let start = 0; start < records; start += NOTES_SLICE)
      for (const record of recordsIn(await data.call('notes/slice', { traceId, file, start })))
        found.set(JSON.stringify([file, idOf(record)]), record);
  const columns = await data.call('trace/columns', { traceId });
  const components = columns.flatMap(({ name, role, weight = null }) =>
    role === 'component' ? [{ name, weight }] : [],
  );
  const recordOf = (file: string, kind: AnnotationRecord['kind'], key: string) =>
    found.get(JSON.stringify([file, idOf({ kind, key })]));
  return {
    components,
    sidecars: sidecars.map(({ file, records, problems }) => ({ file, records, problems: problems.length })),
    group: (file, key) => {
      const record = recordOf(file, 'group', key);
      return record?.kind === 'group' ? record.notes : {};
    },
    rollouts: async (rollouts) => {
      if (found.size === 0) return rollouts.map(() => ({ key: '', notes: {} }));
      const places = await data.call('notes/keys', { traceId, rows: rollouts.map(({ row }) => row) });
      return places.map(({ file, key }) => {
        const record = recordOf(file, 'rollout', key);
        return { key, notes: record?.kind === 'rollout' ? record.notes : {} };
      });
    },
  };
}
