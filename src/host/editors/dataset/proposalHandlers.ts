import { effectiveImage } from '../../../core/dataset/edit/imageNotes';
import { toUpright } from '../../../core/geometry/exifTurn';
import { proposalsOf } from '../../../core/policy/proposals';
import type { Handlers } from '../../../protocol/channel';
import type { DatasetHostMethods } from '../../../protocol/datasetEditor';
import type { ImageSetNotes } from '../../annotations/imageSetNotes';
import { sampleOfImage } from '../../policies/policySample';
import type { SampledTrace } from '../../policies/samplings';
import type { DatasetServices } from './datasetServices';
import type { DatasetSession } from './datasetSession';

/** Policies asked from one page of the dataset editor: their rollouts are shown, or proposed as annotations. */
export function proposalHandlers(
  { policies, children }: DatasetServices,
  link: DatasetSession['link'],
  notes: Pick<ImageSetNotes, 'notesOf'>,
  fileOf: (index: number, signal: AbortSignal) => Promise<string>,
): Handlers<Pick<DatasetHostMethods, 'policy/ask' | 'policy/open'>> {
  let last: SampledTrace | null = null;
  return {
    'policy/ask': async ({ index, show }, signal) => {
      const [image, path, { frame }] = await Promise.all([
        link.ask('imageset/image', { index }, { signal }),
        fileOf(index, signal),
        link.whenOpen(),
      ]);
      const standing = effectiveImage(image, await notes.notesOf(image.key));
      const found = await policies.ask(sampleOfImage(standing, path, frame));
      if (found === null) return null;
      last = found;
      if (show) {
        await policies.show(found);
        return null;
      }
      const proposals = proposalsOf(found.rollouts);
      if (frame === 'stored') return proposals;
      const { stored, orientation } = await children.media.probe(path, signal);
      return proposals.map((one) => ({ ...one, box: toUpright(one.box, stored, orientation) }));
    },
    'policy/open': async () => {
      if (last !== null) await policies.show(last);
      return null;
    },
  };
}
