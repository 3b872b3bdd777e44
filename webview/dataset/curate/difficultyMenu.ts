import { difficultyByPassRate } from '../../../src/core/dataset/difficulty';
import { type DifficultySource, difficultyColumn, passRateColumn } from '../../../src/protocol/imageSetScores';
import { count, counted } from '../../rollouts/words';
import { type MenuItem, showMenu } from '../../ui/menu';
import type { EditStore, MarkOfImages } from '../edit/editStore';
import type { FindStore } from '../find/findStore';
import { chooseColumn, numericColumns } from './columnMenu';

/** What a tag of difficulty begins with. */
const prefix = 'difficulty: ';

/** The menu of curriculum buckets: what they are made of, and what becomes of them. */
export async function difficultyMenu(anchor: HTMLElement, find: FindStore, edits: EditStore): Promise<void> {
  const columns = await find.knownColumns();
  const now = columns.find(({ name }) => name === difficultyColumn);
  const numbers = numericColumns(columns);
  const byRate = numbers.some(({ name }) => name === passRateColumn);
  const use = (source: DifficultySource) => () => void define(find, source);
  const kept: readonly MenuItem[] =
    now === undefined
      ? []
      : [
          {
            kind: 'item',
            label: 'Group by difficulty',
            title: now.about,
            checked: find.query.value.groupBy === difficultyColumn,
            run: () => find.groupBy(find.query.value.groupBy === difficultyColumn ? null : difficultyColumn),
          },
          { kind: 'item', label: 'Write as tags', title: now.about, run: () => void write(find, edits, 'tag') },
          { kind: 'item', label: 'Write as splits', title: now.about, run: () => void write(find, edits, 'split') },
          { kind: 'line' },
        ];
  const rate: readonly MenuItem[] = byRate
    ? [
        {
          kind: 'item',
          label: 'By pass rate of rollouts',
          title: difficultyByPassRate.about,
          run: use({ by: 'passRate' }),
        },
      ]
    : [];
  const quartiles = (hardest: 'lowest' | 'highest'): MenuItem => ({
    kind: 'item',
    label: `By quartiles, ${hardest} hardest…`,
    title: 'Four buckets of any column: hardest, harder, easier, easiest',
    run: () =>
      chooseColumn(
        anchor,
        `Difficulty by quartiles, ${hardest} hardest`,
        numbers,
        (column) => void define(find, { by: 'quartiles', column, hardest }),
      ),
  });
  showMenu(anchor, 'Difficulty', [...kept, ...rate, quartiles('lowest'), quartiles('highest')]);
}

/** Makes the column and shows its buckets. */
async function define(find: FindStore, source: DifficultySource): Promise<void> {
  const { session } = find;
  try {
    const { about } = await session.host.call('set/difficulty', { source }, { deadline: Number.POSITIVE_INFINITY });
    await find.loadColumns();
    await find.applied({ ...find.query.value, groupBy: difficultyColumn });
    session.say(about);
  } catch (error) {
    session.report(error);
  }
}

/** Marks every listed image with its bucket, as one step of undo; those without one are left alone. */
async function write(find: FindStore, edits: EditStore, as: 'tag' | 'split'): Promise<void> {
  const { session } = find;
  if (!session.mayEdit) return;
  try {
    const query = { ...find.query.value, sort: null, groupBy: difficultyColumn };
    const { order, sections } = await session.host.call('set/query', { query }, { deadline: Number.POSITIVE_INFINITY });
    const buckets: { readonly name: string; readonly indices: readonly number[] }[] = [];
    let start = 0;
    for (const { title, images } of sections) {
      if (title !== `no ${difficultyColumn}`)
        buckets.push({ name: title, indices: [...order.subarray(start, start + images)] });
      start += images;
    }
    const marks =
      as === 'split'
        ? buckets.map(({ name, indices }): MarkOfImages => ({ indices, mark: { kind: 'split', value: name } }))
        : tagsOf(buckets, edits.allTags);
    const images = buckets.reduce((sum, { indices }) => sum + indices.length, 0);
    const label = as === 'split' ? 'Split' : 'Tag';
    const changed = await edits.markEach(`${label} ${counted(images, 'image')} by difficulty`, marks);
    const parts = buckets.map(({ name, indices }) => `${name} ${count(indices.length)}`).join(', ');
    session.say(`${label} by difficulty: ${parts}; ${count(changed)} changed.`);
  } catch (error) {
    session.report(error);
  }
}

/** A tag of another bucket, from a time before, goes. */
function tagsOf(
  buckets: readonly { readonly name: string; readonly indices: readonly number[] }[],
  known: readonly string[],
): readonly MarkOfImages[] {
  const old = known.filter((tag) => tag.startsWith(prefix));
  const away = old.map((tag): MarkOfImages => {
    const others = buckets.filter(({ name }) => prefix + name !== tag);
    return { indices: others.flatMap(({ indices }) => indices), mark: { kind: 'tag', tag, on: false } };
  });
  const given = buckets.map(
    ({ name, indices }): MarkOfImages => ({ indices, mark: { kind: 'tag', tag: prefix + name, on: true } }),
  );
  return [...away, ...given];
}
