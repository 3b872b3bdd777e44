import type { ImageSetEvents, ImageSetMethods } from './imageSet';
import type { ImageSetExportEvents, ImageSetExportMethods } from './imageSetExport';
import type { ImageSetNotesMethods } from './imageSetNotes';
import type { ImageSetRolloutsEvents, ImageSetRolloutsMethods } from './imageSetRollouts';
import type { ImageSetScoreEvents, ImageSetScoreMethods } from './imageSetScores';

/** Everything the data child does with image sets. */
export type AllImageSetMethods = ImageSetMethods &
  ImageSetExportMethods &
  ImageSetNotesMethods &
  ImageSetRolloutsMethods &
  ImageSetScoreMethods;

export type AllImageSetEvents = ImageSetEvents & ImageSetExportEvents & ImageSetRolloutsEvents & ImageSetScoreEvents;
