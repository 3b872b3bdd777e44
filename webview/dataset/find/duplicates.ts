import { duplicatesColumn } from '../../../src/protocol/imageSet';
import { counted } from '../../rollouts/words';
import type { FindStore } from './findStore';

export const duplicatesAbout =
  'Compares what all images show, and groups those that are alike however they were scaled or encoded';

const looking = new WeakSet<FindStore>();

/** Has all images compared, then lists those that are alike by groups; other conditions stay. */
export async function findDuplicates(store: FindStore): Promise<void> {
  if (looking.has(store)) return;
  const { session } = store;
  looking.add(store);
  try {
    const found = await session.host.call('images/findDuplicates', {}, { deadline: Number.POSITIVE_INFINITY });
    if (found === null) return;
    const { groups, images, looked, unread } = found;
    const rest = unread === 0 ? '' : ` ${counted(unread, 'image')} could not be read.`;
    if (groups === 0) {
      session.say(`No near-duplicates among ${counted(looked, 'image')}.${rest}`);
      return;
    }
    void store.loadColumns();
    const query = store.query.value;
    const others = query.chips.filter((chip) => !('column' in chip && chip.column === duplicatesColumn));
    const grouped = { kind: 'range', column: duplicatesColumn, from: 1, to: null } as const;
    await store.applied({ ...query, chips: [...others, grouped], groupBy: duplicatesColumn });
    session.say(`${counted(images, 'image')} in ${counted(groups, 'group')} of near-duplicates.${rest}`);
  } catch (error) {
    session.report(error);
  } finally {
    looking.delete(store);
  }
}
