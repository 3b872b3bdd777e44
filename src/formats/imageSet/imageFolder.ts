import type { DirSource } from '../../core/ports';
import type { OpenTarget } from '../format';
import type { ImageSetDetection, ImageSetFormat, ImageSetSink } from './imageSetFormat';

/** Names of files that are shown as images. */
export const imageEnding = /\.(?:jpe?g|png|webp|gif|bmp|avif|tiff?)$/i;
/** Folders below each other that are looked into; a link that leads up again ends there too. */
const deepest = 8;
/** Entries of one folder after which a scan lets others work. */
const often = 500;

/** Pictures and nothing else: a folder of them, or one photo. */
export const imageFolder: ImageSetFormat = {
  id: 'image-folder',
  title: 'Images',
  frame: 'stored',
  detect: async ({ dir, file }) => {
    if (file !== null) return imageEnding.test(file) ? { ...found, files: [file], reason: 'a picture' } : null;
    return (await holdsImage(dir, '', 2)) ? { ...found, files: [], reason: 'a folder with pictures' } : null;
  },
  scan: async ({ dir, file }, _, sink) => {
    if (file !== null) add(file, sink);
    else await scanFolder(dir, '', 0, sink);
    await sink.progress(0);
  },
  readImage: async () => ({ annotations: [], questions: [], attributes: {} }),
};

const found = { format: 'image-folder' } as const satisfies Partial<ImageSetDetection>;

async function holdsImage(dir: OpenTarget['dir'], folder: string, levels: number): Promise<boolean> {
  const entries = await dir.list(folder);
  if (entries.some(({ kind, name }) => kind === 'file' && imageEnding.test(name))) return true;
  if (levels === 0) return false;
  for (const { kind, name } of entries.slice(0, often))
    if (kind === 'directory' && !name.startsWith('.') && (await holdsImage(dir, within(folder, name), levels - 1)))
      return true;
  return false;
}

async function scanFolder(dir: DirSource, folder: string, level: number, sink: ImageSetSink): Promise<void> {
  const folders: string[] = [];
  let since = 0;
  for (const { kind, name } of await dir.list(folder)) {
    if (name.startsWith('.')) continue;
    if (kind === 'directory') folders.push(within(folder, name));
    else if (imageEnding.test(name)) add(within(folder, name), sink);
    if (++since % often === 0) await sink.progress(0);
  }
  if (level === deepest && folders.length > 0) {
    const message = `Folders below this one are not looked into: it is ${deepest} levels down.`;
    sink.problem({ severity: 'warning', file: folder, line: null, element: null, field: null, message });
    return;
  }
  for (const below of folders) await scanFolder(dir, below, level + 1, sink);
}

function add(file: string, sink: ImageSetSink): void {
  const bytes = { kind: 'file', candidates: [file] } as const;
  sink.image({ key: file, file, size: null, split: null, bytes, place: { file, line: null } }, [], []);
}

function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
