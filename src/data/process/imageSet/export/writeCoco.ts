import { join } from 'node:path';
import type { EffectiveAnnotation } from '../../../../core/dataset/edit/imageNotes';
import { cocoAnnotation } from '../../../../formats/imageSet/write/cocoFrom';
import { fileProblem } from '../../scan/problemLog';
import { CocoCategoryIds, cocoImageIds } from './cocoIds';
import type { SetExport, Written } from './exportSet';
import { TextFile } from './textFile';

const file = 'annotations.json';
/** COCO has no annotation without a category. */
const unlabelled = 'unlabelled';
/** `pycocotools` looks at no image, and torchvision's loader of COCO turns none. */
const frame = 'stored';

/**
 * One COCO document: images and categories in the order of the set, with the ids that they have in it (`cocoIds`); annotations are
 * counted from 1. Images come first, as in COCO's own files: what reads the head of a file knows it.
 */
export async function writeCoco(job: SetExport): Promise<Written> {
  const { set, folder, chosen, images, problems, signal } = job;
  const imageIds = cocoImageIds(chosen.map(({ row }) => row.key));
  const out = await TextFile.create(join(folder, file));
  try {
    await out.write(`{"info": ${JSON.stringify({ description: 'Exported by Saccade' })}, "images": [`);
    for (const [i, { row }] of chosen.entries()) {
      signal.throwIfAborted();
      const size = await images.size(i, frame);
      if (size === null) problems.add(fileProblem(row.file, 'Its size is not known: width and height are left out.'));
      const sides = size === null ? {} : { width: size.width, height: size.height };
      await out.write(
        `${i === 0 ? '' : ','}\n${JSON.stringify({ id: imageIds[i] ?? i + 1, ...sides, file_name: images.name(i) })}`,
      );
    }
    await out.write('\n], "annotations": [');
    const { labels, skeletons } = await set.info(true, signal);
    const categories = new CocoCategoryIds(
      labels.map(({ label }) => label),
      set.tables.categoryIds,
    );
    let written = 0;
    for (const [i, one] of chosen.entries()) {
      signal.throwIfAborted();
      const image = await images.inFrame(i, frame);
      for (const annotation of image.annotations) {
        const category = categories.of(annotation.label ?? unlabelled);
        const made = cocoAnnotation(annotation, {
          id: written + 1,
          image: imageIds[i] ?? i + 1,
          category,
          size: image.size,
        });
        if (made === null) problems.add(leftOut(one.row.file, annotation));
        else {
          await out.write(`${written === 0 ? '' : ','}\n${JSON.stringify(made)}`);
          written++;
        }
      }
    }
    const list = [...categories.all].map(([name, id]) => {
      const pose = skeletons.find(({ label }) => label === name);
      // COCO counts keypoints from 1.
      const skeleton = pose?.skeleton.map(([a, b]) => [a + 1, b + 1]);
      return JSON.stringify({ id, name, ...(pose === undefined ? {} : { keypoints: pose.names, skeleton }) });
    });
    await out.write(`\n], "categories": [\n${list.join(',\n')}\n]}\n`);
    await out.finish();
    return { annotations: written, files: [file], notes: images.told(frame) };
  } finally {
    await out.close();
  }
}

/** An annotation that the format has no place for. */
export function leftOut(image: string, { label, shape }: EffectiveAnnotation) {
  const what = label === null ? shape.kind : `${shape.kind} “${label.slice(0, 60)}”`;
  return fileProblem(image, `Its ${what} is left out: the format has no place for it.`);
}
