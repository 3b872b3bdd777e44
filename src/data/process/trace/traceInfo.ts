import type { RewardComponent } from '../../../core/reward/component';
import type { TraceFormat } from '../../../formats/format';
import type { FrameReport, TraceInfo } from '../../../protocol/data';
import { whyNoAreas } from '../columns/regionColumns';
import type { TraceImages } from './images';
import type { TraceTables } from './tables';

export interface InfoSources {
  readonly format: TraceFormat;
  /** One name a file and attempt. */
  readonly files: readonly string[];
  readonly tables: TraceTables;
  readonly images: TraceImages;
  readonly uncertainGroups: number;
  readonly components: readonly RewardComponent[];
  readonly frames: readonly FrameReport[];
}

const problemsTold = 1000;

/** What a trace holds, as far as it is scanned. */
export function traceInfo({ format, files, tables, images, components, ...told }: InfoSources): TraceInfo {
  const problems = [...images.problems, ...tables.problems.problems];
  return {
    ...told,
    format: format.id,
    formatTitle: format.title,
    files: [...new Set(files)],
    rollouts: tables.rows.length - tables.samples,
    samples: tables.samples,
    groups: tables.groups.length,
    steps: tables.sortedSteps,
    fields: tables.numericColumns,
    rewardComponents: components.map(({ name }) => name),
    images: images.counts(),
    badges: { ...tables.badges },
    troubledFiles: tables.troubledFiles,
    config: images.config,
    absent: absentColumns(tables),
    problems: problems.slice(0, problemsTold),
    problemCount: tables.problems.count + images.problems.length,
  };
}

function absentColumns({ regions }: TraceTables): TraceInfo['absent'] {
  const reason = whyNoAreas(regions);
  return reason === null ? [] : ['region_area', 'region_share'].map((column) => ({ column, reason }));
}
