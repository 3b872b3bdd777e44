import type { JsonValue } from '../core/text/jsonValue';
import type { RolloutRecord } from '../core/trajectory/rollout';
import type { Columns } from './columns';
import { type LoggedImage, loggedImage } from './embedded';

/** Columns in which rows name their images, the first that has one. Trainers write none by themselves; reward functions can. */
export const imageColumns = ['images', 'image', 'image_path'] as const;

/**
 * The image that a row of a text log names in a column. One whose bytes stand there is not fetched from it: the row says so
 * instead of naming an image. A column with several images stays a field too.
 */
export function imageIn(columns: Columns): Pick<RolloutRecord, 'imageName' | 'imageTrouble'> {
  const logged = imageColumns.flatMap((name) => columnImages(columns, name));
  const named = logged.find((image) => image.kind === 'path');
  if (named !== undefined) return { imageName: named.path };
  const embedded = logged.some(({ kind }) => kind === 'embedded');
  if (embedded)
    return { imageName: null, imageTrouble: 'The image stands in the log itself as base64, which is not read here' };
  return logged.length === 0 ? { imageName: null } : { imageName: null, imageTrouble: takenOut };
}

/** Why a row whose images were all blanked names none. */
export const takenOut = 'The image was taken out of the log, and the row names no file';

/** Images of a column in order, none where it holds something else. One of several images stays a field too. */
export function columnImages(columns: Columns, name: string): readonly LoggedImage[] {
  const images = imagesOf(columns.peek(name));
  if (images.length < 2) columns.take(name);
  return images;
}

/** A value that can be no image says nothing of one. */
function imagesOf(value: JsonValue | undefined): readonly LoggedImage[] {
  if (typeof value !== 'string' && typeof value !== 'object') return [];
  if (value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((item: JsonValue) => loggedImage(item));
}
