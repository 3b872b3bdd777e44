import { counted } from '../../rollouts/words';
import type { SampleParts } from './sampleMenu';

/** Has the host ask for a table; a column that was imported is shown with a threshold through it. */
export async function importScores({ find, threshold }: Pick<SampleParts, 'find' | 'threshold'>): Promise<void> {
  const { session } = find;
  try {
    const done = await session.host.call('scores/import', {}, { deadline: Number.POSITIVE_INFINITY });
    if (done === null) return;
    const { name, images, rows, kind } = done;
    session.say(`${name}: ${counted(images, 'image')} of ${counted(rows, 'row')}.`);
    if (kind === 'vector') return;
    await find.loadColumns();
    await threshold.toggle(name);
  } catch (error) {
    session.report(error);
  }
}
