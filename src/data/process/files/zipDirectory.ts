import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { UserError } from '../../../core/text/userError';
import { errorCode, fileError } from './fileSource';

/** An archive that claims more members than this is not listed: an evaluation has a few for each sample. */
const maxEntries = 500_000;
/** Folders below one another. */
const maxDepth = 32;

/**
 * Files of an archive by name, folders and unsafe names (absolute, with `..`, a drive or a zero byte) left out; of two
 * with one name the later, which is what Python's `zipfile` reads. Throws `UserError` for what is no zip.
 * @param path absolute; `shown` names it in messages.
 */
export async function zipEntries(path: string, shown: string): Promise<ReadonlyMap<string, Entry>> {
  let zip: ZipFile | null = null;
  try {
    // Names are decoded and checked below: a bad one should cost its member, not the archive.
    zip = await openPromise(path, { autoClose: false, decodeStrings: false });
    if (zip.entryCount > maxEntries)
      throw new UserError(`${shown} holds ${zip.entryCount} files, too many to be read.`);
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
      const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
      if (isPlainName(name)) entries.set(name, entry);
    }
    return entries;
  } catch (error) {
    if (UserError.is(error)) throw error;
    if (errorCode(error) !== null) throw fileError(shown, error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${shown} is no whole zip archive, or is still being written: ${reason}.`);
  } finally {
    zip?.close();
  }
}

function isPlainName(name: string): boolean {
  if (name === '' || name.endsWith('/') || name.startsWith('/') || /[\\\0]|^[a-z]:/i.test(name)) return false;
  const parts = name.split('/');
  return parts.length <= maxDepth && !parts.some((part) => part === '' || part === '.' || part === '..');
}
