import { fromUpright, uprightSize } from '../../core/geometry/exifTurn';
import { UserError } from '../../core/text/userError';
import type { Handlers } from '../../protocol/channel';
import type { CachedImage, MediaMethods } from '../../protocol/media';
import { lanes, type MediaOptions } from '../options';
import { PictureCache } from './cache';
import type { Decoder, Sharp } from './decoder';
import { ValueRanges } from './depth';
import { encodeForModel } from './encode';
import { Hashes } from './hashes';
import { HashStore } from './hashStore';
import { type Header, HeaderReader, refuseBomb, wholeImagePixels } from './header';
import { modelPixels } from './modelPixels';
import { renderOverlay } from './overlay';
import { pictureMask } from './pictureMask';
import { Pyramids } from './pyramids';
import { SharedQueue } from './queue';
import { cutOf, fitInside, type Recipe, render } from './render';
import { repaintMask } from './repaintMask';
import { renderTile, tileSize } from './tiles';

/** The methods of the media child over sharp, or over its absence. */
export function mediaService(decoder: Decoder, options: MediaOptions): Handlers<MediaMethods> {
  return decoder.sharp === null ? refusing(decoder.reason) : serving(decoder.sharp, options);
}

function serving(sharp: Sharp, options: MediaOptions): Handlers<MediaMethods> {
  const headers = new HeaderReader(sharp, wholeImagePixels(options.memoryMb / lanes));
  const cache = new PictureCache(options.cacheDir, options.cacheBytes);
  const queue = new SharedQueue(Math.min(lanes, options.threads));

  const ranges = new ValueRanges(sharp);
  const hashes = new Hashes(sharp, ranges, queue, headers, new HashStore(cache));
  const pyramids = new Pyramids(cache, ranges, options.builder, options.threads, options.cacheBytes);

  const picture = async (
    header: Header,
    { cut, size }: Pick<Recipe, 'cut' | 'size'>,
    upright: boolean,
    signal: AbortSignal,
  ): Promise<CachedImage> => {
    const turn = upright ? header.orientation : 1;
    const key = [header.path, header.fingerprint, JSON.stringify(cut), size.width, size.height, turn];
    const name = cache.nameOf(key);
    const ready = await cache.find(name);
    const make = async () =>
      cache.store(name, await render(sharp, header, { cut, size, turn, range: await ranges.of(header) }));
    const { path, bytes } = ready ?? (await queue.run(name, signal, make));
    return { path, bytes, size: uprightSize(size, turn) };
  };

  return {
    'image/probe': async ({ path }) => {
      const { stored, orientation, format, bytes } = await headers.read(path);
      return { stored, orientation, format, bytes };
    },
    'image/preview': async ({ path, maxSide, upright = false }, signal) => {
      const header = await headers.read(path);
      return picture(header, { cut: null, size: fitInside(header.stored, maxSide) }, upright, signal);
    },
    'image/region': async ({ path, box, maxSide, upright = false }, signal) => {
      const header = await headers.read(path);
      const cut = cutOf(upright ? fromUpright(box, header.stored, header.orientation) : box, header);
      return picture(header, { cut, size: fitInside(cut, maxSide) }, upright, signal);
    },
    'image/pyramid': async ({ path }, signal) => {
      const header = await headers.read(path);
      if (!pyramids.wants(header)) return null;
      const { levels } = await pyramids.build(header, signal);
      return { levels: levels.map(({ size }) => size) };
    },
    'image/tile': async ({ path, level, column, row }, signal) => {
      const header = await headers.read(path);
      const layers = await pyramids.find(header);
      if (layers === null) throw new UserError(`${path}: its tiles have to be made anew`);
      const name = cache.nameOf([path, header.fingerprint, 'tile', level, column, row]);
      const made = async () => cache.store(name, await renderTile(sharp, layers, { level, column, row }));
      const size = tileSize(layers, { level, column, row });
      return { ...((await cache.find(name)) ?? (await queue.run(name, signal, made))), size };
    },
    'image/overlay': async ({ path, mask }, signal) => {
      const header = await headers.read(path);
      const name = cache.nameOf([header.path, header.fingerprint, 'overlay', JSON.stringify(mask)]);
      const ready = await cache.find(name);
      const made =
        ready ??
        (await queue.run(name, signal, async () => cache.store(name, await renderOverlay(sharp, header, mask))));
      return { path: made.path, bytes: made.bytes, size: header.stored };
    },
    'image/mask': async (request, signal) => {
      const { source } = request;
      if (source.kind === 'base64') {
        const bytes = Buffer.from(source.base64, 'base64');
        return queue.run(JSON.stringify(request), signal, () => pictureMask(sharp, bytes, request));
      }
      const header = await headers.read(source.path);
      refuseBomb(header);
      const key = JSON.stringify([request, header.fingerprint]);
      return queue.run(key, signal, () => pictureMask(sharp, header.path, request));
    },
    'image/repaint': async (request, signal) => {
      const { source } = request;
      if (source?.kind === 'file') refuseBomb(await headers.read(source.path));
      const input = source?.kind === 'base64' ? Buffer.from(source.base64, 'base64') : (source?.path ?? null);
      return queue.run(JSON.stringify(['repaint', request]), signal, () => repaintMask(sharp, input, request));
    },
    'image/pixels': async (request, signal) => {
      const header = await headers.read(request.path);
      const key = JSON.stringify([request, header.fingerprint]);
      return queue.run(key, signal, () => modelPixels(sharp, header, request));
    },
    'image/hash': ({ path, upright }, signal) => hashes.of(path, upright, signal),
    'image/knownHashes': ({ paths, upright }) => Promise.all(paths.map((path) => hashes.known(path, upright))),
    'image/encode': async (request, signal) => {
      const header = await headers.read(request.path);
      const key = JSON.stringify(['encode', request, header.fingerprint]);
      return queue.run(key, signal, () => encodeForModel(sharp, header, request));
    },
  };
}

function refusing(reason: string): Handlers<MediaMethods> {
  const refuse = (): never => {
    throw new UserError(`Images cannot be decoded outside the editor: sharp does not work here (${reason})`);
  };
  return {
    'image/probe': refuse,
    'image/preview': refuse,
    'image/region': refuse,
    'image/pyramid': refuse,
    'image/tile': refuse,
    'image/overlay': refuse,
    'image/mask': refuse,
    'image/repaint': refuse,
    'image/pixels': refuse,
    'image/encode': refuse,
    'image/hash': refuse,
    'image/knownHashes': refuse,
  };
}
