import { createHash } from 'node:crypto';
import type { LogFingerprint } from '../../../core/annotation/sidecar';
import type { ByteSource } from '../../../core/ports';

const headBytes = 64 * 1024;

/** What tells later whether a file is the one that a sidecar was written for. */
export async function headFingerprint(source: ByteSource): Promise<LogFingerprint> {
  const head = createHash('sha256')
    .update(await source.read(0, headBytes))
    .digest('hex');
  return { head, size: await source.size() };
}
