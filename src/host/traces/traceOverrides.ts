import type { TraceOverrides } from '../../protocol/data';
import type { Remembered } from './traceMemory';

/** What settings and the user's own words say of a trace, together. */
export function traceOverrides(
  set: TraceOverrides,
  { frames, images, datasetFiles, imageRoots, components, unsplit, tool }: Remembered,
): TraceOverrides {
  const allFiles = [...datasetFiles, ...(set.datasetFiles ?? [])];
  const allRoots = [...imageRoots, ...(set.imageRoots ?? [])];
  return {
    ...set,
    frames,
    images,
    unsplit,
    ...(components === null ? {} : { components }),
    ...(tool === null ? {} : { tool }),
    ...(allFiles.length > 0 ? { datasetFiles: allFiles } : {}),
    ...(allRoots.length > 0 ? { imageRoots: allRoots } : {}),
  };
}
