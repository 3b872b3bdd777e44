import type { Session } from '../store/session';

/** Opens the dataset editor at the image that the selected group was asked about. */
export async function showSample(session: Session): Promise<void> {
  const group = session.place.value?.group;
  if (group === undefined) return session.say('Select a rollout first.');
  try {
    await session.host.call('sample/show', { group }, { deadline: Number.POSITIVE_INFINITY });
  } catch (error) {
    session.report(error);
  }
}
