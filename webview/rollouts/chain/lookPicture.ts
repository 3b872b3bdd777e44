import type { Box } from '../../../src/core/geometry/box';
import type { Picture } from '../picture/decode';
import type { Session } from '../store/session';
import { cropOf } from '../turns/regionCards';
import type { LookPicture } from './looks';

/** A look's picture. */
export interface ShownPicture {
  readonly picture: Picture;
  /** Part of the original that `picture` shows; null where nobody knows. */
  readonly box: Box | null;
  /** `logged`: the very picture. `cut`: cut from the image here, since the log kept none. `image`: the image itself. */
  readonly source: 'logged' | 'cut' | 'image';
}

/**
 * Loads a look's picture: the logged one, else the part of the image that it showed. Null where neither is to be had.
 * Rejects with the host's message when the logged one cannot be read and nothing stands for it.
 */
export async function loadLook(
  session: Session,
  { observation, box }: LookPicture,
  maxSide: number,
  signal: AbortSignal,
): Promise<ShownPicture | null> {
  const group = session.place.value?.group;
  const row = session.rollout?.row;
  const image = session.groupImage.value;
  const part = box === null || image === null ? null : cropOf(box, image);
  if (observation !== null && row !== undefined) {
    try {
      const picture = await session.views.load({ row, observation, box: null, maxSide }, signal);
      if (picture !== null) return { picture, box, source: 'logged' };
    } catch (error) {
      if (part === null || signal.aborted) throw error;
    }
  }
  if (group === undefined) return null;
  if (part !== null) {
    const picture = await session.pictures.part(group, part, maxSide, signal);
    // Of a part, `original` is the whole image's size: what it shows is the part.
    return { picture: { ...picture, original: sizeOf(part) }, box: part, source: 'cut' };
  }
  if (observation !== null || box !== null) return null;
  const picture = await session.pictures.load(group, session.previewSide);
  const { width, height } = picture.original;
  return { picture, box: { x1: 0, y1: 0, x2: width, y2: height }, source: 'image' };
}

const sizeOf = (box: Box) => ({ width: box.x2 - box.x1, height: box.y2 - box.y1 });
