import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { annotationChanges } from '../../../../core/dataset/edit/annotationChanges';
import { UserError } from '../../../../core/text/userError';
import { hfParquet } from '../../../../formats/imageSet/hfParquet';
import type { Curation, WriteHost } from '../../../../formats/imageSet/write/imageSetWriter';
import { imageSetWriter } from '../../../../formats/imageSet/write/writers';
import { fileProblem } from '../../scan/problemLog';
import { safeName } from './chosenImages';
import type { SetExport, Written } from './exportSet';
import { TextFile } from './textFile';
import { writeTables } from './writeTables';

/** The set's own files with its edits; what nobody edited stays byte for byte. */
export async function writeOriginal(job: SetExport): Promise<Written> {
  const { set, chosen } = job;
  const changes = new Map(
    chosen.flatMap(({ row, notes }) => {
      const own = annotationChanges(notes);
      return own.length === 0 ? [] : [[row.key, own] as const];
    }),
  );
  for (const { row, notes } of chosen)
    if (notes.answers !== undefined || notes.questions !== undefined || notes.split !== undefined)
      job.problems.add(
        fileProblem(row.file, 'Its new split, questions and answers stay in the annotations: the files keep theirs.'),
      );
  const isTables = set.source.detection.format === hfParquet.id;
  const files = isTables ? await writeTables(job, changes) : await writeFiles(job, changes);
  const annotations = chosen.reduce((sum, { row }) => sum + row.annotations, 0);
  return { annotations, files, notes: [] };
}

async function writeFiles(
  { set, folder, chosen, problems, signal }: SetExport,
  changes: Curation['changes'],
): Promise<readonly string[]> {
  const { target, detection, repaintMask } = set.source;
  const writer = imageSetWriter(detection.format);
  if (writer === null)
    throw new UserError(`${set.opened().formatTitle} is not written by Saccade. Export to COCO or YOLO.`);
  const whole = chosen.length === set.tables.images.length;
  const kept = new Set(chosen.map(({ row }) => row.key));
  const curation = { changes, keep: whole ? null : (key: string) => kept.has(key) };
  const files: string[] = [];
  const host: WriteHost = {
    problem: (problem) => problems.add(problem),
    repaintMask: (request) => {
      const { source } = request;
      if (source?.kind !== 'file') return repaintMask(request);
      return repaintMask({ ...request, source: { kind: 'file', path: join(set.root, source.path) } });
    },
  };
  for await (const { path, bytes } of writer.write(target, detection, curation, host)) {
    signal.throwIfAborted();
    const name = safeName(path, files.length);
    await mkdir(dirname(join(folder, name)), { recursive: true });
    const out = await TextFile.create(join(folder, name));
    try {
      for await (const part of bytes) await out.writeBytes(part);
      await out.finish();
    } finally {
      await out.close();
    }
    files.push(name);
  }
  return files;
}
