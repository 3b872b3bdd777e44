import type { FrameChoice } from '../core/geometry/frame';
import { describeFrame } from '../core/geometry/frameMap';
import type { Problem } from '../core/text/problem';
import type { FrameReport, TraceInfo } from '../protocol/data';
import type { ColumnInfo } from '../protocol/query';
import type { InfoCommand } from './arguments';
import { aligned, type Output, printableLine, toJson } from './output';
import type { Session } from './session';

/** Prints what a trace holds. */
export async function printInfo(session: Session, command: InfoCommand, out: Output): Promise<void> {
  const info = await session.info();
  const columns = await session.data.call('trace/columns', { traceId: session.opened.traceId });
  if (command.json) await out.line(toJson(infoDocument(command.path, info, columns), 2));
  else for (const line of infoLines(command.path, info, columns)) await out.line(printableLine(line));
}

/** `info --json`: see the help text; `frame` sums up what `frames` holds of predictions. */
function infoDocument(path: string, info: TraceInfo, columns: readonly ColumnInfo[]): object {
  return {
    path,
    format: info.format,
    formatTitle: info.formatTitle,
    files: info.files,
    rollouts: info.rollouts,
    samples: info.samples,
    groups: info.groups,
    uncertainGroups: info.uncertainGroups,
    steps: info.steps,
    fields: info.fields,
    rewardComponents: info.rewardComponents,
    columns,
    absentColumns: info.absent,
    frame: frameSummary(info.frames),
    frames: info.frames.map(({ dataSource, field, choice, evidence }) => ({
      dataSource,
      field,
      kind: kindOf(choice),
      spec: choice.spec,
      origin: choice.origin,
      reason: choice.reason,
      evidence,
    })),
    images: info.images,
    badges: info.badges,
    troubledFiles: info.troubledFiles,
    config: info.config,
    problems: info.problems,
    problemCount: info.problemCount,
  };
}

const kindOf = (choice: FrameChoice) => choice.spec?.kind ?? 'unknown';

/** One answer for the trace: the frame of its predictions; `mixed` when its data sources differ. */
function frameSummary(reports: readonly FrameReport[]): { kind: string; reason: string } {
  const ofPredictions = reports.filter(({ field }) => field === 'prediction');
  const counted = ofPredictions.length > 0 ? ofPredictions : reports.filter(({ field }) => field === 'tool');
  const [first] = counted;
  if (first === undefined) return { kind: 'unknown', reason: 'The trace holds no predicted boxes.' };
  if (counted.some(({ choice }) => kindOf(choice) !== kindOf(first.choice)))
    return { kind: 'mixed', reason: counted.map((one) => `${nameOf(one)}: ${kindOf(one.choice)}`).join('; ') };
  return { kind: kindOf(first.choice), reason: first.choice.reason };
}

const nameOf = ({ dataSource, field }: FrameReport) => (dataSource === null ? field : `${field} of ${dataSource}`);

function infoLines(path: string, info: TraceInfo, columns: readonly ColumnInfo[]): readonly string[] {
  const { images, badges, config } = info;
  const rows: [string, string][] = [['files', String(info.files.length)]];
  if (info.rollouts > 0)
    rows.push([
      'rollouts',
      `${info.rollouts} in ${info.groups} groups${info.uncertainGroups > 0 ? ` (${info.uncertainGroups} of unexpected size)` : ''}`,
    ]);
  if (info.samples > 0) rows.push(['samples', String(info.samples)]);
  rows.push(['steps', stepsText(info.steps)]);
  rows.push([
    'format',
    `${badges.ok} ok, ${badges.repaired} repaired, ${badges.malformed} malformed, ${badges.none} without actions`,
  ]);
  if (info.troubledFiles.length > 0) rows.push(['actions', actionsText(info.troubledFiles)]);
  if (info.fields.length > 0) rows.push(['fields', info.fields.join(', ')]);
  if (info.rewardComponents.length > 0) rows.push(['reward components', info.rewardComponents.join(', ')]);
  rows.push(['images', `${images.resolved} resolved, ${images.ambiguous} ambiguous, ${images.missing} missing`]);
  rows.push(['configuration', config === null ? 'none found' : configText(config)]);
  const lines = [`${info.formatTitle}: ${path}`, ...aligned(rows)];
  const absent = info.absent.map(({ column, reason }): [string, string] => [column, `none: ${reason}`]);
  lines.push('Columns', ...aligned([...columns.map(columnLine), ...absent]));
  if (info.frames.length > 0) lines.push('Frames', ...info.frames.flatMap(frameLines));
  if (info.problemCount > 0) lines.push(`Problems (${info.problemCount})`, ...problemLines(info));
  return lines;
}

