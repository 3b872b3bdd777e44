import type { DatasetSession } from '../store/session';

/** Clicks on cells: one moves the cursor, with Ctrl, Shift or on the tick it selects, two open the image. */
export function listenToPointer(
  grid: HTMLElement,
  /** −1 for a node in no cell. */
  placeOf: (node: Element | null) => number,
  session: DatasetSession,
): void {
  const { selection } = session;
  const placeAt = ({ target }: Event): number => placeOf(target instanceof Element ? target : null);
  grid.addEventListener('click', (event) => {
    const place = placeAt(event);
    if (place < 0) return;
    const tick = event.target instanceof Element && event.target.closest('.cell-tick') !== null;
    if (event.shiftKey) selection.extend(place);
    else if (event.ctrlKey || event.metaKey || tick) selection.toggle(place);
    else {
      selection.clear();
      selection.move(place);
    }
  });
  grid.addEventListener('dblclick', (event) => {
    const place = placeAt(event);
    if (place >= 0) session.open(session.listing.value.imageAt(place));
  });
}
