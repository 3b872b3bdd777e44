import { lstatSync, mkdirSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** Where the children write. */
export interface CacheFolders {
  /** Previews and crops; the only folder of the two that webviews read. */
  readonly pictures: string;
  /** Tables built from logs and images written out of tables. Never on a network drive: DuckDB's locks fail there. */
  readonly tables: string;
  /** What segmenters made of images. */
  readonly embeddings: string;
}

/** `f_type` of file systems that live elsewhere: NFS, SMB, CIFS, SMB2, AFS, Ceph, Lustre, GPFS, BeeGFS, FUSE (sshfs). */
const networkTypes = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x00c36400, 0x0bd00bd0, 0x47504653, 0x19830326, 0x65735546,
]);

/**
 * The user's folder, else the extension's own storage; what may not be on a network drive goes to the machine's
 * temporary folder instead. Creates the folders.
 */
export function cacheFolders(
  wanted: string,
  storage: string,
  isNetwork: (folder: string) => boolean = isOnNetwork,
): CacheFolders {
  const base = wanted === '' ? join(storage, 'cache') : wanted;
  const remote = isNetwork(base);
  const pictures = join(remote && wanted === '' ? localFolder() : base, 'pictures');
  const tables = join(remote ? localFolder() : base, 'tables');
  const embeddings = join(remote ? localFolder() : base, 'embeddings');
  for (const folder of [pictures, tables, embeddings]) mkdirSync(folder, { recursive: true });
  return { pictures, tables, embeddings };
}

/** Of the nearest folder that exists. False where the system doesn't tell (Windows). */
export function isOnNetwork(folder: string): boolean {
  try {
    return networkTypes.has(statfsSync(folder).type >>> 0);
  } catch (error) {
    const parent = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) return false;
    return isOnNetwork(parent);
  }
}

/** A folder of this user alone under the shared temporary one, where anybody may have made one of that name before. */
function localFolder(): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `saccade-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  const ours = stat.isDirectory() && (uid === -1 || stat.uid === uid);
  return ours ? folder : mkdtempSync(`${folder}-`);
}
