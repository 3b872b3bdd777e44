import { stat } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { Lru } from '../../../core/collections/lru';
import type { Handlers } from '../../../protocol/channel';
import type { ImageSetNotesMethods } from '../../../protocol/imageSetNotes';
import { FileSource, fileError } from '../files/fileSource';
import { headFingerprint } from './fingerprint';
import { Sidecars } from './sidecars';

/** Sets whose sidecars are kept as read, for the slices that are asked for next. */
const kept = 8;

/** Answers for the sidecars of image sets. */
export function imageSetNotes(): Handlers<ImageSetNotesMethods> {
  const known = new Lru<string, Promise<NamedSidecars>>(kept);
  const find = (path: string): Promise<NamedSidecars> => {
    const sidecars = known.get(path) ?? sidecarsOf(path);
    known.set(path, sidecars);
    sidecars.catch(() => known.delete(path));
    return sidecars;
  };
  return {
    'imageset/notes/open': async ({ path, places }) => (await find(path)).sidecars.open(places),
    'imageset/notes/slice': async ({ path, file, start }) => (await find(path)).sidecars.slice(file, start),
    'imageset/notes/save': async ({ path, file, place, stamp, records }) =>
      (await find(path)).sidecars.save(file, place, stamp, records),
    'imageset/notes/file': async ({ path }) => (await find(path)).name,
  };
}

/** A set’s sidecar and the name its records are kept under. */
export interface NamedSidecars {
  readonly name: string;
  readonly sidecars: Sidecars;
}

/** A folder has no bytes of its own to be known by. */
const folderFingerprint = { head: '', size: 0 };

/** @param path of the set’s file or folder, absolute. */
export async function sidecarsOf(path: string): Promise<NamedSidecars> {
  const folder = await isFolder(path);
  const name = folder ? '' : basename(path);
  const sidecars = new Sidecars({
    names: [name],
    locate: () => (folder ? `${path}${sep}` : path),
    fingerprint: async () => (folder ? folderFingerprint : headFingerprint(new FileSource(name, path))),
    besides: async () => new Set(),
  });
  return { name, sidecars };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError(path, error);
  }
}
