import type { DataClient } from '../data/client';
import { everyImage, type ImageSetInfo, type ImageSetOpened } from '../protocol/imageSet';
import type { ColumnInfo } from '../protocol/query';
import type { InfoCommand } from './arguments';
import { columnLine, problemLines } from './info';
import { aligned, type Output, printableLine, toJson } from './output';

const labelsShown = 20;

const patient = { deadline: Number.POSITIVE_INFINITY };
/** Images named in the text; the JSON names them all. */
const imagesShown = 20;
const page = 2000;

/** What `--where` found. */
interface Found {
  readonly where: string;
  readonly images: number;
  /** That match, in images that match. */
  readonly annotations: number;
  readonly files: readonly string[];
}

/** Prints what an image set holds, with what its saved sidecar says; false when the path is none. */
export async function printImageSet(data: DataClient, command: InfoCommand, out: Output): Promise<boolean> {
  const { path, json } = command;
  if ((await data.call('imageset/detect', { path })) === null) return false;
  const opened = await data.call('imageset/open', { path, roots: command.overrides.imageRoots ?? [] });
  const { setId } = opened;
  await data.call('imageset/saved', { setId, places: [] }, patient);
  const info = await data.call('imageset/info', { setId, wait: true }, patient);
  const columns = await data.call('imageset/columns', { setId }, patient);
  const found = command.where === '' ? null : await matchingImages(data, setId, command.where);
  if (json) await out.line(toJson(imageSetDocument(path, opened, info, columns, found), 2));
  else for (const line of imageSetLines(path, opened, info, columns, found)) await out.line(printableLine(line));
  return true;
}

async function matchingImages(data: DataClient, setId: number, where: string): Promise<Found> {
  const asked = { setId, query: { ...everyImage, where } };
  const { view, images, annotations } = await data.call('imageset/query', asked, patient);
  const files: string[] = [];
  while (files.length < images) {
    const rows = await data.call('imageset/rows', { setId, start: files.length, count: page, view });
    files.push(...rows.map(({ file }) => file));
  }
  return { where, images, annotations, files };
}

/** `info --json` of an image set: counts, labels, columns and problems. */
function imageSetDocument(
  path: string,
  opened: ImageSetOpened,
  info: ImageSetInfo,
  columns: readonly ColumnInfo[],
  matching: Found | null,
): object {
  const { format, formatTitle, reason, files, frame } = opened;
  return {
    path,
    kind: 'image set',
    format,
    formatTitle,
    reason,
    files,
    frame,
    ...info,
    columns,
    ...(matching === null ? {} : { matching }),
  };
}

function imageSetLines(
  path: string,
  { formatTitle, reason, files, frame }: ImageSetOpened,
  info: ImageSetInfo,
  columns: readonly ColumnInfo[],
  found: Found | null,
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
  if (found !== null) {
    lines.push(`Matching (${found.images} images, ${found.annotations} annotations): ${found.where}`);
    lines.push(...found.files.slice(0, imagesShown).map((file) => `  ${file}`));
    if (found.images > imagesShown) lines.push(`  … ${found.images - imagesShown} more (--json)`);
  }
  lines.push('Columns', ...aligned(columns.map(columnLine)));
  if (info.problemCount > 0) lines.push(`Problems (${info.problemCount})`, ...problemLines(info));
  return lines;
}
