import type { CocoMask } from '../../../src/core/mask/cocoMask';
import type { Held } from '../../segment/maskHistory';
import { givenMask } from '../../segment/segmentSession';
import { type ClickRerun, loggedMask } from './clickRerun';
import type { MaskEdits } from './maskEdits';

/** The name a mask of the log goes by until a click is added: whose it is, the log does not say. */
const loggedName = 'logged mask';

/**
 * Takes the clicks up to one of them, the one on show unless another is named, into the segmentation tool to go on by hand: with the
 * masks made again where there are any, else with the log's, else the model is asked.
 */
export function branchClicks(masks: MaskEdits, rerun: ClickRerun, last = rerun.clickOnShow): void {
  const clicks = rerun.clicks(last);
  const { session } = rerun;
  const { rollout } = session;
  if (clicks === null || rollout === null) return;
  if (!masks.tool.on) masks.toggle();
  const image = masks.tool.session.shownImage;
  if (!masks.tool.on || image === null) return;
  const again = rerun.at(clicks.length - 1) !== null;
  const fits = ({ size: [height, width] }: CocoMask) => height === image.size.height && width === image.size.width;
  const loggedAfter = (click: number | null): CocoMask | null => {
    const mask = loggedMask(rollout, click);
    return mask !== null && fits(mask) ? mask : null;
  };
  const after = (click: number): Held | null => {
    if (again) return rerun.at(click)?.held ?? null;
    const mask = loggedAfter(click);
    return mask === null ? null : givenMask(mask, loggedName);
  };
  const taken = clicks.map((click, index) => ({ click, after: after(index) }));
  masks.tool.session.takeOver(taken, loggedAfter(null));
  const whose = again ? 'the mask made again' : taken.at(-1)?.after === null ? 'the model’s mask' : 'the logged mask';
  session.say(`Going on by hand from click ${clicks.length}, with ${whose}.`);
}
