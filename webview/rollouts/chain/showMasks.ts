import type { ImageCanvas } from '../../canvas/imageCanvas';
import type { ClickRerun } from '../masks/clickRerun';
import type { DrawnMasks } from '../masks/drawnMasks';
import type { Session } from '../store/session';
import { afterPaint, onAny } from '../store/signal';
import type { LookStore } from './lookStore';
import { masksOf } from './masks';

/** Keeps the masks of the look on show over the picture, logged and made again, and those that people drew on the image. Reading a large one waits until what the user did is painted. */
export function showMasks(
  session: Session,
  store: LookStore,
  drawn: DrawnMasks,
  rerun: ClickRerun,
  canvas: ImageCanvas,
  say: (trouble: string | null) => void,
): void {
  const paint = () => {
    const { rollout, imageSize, truth } = session;
    const { masks, trouble } = masksOf(rollout, store.current, imageSize.value, truth.value);
    const size = store.screen === null ? imageSize.value : null;
    canvas.setMasks(size === null ? masks : [...masks, ...rerun.shapes(size), ...drawn.shapes(size)]);
    say(trouble);
  };
  // Those of another rollout may not stay for a frame.
  store.looks.on(() => canvas.setMasks([]));
  onAny(afterPaint(paint), [session.look, store.looks, session.truth, session.imageSize, rerun.state]);
  const { hidden, solo, allHidden, opacity, inHand, chosen } = drawn;
  onAny(afterPaint(paint), [session.notes.version, hidden, solo, allHidden, opacity, inHand, chosen]);
  // A region is above the masks; on a turn's own picture there are none.
  canvas.onSelect((id, at) => drawn.chooseAt(id === null && store.screen === null ? at : null));
  session.region.on((region) => region !== null && chosen.set(null));
}
