import type { ImageCanvas } from '../../canvas/imageCanvas';
import type { Session } from '../store/session';
import { afterPaint, onAny } from '../store/signal';
import type { LookStore } from './lookStore';
import { masksOf } from './masks';

/** Keeps the masks of the look on show over the picture. Reading a large one waits until what the user did is painted. */
export function showMasks(
  session: Session,
  store: LookStore,
  canvas: ImageCanvas,
  say: (trouble: string | null) => void,
): void {
  const paint = () => {
    const { rollout, imageSize, truth } = session;
    const { masks, trouble } = masksOf(rollout, store.current, imageSize.value, truth.value);
    canvas.setMasks(masks);
    say(trouble);
  };
  // Those of another rollout may not stay for a frame.
  store.looks.on(() => canvas.setMasks([]));
  onAny(afterPaint(paint), [session.look, store.looks, session.truth, session.imageSize]);
}
