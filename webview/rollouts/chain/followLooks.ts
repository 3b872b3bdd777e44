import type { Box, Size } from '../../../src/core/geometry/box';
import type { ImageCanvas } from '../../canvas/imageCanvas';
import { clickId, regionId } from '../picture/marks';
import type { Session } from '../store/session';
import { clicksOf } from './clicks';
import type { LookStore } from './lookStore';
import type { Look } from './looks';

/** Room left around a part of the image that is moved to, as a share of its longer side: enough to tell where it lies. */
const room = 0.6;

/** Keeps the look on show and the selected region or click in step, and moves the view of the image along with a replay. */
export function followLooks(session: Session, store: LookStore, canvas: ImageCanvas): void {
  session.look.on(() => {
    const look = store.current;
    if (look === null) return;
    const id = markOf(session, look);
    const chosen = session.region.value;
    const here = chosen !== null && lookOfMark(session, store, chosen) === look.index;
    if (!here) session.region.set(id);
    session.speak(look.reason === null ? look.title : `${look.title}. ${look.reason}`);
    move(session, store, canvas, look);
  });
  session.chain.on((open) => {
    if (open && store.current !== null) move(session, store, canvas, store.current);
    else if (store.looks.value.kind === 'zoom') canvas.fit('slowly');
  });
  session.region.on((id) => {
    const at = id === null ? -1 : lookOfMark(session, store, id);
    if (at >= 0) session.look.set(at);
  });
}

function move(session: Session, store: LookStore, canvas: ImageCanvas, look: Look): void {
  if (!session.chain.value || store.looks.value.kind !== 'zoom') return;
  const box = look.picture?.box ?? look.step?.executed ?? look.step?.meant ?? null;
  if (box === null) canvas.fit('slowly');
  else canvas.zoomToBox(roomy(box, session.groupImage.value), room, 'slowly');
}

/** A box of no or hardly any area is shown with what lies around it. */
function roomy(box: Box, image: Size | null): Box {
  const least = image === null ? 0 : Math.max(image.width, image.height) / 16;
  const padX = Math.max(0, least - (box.x2 - box.x1)) / 2;
  const padY = Math.max(0, least - (box.y2 - box.y1)) / 2;
  return { x1: box.x1 - padX, y1: box.y1 - padY, x2: box.x2 + padX, y2: box.y2 + padY };
}

function markOf(session: Session, { mark }: Look): string | null {
  const member = session.place.value?.member ?? 0;
  if (mark === null) return null;
  return mark.kind === 'region' ? regionId(member, mark.index) : clickId(member, mark.index);
}

/** The look that a region or a click belongs to; −1 when it belongs to none. */
function lookOfMark(session: Session, store: LookStore, id: string): number {
  const { kind, list } = store.looks.value;
  if (kind !== 'screens') return list.findIndex((look) => markOf(session, look) === id);
  const { rollout, place } = session;
  if (rollout === null) return -1;
  const member = place.value?.member ?? 0;
  const turn =
    rollout.regions.find(({ index }) => regionId(member, index) === id)?.turn ??
    clicksOf(rollout).find(({ index }) => clickId(member, index) === id)?.turn;
  return turn === undefined ? -1 : list.findIndex(({ from, to }) => turn >= from && turn < to);
}