/** A column's role, how many rows have it, and what it takes. */
export function columnLine({
  name,
  kind,
  role,
  weight = null,
  present,
  min,
  max,
  values,
}: ColumnInfo): [string, string] {
  const named = weight === null ? role : `${role} × ${weight}`;
  const range = Number.isNaN(min) ? 'no finite number' : min === max ? `always ${min}` : `${min} to ${max}`;
  const shown = values.slice(0, valuesShown).join(', ');
  const names = values.length > valuesShown ? `${shown}, …` : shown;
  return [printableLine(name), `${named}, ${present} rows, ${kind === 'number' ? range : names}`];
}

const valuesShown = 4;

function stepsText(steps: readonly number[]): string {
  if (steps.length === 0) return 'none';
  if (steps.length <= 8) return steps.join(', ');
  return `${steps.length}, from ${steps[0]} to ${steps[steps.length - 1]}`;
}

const filesNamed = 3;

/** Sums, and the files with most of them. */
function actionsText(files: TraceInfo['troubledFiles']): string {
  const sum = (field: 'malformed' | 'repaired') => files.reduce((all, file) => all + file[field], 0);
  const worst = files.toSorted((a, b) => b.malformed + b.repaired - a.malformed - a.repaired).slice(0, filesNamed);
  const named = worst.map(
    ({ file, actions, malformed, repaired }) => `${file} ${malformed} and ${repaired} of ${actions}`,
  );
  const rest = files.length > filesNamed ? ', …' : '';
  return `${sum('malformed')} malformed, ${sum('repaired')} repaired (${named.join(', ')}${rest})`;
}

function configText(config: NonNullable<TraceInfo['config']>): string {
  const parts = [
    config.groupSize === null ? null : `n = ${config.groupSize}`,
    config.advantageEstimator,
    config.minPixels === null && config.maxPixels === null
      ? null
      : `${config.minPixels ?? '?'}–${config.maxPixels ?? '?'} pixels`,
  ].filter((part) => part !== null);
  return `${config.source}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}

function frameLines(report: FrameReport): readonly string[] {
  const { choice, evidence } = report;
  const name = choice.spec === null ? 'cannot tell' : describeFrame(choice.spec);
  // What a format or a user fixed needs no evidence.
  const weighed = choice.origin === 'evidence' || choice.origin === 'undecided';
  const candidates = evidence
    .filter(({ sameAs, boxes }) => weighed && sameAs === null && boxes > 0)
    .map(
      ({ spec, boxes, insideShare, meanIou }) =>
        [describeFrame(spec), `${percent(insideShare)} of ${boxes} inside, mean IoU ${decimals(meanIou)}`] as const,
    );
  return [
    `  ${nameOf(report)}: ${name}. ${choice.reason}`,
    ...(candidates.length === 0 ? [] : aligned(candidates, '    ')),
  ];
}

const percent = (share: number) => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`);
const decimals = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(3));

const maxProblems = 20;

export function problemLines(info: Pick<TraceInfo, 'problems' | 'problemCount'>): readonly string[] {
  const lines = info.problems.slice(0, maxProblems).map((problem) => `  ${problemText(problem)}`);
  return info.problemCount > lines.length ? [...lines, `  … ${info.problemCount - lines.length} more (--json)`] : lines;
}

function problemText({ file, line, element, field, message }: Problem): string {
  const place = [file, line === null ? '' : `:${line}`, element === null ? '' : `[${element}]`].join('');
  return `${place}${field === null ? '' : ` ${field}`}: ${message}`;
}
