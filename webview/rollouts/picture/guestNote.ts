import { div, fill, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton } from '../../ui/iconButton';
import type { Session } from '../store/session';
import { counted } from '../words';

/** Says whose regions lie over the image besides this run's, while they do. */
export function guestNote(session: Session): HTMLElement {
  const note = div('guest-note');
  const paint = () => {
    const guest = session.guest.value;
    const shown = guest !== null && guest.group === session.place.value?.group;
    note.hidden = !shown;
    if (guest === null || !shown) return;
    const { rollouts } = guest.detail;
    const regions = rollouts.reduce((sum, rollout) => sum + rollout.regions.length, 0);
    fill(
      note,
      icon('git-compare'),
      span('guest-text', `B: ${guest.name}, ${counted(rollouts.length, 'rollout')}, ${counted(regions, 'region')}`),
      iconButton({ icon: 'close', label: 'Take the other run’s regions away', onClick: () => session.guest.set(null) }),
    );
  };
  session.guest.on(paint);
  session.place.on(paint);
  paint();
  return note;
}
