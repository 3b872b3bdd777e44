import { type ExportId, exportFormat } from '../../formats/export/exportFormats';
import { partialGroup } from '../../formats/export/manifest';
import type { TraceOverrides } from '../../protocol/data';

/** What somebody chose to export. */
export interface ExportPlan {
  /** Absolute path of the trace. */
  readonly trace: string;
  readonly to: ExportId;
  /** As the command line takes it after `--select` or `--pairs`; null where the format asks for neither. */
  readonly choice: string | null;
  /** For KTO: the reward from which on an answer is good. */
  readonly right: number | null;
  /** Also groups whose size is not the run's. */
  readonly partial: boolean;
  readonly overrides: Pick<TraceOverrides, 'datasetFiles' | 'imageRoots'>;
  /** Folders with annotations of logs that may not have them beside them. */
  readonly annotations: readonly string[];
}

/** Arguments of the command line; without a folder nothing is written. */
export function exportArguments(
  { trace, to, choice, right, partial, overrides, annotations }: ExportPlan,
  output: string | null,
): readonly string[] {
  const each = (option: string, values: readonly string[] = []) => values.flatMap((value) => [option, value]);
  const option = exportFormat(to).unit === 'pair' ? '--pairs' : '--select';
  return [
    'export',
    '--to',
    to,
    '--json',
    ...(choice === null ? [] : [option, choice]),
    ...(right === null ? [] : [`--right=${right}`]),
    ...(partial ? ['--partial'] : []),
    ...each('--dataset', overrides.datasetFiles),
    ...each('--images', overrides.imageRoots),
    ...each('--annotations', annotations),
    ...(output === null ? ['--dry-run'] : ['-o', output]),
    '--',
    trace,
  ];
}

/** What the command line answered, as far as it is shown. */
export interface ExportAnswer {
  readonly records: number;
  readonly rollouts: number;
  readonly leftOut: number;
  /** Of them those in partial groups, which may be asked for. */
  readonly partial: number;
}

/** A manifest as it is looked at: what would be written comes first, then the first records, then what is left out. */
export function previewText(json: string): string {
  const { written, preview, leftOut, ...rest } = JSON.parse(json) as Readonly<Record<string, unknown>>;
  return `${JSON.stringify({ written, preview, leftOut, ...rest }, null, 2)}\n`;
}

/** Null for what is no manifest. */
export function answerOf(json: string): ExportAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const { written, leftOut } = (value ?? {}) as { readonly written?: unknown; readonly leftOut?: unknown };
  const { records, rollouts } = (written ?? {}) as { readonly records?: unknown; readonly rollouts?: unknown };
  if (typeof records !== 'number' || typeof rollouts !== 'number' || !Array.isArray(leftOut)) return null;
  const count = (fits: (reason: string) => boolean) =>
    leftOut.reduce((sum: number, one: { readonly reason?: unknown; readonly rollouts?: unknown } | null) => {
      return fits(String(one?.reason ?? '')) ? sum + Number(one?.rollouts ?? 0) : sum;
    }, 0);
  return { records, rollouts, leftOut: count(() => true), partial: count((reason) => reason.startsWith(partialGroup)) };
}
