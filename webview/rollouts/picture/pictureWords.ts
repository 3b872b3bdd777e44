import type { Size } from '../../../src/core/geometry/box';
import type { ImageState } from '../../../src/protocol/data';
import { corners, extent, pixels } from '../words';
import type { Mark } from './marks';

const kinds: Readonly<Record<Mark['kind'], string>> = {
  region: 'Region',
  click: 'Click',
  meant: 'Box as meant',
  sibling: 'Rollout',
  truth: 'Ground truth',
  task: 'Task model’s box',
  logged: 'Box as logged',
  guest: 'The other run’s region',
};

/** A mark in one line: what it is, where in the original, how large. */
export function markWords(mark: Mark): string {
  const number = mark.kind === 'truth' || mark.number === '' ? '' : ` ${mark.number}`;
  const label = mark.label === null || mark.label === '' ? '' : ` “${mark.label}”`;
  const { box } = mark;
  const where =
    box === null
      ? 'cannot be placed'
      : mark.kind === 'click'
        ? `${signWords(mark.sign ?? null)}${Math.round(box.x1)}, ${Math.round(box.y1)}`
        : `${corners(rounded(box))} (${pixels(extent(box))} of the original)`;
  const edited = mark.edited === undefined ? '' : ` · edited by ${mark.edited}`;
  const how = mark.failed !== undefined ? ` · ${mark.failed}` : mark.executed ? ' · as the tool cut it' : '';
  return `${kinds[mark.kind]}${number}${label}: ${where}${edited}${how}`;
}

const signWords = (sign: boolean | null): string => (sign === null ? '' : sign ? 'positive, ' : 'negative, ');

/** The line under the picture: what is pointed at, else what the image is and where it came from. */
export function pictureWords(
  image: ImageState | null,
  size: Size | null,
  mark: Mark | null,
  /** What a turn's own picture is called while it stands in the image's place. */
  screen: string | null = null,
): string {
  if (mark !== null) return markWords(mark);
  if (screen !== null) return `${size === null ? '' : `${pixels(size)} · `}${screen}`;
  if (image === null || image.kind !== 'resolved') return '';
  const more = image.count > 1 ? ` · first of ${image.count} images` : '';
  return `${size === null ? '' : `${pixels(size)} · `}${image.how}${more}`;
}

function rounded(box: Mark['raw']): Mark['raw'] {
  return { x1: Math.round(box.x1), y1: Math.round(box.y1), x2: Math.round(box.x2), y2: Math.round(box.y2) };
}
