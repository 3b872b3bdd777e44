import type { CanvasRegion } from '../../../webview/canvas/imageCanvas';

/** A region of which a test names only what matters to it. */
export function region(
  id: string,
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  more: Partial<CanvasRegion> = {},
): CanvasRegion {
  return {
    id,
    box: { x1, y1, x2, y2 },
    number: id,
    title: '',
    palette: 0,
    stroke: 'solid',
    emphasis: 'normal',
    ...more,
  };
}
