import { UserError } from '../../core/text/userError';
import type { Handlers } from '../../protocol/channel';
import type { CachedImage, MediaMethods } from '../../protocol/media';
import { lanes, type MediaOptions } from '../options';
import { PictureCache } from './cache';
import type { Decoder, Sharp } from './decoder';
import { type Header, HeaderReader, wholeImagePixels } from './header';
import { modelPixels } from './modelPixels';
import { renderOverlay } from './overlay';
import { SharedQueue } from './queue';
import { cutOf, fitInside, type Recipe, render } from './render';

/** The methods of the media child over sharp, or over its absence. */
export function mediaService(decoder: Decoder, options: MediaOptions): Handlers<MediaMethods> {
  return decoder.sharp === null ? refusing(decoder.reason) : serving(decoder.sharp, options);
}

function serving(sharp: Sharp, options: MediaOptions): Handlers<MediaMethods> {
  const headers = new HeaderReader(sharp, wholeImagePixels(options.memoryMb / lanes));
  const cache = new PictureCache(options.cacheDir, options.cacheBytes);
  const queue = new SharedQueue(Math.min(lanes, options.threads));

  const picture = async (header: Header, recipe: Recipe, signal: AbortSignal): Promise<CachedImage> => {
    const { cut, size } = recipe;
    const name = cache.nameOf([header.path, header.fingerprint, JSON.stringify(cut), size.width, size.height]);
    const ready = await cache.find(name);
    const { path, bytes } =
      ready ?? (await queue.run(name, signal, async () => cache.store(name, await render(sharp, header, recipe))));
    return { path, bytes, size };
  };

  return {
    'image/probe': async ({ path }) => {
      const { stored, orientation, format, bytes } = await headers.read(path);
      return { stored, orientation, format, bytes };
    },
    'image/preview': async ({ path, maxSide }, signal) => {
      const header = await headers.read(path);
      return picture(header, { cut: null, size: fitInside(header.stored, maxSide) }, signal);
    },
    'image/region': async ({ path, box, maxSide }, signal) => {
      const header = await headers.read(path);
      const cut = cutOf(box, header);
      return picture(header, { cut, size: fitInside(cut, maxSide) }, signal);
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
    'image/pixels': async (request, signal) => {
      const header = await headers.read(request.path);
      const key = JSON.stringify([request, header.fingerprint]);
      return queue.run(key, signal, () => modelPixels(sharp, header, request));
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
    'image/overlay': refuse,
    'image/pixels': refuse,
  };
}
