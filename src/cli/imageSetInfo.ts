import type { DataClient } from '../data/client';
import type { ImageSetInfo, ImageSetOpened } from '../protocol/imageSet';
import type { ColumnInfo } from '../protocol/query';
import type { InfoCommand } from './arguments';
import { columnLine, problemLines } from './info';
import { aligned, type Output, printableLine, toJson } from './output';

const labelsShown = 20;

/** Prints what an image set holds; false when the path is none. */
export async function printImageSet(data: DataClient, command: InfoCommand, out: Output): Promise<boolean> {
  const { path, json } = command;
  if ((await data.call('imageset/detect', { path })) === null) return false;
  const opened = await data.call('imageset/open', { path, roots: command.overrides.imageRoots ?? [] });
  const { setId } = opened;
  const info = await data.call('imageset/info', { setId, wait: true }, { deadline: Number.POSITIVE_INFINITY });
  const columns = await data.call('imageset/columns', { setId });
  if (json) await out.line(toJson(imageSetDocument(path, opened, info, columns), 2));
  else for (const line of imageSetLines(path, opened, info, columns)) await out.line(printableLine(line));
  return true;
}

/** `info --json` of an image set: counts, labels, columns and problems. */
function imageSetDocument(
  path: string,
  opened: ImageSetOpened,
  info: ImageSetInfo,
  columns: readonly ColumnInfo[],
): object {
  const { format, formatTitle, reason, files, frame } = opened;
  return { path, kind: 'image set', format, formatTitle, reason, files, frame, ...info, columns };
}

function imageSetLines(
  path: string,
  { formatTitle, reason, files, frame }: ImageSetOpened,
  info: ImageSetInfo,
  columns: readonly ColumnInfo[],
): readonly string[] {
  const rows: [string, string][] = [
    ['recognised', reason],
    ['files', String(files.length)],
    ['images', String(info.images)],
    ['annotations', String(info.annotations)],
    ['labels', String(info.labels.length)],
    ['boxes count in', frame === 'stored' ? 'stored pixels, EXIF not applied' : 'pixels turned as EXIF says'],
  ];
  if (info.splits.length > 0)
    rows.push(['splits', info.splits.map(({ split, images }) => `${split} ${images}`).join(', ')]);
  const most = info.labels.toSorted((a, b) => b.annotations - a.annotations);
  const labels = most
    .slice(0, labelsShown)
    .map(({ label, images, annotations }): [string, string] => [
      printableLine(label),
      `${annotations} annotations on ${images} images`,
    ]);
  const lines = [`${formatTitle}: ${path}`, ...aligned(rows)];
  if (labels.length > 0) lines.push('Labels', ...aligned(labels));
  if (most.length > labelsShown) lines.push(`  … ${most.length - labelsShown} more (--json)`);
  lines.push('Columns', ...aligned(columns.map(columnLine)));
  if (info.problemCount > 0) lines.push(`Problems (${info.problemCount})`, ...problemLines(info));
  return lines;
}
