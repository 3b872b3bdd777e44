import { settings } from './ids';

/** Settings the children are started with. */
export const processSettingIds = [
  settings.cacheFolder,
  settings.cacheSizeMB,
  settings.processThreads,
  settings.processMemoryMB,
] as const;

/** Settings that say where a trace's images are; they take effect at once. */
export const runSettingIds = [
  settings.imagesRoots,
  settings.runDatasetFiles,
  settings.runPromptKey,
  settings.runImageKey,
] as const;

/** Settings that allow a device: of this machine alone, so that no workspace can. */
export const deviceSettingIds = [
  settings.segmentationDevice,
  settings.segmentationDeviceIndex,
  settings.segmentationDeviceMemoryMB,
  settings.segmentationCudaLibraries,
] as const;
