import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import type { Size } from '../../../src/core/geometry/box';
import { createDataClient, type DataClient } from '../../../src/data/client';
import type { TraceOpened, TraceOverrides, TraceProgress } from '../../../src/protocol/data';
import { bundleChild } from '../childBundle';

const clients: DataClient[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.dispose();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder of the test's own, gone afterwards. */
export async function makeFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'saccade-data-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/**
 * The real data child behind its client. `imageSize` stands in for the media child's answers; `threads` is what its
 * scanning threads run, if not the real thing.
 */
export async function startClient(imageSize: (path: string) => Size | null = () => null, threads?: string) {
  const entry = await bundleChild('src/data/process/main.ts');
  const scanEntry = threads ?? (await bundleChild('src/data/process/scan/wide/worker.ts'));
  const log: string[] = [];
  const note = (message: string) => log.push(message);
  const cacheDir = await makeFolder();
  const client = createDataClient({
    entry,
    scanEntry,
    log: { info: note, warn: note, error: note },
    cacheDir,
    imageSize: async (path) => imageSize(path),
  });
  clients.push(client);
  return { client, log, cacheDir };
}

/** Opens a trace and collects what its scan reports. */
export async function openTrace(client: DataClient, path: string, overrides: TraceOverrides = {}) {
  const reports: TraceProgress[] = [];
  client.on('trace/progress', (progress) => reports.push(progress));
  const opened: TraceOpened = await client.call('trace/open', { path, overrides });
  const { traceId } = opened;
  return {
    opened,
    traceId,
    reports,
    scanned: () => client.call('trace/info', { traceId, wait: true }),
    groups: (start = 0, count = 100) => client.call('trace/groups', { traceId, start, count }),
    group: (group: number) => client.call('trace/group', { traceId, group }),
    rollout: (row: number) => client.call('trace/rollout', { traceId, row }),
  };
}

/** One line as verl writes it. */
export function verlLine(row: Readonly<Record<string, unknown>> = {}): string {
  const base = { input: 'user\nWhere?\nassistant\n', output: '<answer>A</answer>', gts: 'A', score: 1, step: 7 };
  return `${JSON.stringify({ ...base, ...row })}\n`;
}
