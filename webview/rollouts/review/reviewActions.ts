import type { KeyAction } from '../keys';
import type { ReviewBar } from './reviewBar';

/** Runs what a review is made of; false for any other action. */
export function reviewAction(bar: ReviewBar, action: KeyAction): boolean {
  const { store } = bar;
  const acts: Partial<Record<KeyAction, () => void>> = {
    nextUnreviewed: () => store.step(1),
    previousUnreviewed: () => store.step(-1),
    reviewAndNext: () => store.markAndGoOn(),
    reviewGroup: () => store.markGroup(),
    reviewMenu: () => bar.open(),
    reviewAll: () => store.chooseById('reviewAll'),
    reviewSpread: () => store.chooseById('reviewSpread'),
    reviewDiffers: () => store.chooseById('reviewDiffers'),
    reviewFlips: () => store.chooseById('reviewFlips'),
  };
  const act = acts[action];
  act?.();
  return act !== undefined;
}
