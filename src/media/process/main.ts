import { Channel } from '../../protocol/channel';
import type { MediaEvents, MediaMethods, MediaParentMethods } from '../../protocol/media';
import { type ChildBaseEvents, type ChildBaseMethods, parentPort, readyEvent } from '../../supervise/childPort';
import { lanes, mediaVariable, parseOptions } from '../options';
import { loadDecoder } from './decoder';
import { mediaService } from './service';

/** The media child: decodes, scales and crops images with sharp, so that a crash of it costs a second and no work. */
async function main(): Promise<void> {
  const port = parentPort();
  const options = parseOptions(process.env[mediaVariable]);
  const decoder = await loadDecoder(Math.max(1, Math.floor(options.threads / lanes)));
  const channel = new Channel<
    MediaMethods & ChildBaseMethods,
    MediaParentMethods,
    MediaEvents & ChildBaseEvents,
    Record<never, never>
  >(port, { ...mediaService(decoder, options), 'child/ping': () => null }, (method, error) =>
    process.stderr.write(`${method}: ${error instanceof Error ? error.stack : String(error)}\n`),
  );
  // `sharp` is missing among the versions when it does not work here.
  const versions = decoder.sharp === null ? { problem: decoder.reason } : { ...decoder.versions };
  channel.emit(readyEvent, { pid: process.pid, versions });
}

void main();
