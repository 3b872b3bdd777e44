import type { KeyAction, KeyRow } from './keys';

/** A row for each arrow, on the box in hand. */
export function boxArrows(action: KeyAction, prefix: string, label: string): KeyRow[] {
  return ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].map((key) => {
    return { action, keys: [`${prefix}${key}`], place: 'boxes', label, topic: 'Annotation' };
  });
}

/** A row for each arrow, on the picture. */
export function pans(place: 'canvas' | 'zoomed', prefix: string): KeyRow[] {
  const label = place === 'canvas' ? 'Move the picture' : 'Move the picture when zoomed in';
  const row = (action: KeyAction, key: string): KeyRow => ({
    action,
    keys: [`${prefix}${key}`],
    place,
    label,
    topic: 'Picture',
  });
  return [
    row('panLeft', 'ArrowLeft'),
    row('panRight', 'ArrowRight'),
    row('panUp', 'ArrowUp'),
    row('panDown', 'ArrowDown'),
  ];
}
