import type { Box } from '../../../src/core/geometry/box';
import type { KeyAction } from '../keys';
import type { MaskEdits } from '../masks/maskEdits';
import { isCancelled } from '../store/host';
import type { Session } from '../store/session';
import type { LiveStore } from './liveStore';
import type { RegionDrawing } from './regionDrawing';

/** What asking policies takes. */
export interface LiveParts {
  readonly session: Session;
  readonly live: LiveStore;
  readonly drawing: RegionDrawing;
  readonly masks: MaskEdits;
}

/** What keys and commands do about policies; false for other actions, and where there is nothing to do. */
export function liveAction(parts: LiveParts, action: KeyAction): boolean {
  switch (action) {
    case 'propose':
      void ask(parts, 1, true);
      return true;
    case 'sampleGroup':
      void ask(parts, null, false);
      return true;
    case 'finishDrawing':
      return parts.drawing.finish();
    case 'undoDrawing':
      return parts.drawing.undo();
    case 'cancelDrawing':
      return parts.drawing.cancel();
    default:
      return false;
  }
}

/** Asks the chosen policy about the selected group; a person is asked to draw first. */
async function ask(
  parts: LiveParts,
  count: number | null,
  choose: boolean,
  drawn: readonly Box[] | null = null,
): Promise<void> {
  const { session, live, drawing, masks } = parts;
  const group = session.place.value?.group;
  if (group === undefined || session.groupImage.value === null) {
    session.say('There is no image to ask about.');
    return;
  }
  if (live.job.value?.state === 'running') {
    session.say('A policy is being asked already.');
    return;
  }
  try {
    const answer = await session.host.call('live/ask', { image: group, count, choose, drawn }, { deadline: Infinity });
    if (answer.kind !== 'draw' || session.place.value?.group !== group) return;
    if (masks.on.value) masks.toggle();
    drawing.start(answer.maxRegions, (boxes) => void ask(parts, 1, false, boxes));
  } catch (error) {
    if (!isCancelled(error)) session.report(error);
  }
}
