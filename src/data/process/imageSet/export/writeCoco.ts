import { join } from 'node:path';
import type { EffectiveAnnotation } from '../../../../core/dataset/edit/imageNotes';
import { cocoAnnotation } from '../../../../formats/imageSet/write/cocoFrom';
import { fileProblem } from '../../scan/problemLog';
import type { SetExport, Written } from './exportSet';
import { TextFile } from './textFile';

const file = 'annotations.json';
/** COCO has no annotation without a category. */
const unlabelled = 'unlabelled';
/** `pycocotools` looks at no image, and torchvision's loader of COCO turns none. */
const frame = 'stored';

/**
 * One COCO document: images in the order of the set, ids counted from 1, categories in the order of the set and then of
 * their appearance. Images come first, as in COCO's own files: what reads the head of a file knows it.
 */
export async function writeCoco(job: SetExport): Promise<Written> {
  const { set, folder, chosen, images, problems, signal } = job;
  const out = await TextFile.create(join(folder, file));
  try {
    await out.write(`{"info": ${JSON.stringify({ description: 'Exported by Saccade' })}, "images": [`);
    for (const [i, { row }] of chosen.entries()) {
      signal.throwIfAborted();
      const size = await images.size(i, frame);
      if (size === null) problems.add(fileProblem(row.file, 'Its size is not known: width and height are left out.'));
      const sides = size === null ? {} : { width: size.width, height: size.height };
      await out.write(`${i === 0 ? '' : ','}\n${JSON.stringify({ id: i + 1, ...sides, file_name: images.name(i) })}`);
    }
    await out.write('\n], "annotations": [');
    const categories = new Map((await set.info(true, signal)).labels.map(({ label }, i) => [label, i + 1]));
    const idOf = (label: string) => {
      const id = categories.get(label) ?? categories.size + 1;
      categories.set(label, id);
      return id;
    };
    let written = 0;
    for (const [i, one] of chosen.entries()) {
      signal.throwIfAborted();
      const image = await images.inFrame(i, frame);
      for (const annotation of image.annotations) {
        const category = idOf(annotation.label ?? unlabelled);
        const made = cocoAnnotation(annotation, { id: written + 1, image: i + 1, category, size: image.size });
        if (made === null) problems.add(leftOut(one.row.file, annotation));
        else {
          await out.write(`${written === 0 ? '' : ','}\n${JSON.stringify(made)}`);
          written++;
        }
      }
    }
    const list = [...categories].map(([name, id]) => JSON.stringify({ id, name }));
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
