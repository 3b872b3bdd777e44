import type { ImageSetInfo, LabelCount } from '../../../protocol/imageSet';
import type { RowMask } from '../columns/groupStatistics';
import { inMask } from '../columns/rowMask';
import type { EffectiveTables } from './effectiveTables';
import type { SetTables } from './setTables';

export function imageSetInfo(tables: EffectiveTables, { problems, skeletons }: SetTables): ImageSetInfo {
  const { images } = tables;
  const splits = new Uint32Array(images.splits.list.length);
  for (let index = 0; index < images.length; index++) {
    const split = images.splitOf[index] ?? -1;
    if (split >= 0) splits[split] = (splits[split] ?? 0) + 1;
  }
  return {
    images: images.length,
    annotations: tables.counted,
    labels: labelCounts(tables, null),
    skeletons: [...skeletons].map(([label, skeleton]) => ({ label, ...skeleton })),
    splits: images.splits.list.map((split, code) => ({ split, images: splits[code] ?? 0 })),
    problems: problems.problems,
    problemCount: problems.count,
  };
}

/** Of the annotations in `among`, or of all; every label of the set in its order, those that nothing has too. */
export function labelCounts(tables: EffectiveTables, among: RowMask): readonly LabelCount[] {
  const { images, annotations, labels } = tables;
  const { starts, order } = tables.byImage();
  const [ofImages, ofAnnotations] = [new Uint32Array(labels.list.length), new Uint32Array(labels.list.length)];
  const lastSeen = new Int32Array(labels.list.length).fill(-1);
  for (let image = 0; image < Math.min(images.length, starts.length - 1); image++)
    for (let i = starts[image] ?? 0; i < (starts[image + 1] ?? 0); i++) {
      const at = order[i] ?? 0;
      const label = annotations.labels[at] ?? -1;
      if (label < 0 || !inMask(among, at)) continue;
      ofAnnotations[label] = (ofAnnotations[label] ?? 0) + 1;
      if (lastSeen[label] === image) continue;
      lastSeen[label] = image;
      ofImages[label] = (ofImages[label] ?? 0) + 1;
    }
  return labels.list.map((label, code) => ({
    label,
    images: ofImages[code] ?? 0,
    annotations: ofAnnotations[code] ?? 0,
  }));
}
