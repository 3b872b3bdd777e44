import type { Size } from '../../../src/core/geometry/box';
import type { ImageState } from '../../../src/protocol/data';
import { corners, extent, pixels } from '../words';
import type { Mark } from './marks';

const kinds: Readonly<Record<Mark['kind'], string>> = {
  region: 'Region',
  sibling: 'Rollout',
  truth: 'Ground truth',
  task: 'Task model’s box',
};

/** A mark in one line: what it is, where in the original, how large. */
export function markWords(mark: Mark): string {
  const number = mark.kind === 'truth' || mark.number === '' ? '' : ` ${mark.number}`;
  const label = mark.label === null || mark.label === '' ? '' : ` “${mark.label}”`;
  const where =
    mark.box === null
      ? 'cannot be placed'
      : `${corners(rounded(mark.box))} (${pixels(extent(mark.box))} of the original)`;
  return `${kinds[mark.kind]}${number}${label}: ${where}`;
}

/** The line under the picture: what is pointed at, else what the image is and where it came from. */
export function pictureWords(image: ImageState | null, size: Size | null, mark: Mark | null): string {
  if (mark !== null) return markWords(mark);
  if (image === null || image.kind !== 'resolved') return '';
  const more = image.count > 1 ? ` · first of ${image.count} images` : '';
  return `${size === null ? '' : `${pixels(size)} · `}${image.how}${more}`;
}

function rounded(box: Mark['raw']): Mark['raw'] {
  return { x1: Math.round(box.x1), y1: Math.round(box.y1), x2: Math.round(box.x2), y2: Math.round(box.y2) };
}
