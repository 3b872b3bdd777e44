import type { ImageSetFormatId } from '../../formats/imageSet/imageSetFormat';
import { type Association, literal } from './association';

const pictures = '*.{jpg,jpeg,png,webp,tif,tiff,bmp}';

/** Names of the files by which a folder of the format is opened. */
const files: Readonly<Record<ImageSetFormatId, string>> = {
  coco: '*.json',
  'coco-results': '*.json',
  lvis: '*.json',
  vstar: '*.json',
  'soda-a': '*.json',
  labelme: '*.json',
  'refcoco-json': '*.{json,jsonl}',
  'sft-json': '*.{json,jsonl}',
  dota: '*.txt',
  yolo: '*.{yaml,yml}',
  'cvat-xml': '*.xml',
  imagefolder: 'metadata.{jsonl,csv}',
  'hf-parquet': '*.parquet',
  webdataset: '*.tar',
  'image-mask-folders': pictures,
  'image-folder': pictures,
};

/** Formats whose files have names of their own. */
const named: ReadonlySet<ImageSetFormatId> = new Set(['yolo', 'cvat-xml', 'imagefolder']);

/**
 * Glob under which files like the given one open as a dataset: those of its folder with its ending, since `instances.json` and
 * `7.jpg` may be anything elsewhere. VS Code has no associations for folders: of one, the files that it is opened by.
 */
export function imageSetAssociation({
  format,
  path,
  folder,
}: {
  readonly format: ImageSetFormatId;
  /** Absolute, forward slashes. */
  readonly path: string;
  readonly folder: boolean;
}): Association {
  const parts = path.split('/').filter((part) => part !== '');
  const within = (folder ? parts.at(-1) : parts.at(-2)) ?? '';
  const name = parts.at(-1) ?? '';
  const ending = name.lastIndexOf('.');
  if (folder || ending < 1)
    return { glob: `**/${literal(within)}/${files[format]}`, what: `${within}/${files[format]}` };
  if (named.has(format)) return { glob: `**/${literal(within)}/${literal(name)}`, what: `${within}/${name}` };
  const like = name.slice(ending);
  return { glob: `**/${literal(within)}/*${literal(like)}`, what: `${within}/*${like}` };
}
