import { Channel } from '../../protocol/channel';
import type { DataEvents, DataMethods, DataParentMethods } from '../../protocol/data';
import { type ChildBaseEvents, type ChildBaseMethods, parentPort, readyEvent } from '../../supervise/childPort';
import { mended } from '../../supervise/mended';
import { dataVariable, parseOptions } from '../options';
import { dataService } from './service';

/** The data child: finds, scans and reads traces and joins their images, so that no large file is read elsewhere. */
function main(): void {
  const port = parentPort();
  const log = (what: string, error: unknown): void => {
    process.stderr.write(`${what}: ${error instanceof Error ? error.stack : String(error)}\n`);
  };
  const service = dataService(
    {
      imageSize: (path) => channel.call('image/size', { path }),
      repaintMask: (request) => mended(channel.call('image/repaint', request)),
      readMask: (request) => mended(channel.call('image/mask', request)),
      progress: (progress) => channel.emit('trace/progress', progress),
      scored: (progress) => channel.emit('score/progress', progress),
      searched: (traceId, done, total) => channel.emit('trace/searched', { traceId, done, total }),
      imageSetProgress: (progress) => channel.emit('imageset/progress', progress),
      sampling: (progress) => channel.emit('imageset/sampling', progress),
      exporting: (progress) => channel.emit('imageset/exporting', progress),
      joining: (progress) => channel.emit('imageset/joining', progress),
      stale: (traceId) => channel.emit('trace/stale', { traceId }),
      log: (error) => log('trace', error),
    },
    parseOptions(process.env[dataVariable]),
  );
  const channel = new Channel<
    DataMethods & ChildBaseMethods,
    DataParentMethods,
    DataEvents & ChildBaseEvents,
    Record<never, never>
  >(port, { ...service, 'child/ping': () => null }, log);
  channel.emit(readyEvent, { pid: process.pid, versions: { node: process.versions.node } });
}

main();
