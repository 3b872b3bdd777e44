import * as vscode from 'vscode';
import type { DuplicatesAnswer } from '../../../protocol/datasetEditor';
import type { Children } from '../../children';
import { hashedImages } from './hashedImages';
import type { ImageSetLink } from './imageSetLink';

const patient = { deadline: Number.POSITIVE_INFINITY };

/** *Find Near-Duplicates*: looks at every image of a set, which the user may stop; null then. */
export async function findDuplicates(
  link: ImageSetLink,
  { media }: Pick<Children, 'media'>,
  signal: AbortSignal,
): Promise<DuplicatesAnswer | null> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('Looking for near-duplicates');
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      const { frame } = await link.whenOpen();
      const { images } = await link.ask('imageset/info', { wait: true }, { signal: either, ...patient });
      const parts = {
        images,
        file: async (index: number, until: AbortSignal) =>
          (await link.ask('imageset/file', { index }, { signal: until, deadline: 60_000 }))?.path ?? null,
        hash: (path: string, until: AbortSignal) => media.hash(path, frame === 'oriented', until),
        done: (done: number) => {
          if (done % 20 !== 0 && done !== images) return;
          const increment = (100 * (done % 20 === 0 ? 20 : done % 20)) / images;
          progress.report({ message: vscode.l10n.t('{0} of {1} images', done, images), increment });
        },
      };
      const { unread, ...hashed } = await hashedImages(parts, either);
      const found = await link.ask('imageset/duplicates', { hashed }, { signal: either, ...patient });
      return { ...found, looked: images - unread, unread };
    } catch (error) {
      if (stop.signal.aborted) return null;
      throw error;
    }
  });
}
