import type { Session } from '../store/session';

/** Saves the selected rollout and those of its group that are drawn beside it as one page. */
export async function saveHtml(session: Session): Promise<void> {
  const place = session.place.value;
  if (place === null) return session.say('Select a rollout first.');
  const members = [...new Set([place.member, ...session.siblings.value])].sort((a, b) => a - b);
  const known = session.members.length;
  try {
    const asked = { group: place.group, members: members.filter((member) => member < known) };
    const saved = await session.host.call('share/html', asked, { deadline: Number.POSITIVE_INFINITY });
    if (saved) session.say(`${members.length === 1 ? 'The rollout is' : 'The rollouts are'} saved.`);
  } catch (error) {
    session.report(error);
  }
}
