import type { Box } from '../../src/core/geometry/box';
import type { ImageCanvas } from '../canvas/imageCanvas';
import type { EditorParts } from './actions';
import type { KeyFocus } from './keys';
import type { Session } from './store/session';

/** Where the focus is, as the table of keys asks. The list also owns the keys while nothing in particular has it. */
export function focusOf({ session, canvas, list, strip, looks, bottom, boxes, masks, drawing }: EditorParts): KeyFocus {
  const active = document.activeElement;
  const onCanvas = active !== null && canvas.element.contains(active);
  return {
    list: active === list.element || active === document.body || active === null,
    canvas: onCanvas,
    zoomed: zoomedPart(session, canvas) !== null,
    chain: strip.focused || (onCanvas && looks.looks.value.list.length > 1 && !strip.element.hidden),
    boxes: onCanvas && boxes.mark !== null,
    segment: masks.tool.on && (onCanvas || active === document.body || active === null),
    draw: drawing.on.value && (onCanvas || active === document.body || active === null),
    turns: bottom.onTurns,
  };
}

/** The part of the image on screen while the image is larger than its pane, original pixels; null otherwise. */
export function zoomedPart(session: Session, canvas: ImageCanvas): Box | null {
  const { visible } = canvas.viewport;
  const size = session.imageSize.value;
  if (size === null) return null;
  const all = visible.x2 - visible.x1 >= size.width - 0.5 && visible.y2 - visible.y1 >= size.height - 0.5;
  return all ? null : visible;
}
