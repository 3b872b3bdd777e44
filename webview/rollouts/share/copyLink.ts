import type { FoundRecord } from '../../../src/protocol/notes';
import type { Session } from '../store/session';

/** Puts a link to the selected rollout on the clipboard. */
export async function copyLink(session: Session): Promise<void> {
  const row = session.rollout?.row ?? session.selected?.row;
  if (row === undefined) return session.say('Select a rollout first.');
  try {
    await session.host.call('notes/copyLink', { row });
    session.say('The link to this rollout is on the clipboard.');
  } catch (error) {
    session.report(error);
  }
}

/** Shows the rollout that a link leads to. A filter that does not list it stays. */
export function revealLinked(session: Session, { group, member, row }: FoundRecord): void {
  session.select({ group, member }, row);
  if (session.listing.value.placeOf({ group, member }) === null)
    session.say('This is the rollout of the link; the filter does not list it.');
}
