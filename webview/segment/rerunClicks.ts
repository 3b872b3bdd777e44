import type { CocoMask } from '../../src/core/mask/cocoMask';
import type { ClickPrompt, ModelInfo } from '../../src/protocol/segment';
import type { Held } from './maskHistory';
import type { SegmentBackend } from './segmentHost';
import { givenMask, heldOf, previousOf } from './segmentSession';

export interface ClicksToRun {
  /** Number of the image in its editor. */
  readonly image: number;
  readonly model: ModelInfo;
  /** Stored pixels, in order. */
  readonly clicks: readonly ClickPrompt[];
  /** The mask they began with; null for none. */
  readonly start: CocoMask | null;
}

/**
 * Makes clicks again, one after the other, each on the model's own mask of those before it: what SegAgent's environment does with a
 * policy's clicks. The model sees all of the image. Answers with why the process is down, null otherwise; after an abort nothing is told.
 */
export async function rerunClicks(
  backend: Pick<SegmentBackend, 'run'>,
  { image, model, clicks, start }: ClicksToRun,
  signal: AbortSignal,
  onMask: (held: Held) => void,
): Promise<string | null> {
  let held = start === null ? null : givenMask(start, null);
  for (let count = 1; count <= clicks.length; count++) {
    const previous = previousOf(held, model.id, null);
    const asked = { image, crop: null, model: model.id, clicks: clicks.slice(0, count), box: null, previous };
    const reply = await backend.run({ ...asked, lane: 'rerun' }, signal);
    if (signal.aborted) return null;
    if ('down' in reply) return reply.down;
    held = heldOf(reply.answer, model, null);
    onMask(held);
  }
  return null;
}
