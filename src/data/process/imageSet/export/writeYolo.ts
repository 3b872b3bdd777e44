import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { yoloLine } from '../../../../formats/imageSet/write/cocoFrom';
import { fileProblem } from '../../scan/problemLog';
import { safeName } from './chosenImages';
import { withoutEnding } from './exportImages';
import type { SetExport, Written } from './exportSet';
import { TextFile } from './textFile';
import { leftOut } from './writeCoco';

const config = 'data.yaml';
/** Ultralytics reads images with OpenCV, which turns them. */
const frame = 'oriented';

/** A label file an image with boxes, and the names of the classes, as Ultralytics' YOLO reads them (docs, *Object Detection Datasets*). */
export async function writeYolo(job: SetExport): Promise<Written> {
  const { set, folder, chosen, images, problems, signal } = job;
  const classes = (await set.info(true, signal)).labels.map(({ label }) => label);
  const classOf = (label: string) => {
    const known = classes.indexOf(label);
    return known >= 0 ? known : classes.push(label) - 1;
  };
  const files: string[] = [];
  const taken = new Set<string>();
  let [written, reduced] = [0, 0];
  for (const i of chosen.keys()) {
    signal.throwIfAborted();
    const image = await images.inFrame(i, frame);
    const { size } = image;
    if (size === null) {
      problems.add(fileProblem(image.file, 'Its size is not known: its boxes are left out.'));
      continue;
    }
    const lines: string[] = [];
    for (const annotation of image.annotations) {
      const line = yoloLine(annotation, classOf(annotation.label ?? 'unlabelled'), size);
      if (line === null) problems.add(leftOut(image.file, annotation));
      else {
        lines.push(line);
        if (annotation.shape.kind !== 'box') reduced++;
      }
    }
    const named = safeName(images.name(i).replace(/^images\//, ''), i);
    const path = `labels/${withoutEnding(named)}.txt`;
    // Images that stay where they are cannot be called otherwise.
    if (taken.has(path.toLowerCase())) {
      problems.add(
        fileProblem(image.file, `Its boxes are left out: another image has ${path}. Copy or link the images.`),
      );
      continue;
    }
    taken.add(path.toLowerCase());
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await TextFile.save(join(folder, path), lines.map((line) => `${line}\n`).join(''));
    files.push(path);
    written += lines.length;
  }
  const listed = classes.map((name, i) => `  ${i}: ${JSON.stringify(name)}`);
  await TextFile.save(
    join(folder, config),
    ['path: .', 'train: images', 'val: images', 'names:', ...listed, ''].join('\n'),
  );
  const splits = new Set(chosen.map(({ row, notes }) => notes.split?.value ?? row.split));
  const notes = [
    ...(reduced === 0 ? [] : [`${reduced} polygons, masks and other shapes are written as their boxes.`]),
    ...(splits.size < 2 ? [] : ['All splits are in one folder, which data.yaml trains and validates on.']),
    ...images.told(frame),
  ];
  return { annotations: written, files: [config, ...files], notes };
}
