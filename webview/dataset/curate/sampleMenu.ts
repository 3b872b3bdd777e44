import { passRateColumn, type SampleStrategy } from '../../../src/protocol/imageSetScores';
import type { ColumnInfo } from '../../../src/protocol/query';
import { count, counted } from '../../rollouts/words';
import { type MenuItem, showMenu } from '../../ui/menu';
import { askLabel } from '../detail/labelBox';
import type { FindStore } from '../find/findStore';
import { chooseColumn, numericColumns } from './columnMenu';
import { importScores } from './importScores';
import type { ThresholdBar } from './thresholdBar';

/** What sampling reaches. */
export interface SampleParts {
  readonly find: FindStore;
  readonly threshold: ThresholdBar;
  /** What menus and questions open beside. */
  readonly anchor: HTMLElement;
}

type Item = MenuItem & { readonly kind: 'item' };

/** The menu of strategies; each asks how many, chooses among what is listed, and selects. */
export async function sampleMenu(parts: SampleParts): Promise<void> {
  const { find, anchor } = parts;
  const [columns, embeddings] = await Promise.all([find.knownColumns(), embeddingsOf(find)]);
  const { groupBy } = find.query.value;
  const item = (label: string, title: string, run: () => void, note?: string): Item => ({
    kind: 'item',
    label,
    title,
    run,
    ...(note === undefined ? {} : { note }),
  });
  const take = (words: string, strategy: SampleStrategy) => () => ask(parts, words, strategy);
  const spread = (column: string) => take(`at random, spread over ${column}`, { kind: 'stratified', column });
  const random = item(
    'At random',
    'Every listed image is as likely as any other',
    take('at random', { kind: 'random' }),
  );
  const grouped =
    groupBy === null
      ? []
      : [item(`Spread over the groups`, `Every group gives the same part of itself`, spread(groupBy), groupBy)];
  const extreme = (column: string, end: 'lowest' | 'highest', words: string) =>
    take(`${words}: ${end} ${column}`, { kind: 'extreme', column, end });
  const numbers = numericColumns(columns);
  const pick = (end: 'lowest' | 'highest') => () =>
    chooseColumn(anchor, end === 'lowest' ? 'Lowest of' : 'Highest of', numbers, (column) =>
      ask(parts, `${end} ${column}`, { kind: 'extreme', column, end }),
    );
  const stratified = item('Stratified by…', 'Every value of a column gives the same part of itself', () =>
    chooseColumn(anchor, 'Stratified by', columns.filter(isStratum), (column) => spread(column)()),
  );
  const farthest = embeddings.flatMap(({ name, dimensions, images }) =>
    (['cosine', 'L2'] as const).map((metric) =>
      item(
        `Farthest points of ${name}`,
        `k-centre greedy: each next image is the farthest from all chosen before, by ${metric} distance of ${dimensions} numbers; ${counted(images, 'image')} have a vector`,
        take(`farthest points of ${name}, ${metric}`, { kind: 'farthest', embedding: name, metric }),
        metric,
      ),
    ),
  );
  showMenu(anchor, 'Sample', [
    { kind: 'header', label: 'Random' },
    ...grouped,
    random,
    stratified,
    { kind: 'header', label: 'By a number' },
    ...rolloutItems(numbers, (label, column, end) =>
      item(
        label,
        `${end} ${column} first, then the order of the file`,
        extreme(column, end, label.toLowerCase()),
        `${end} ${column}`,
      ),
    ),
    item('Lowest of…', 'The smallest values of a column', pick('lowest')),
    item('Highest of…', 'The largest values of a column', pick('highest')),
    { kind: 'header', label: 'By an embedding' },
    ...farthest,
    item(
      'Import an embedding…',
      'A table with a vector an image: parquet, JSON Lines, .npy',
      () => void importScores(parts),
    ),
  ]);
}

/** Columns with names to choose from, and all of numbers. */
const isStratum = ({ kind, values }: ColumnInfo): boolean => kind === 'number' || values.length > 0;

/** What rollouts say of images, as far as they are there. */
function rolloutItems(
  numbers: readonly ColumnInfo[],
  made: (label: string, column: string, end: 'lowest' | 'highest') => Item,
): readonly Item[] {
  const there = (name: string) => numbers.some((column) => column.name === name);
  const hardest = [passRateColumn, 'reward'].find(there);
  return [
    ...(hardest === undefined ? [] : [made('Hardest', hardest, 'lowest')]),
    ...(there('rewardSpread') ? [made('Most disagreed', 'rewardSpread', 'highest')] : []),
  ];
}

async function embeddingsOf({ session }: FindStore) {
  try {
    return await session.host.call('set/embeddings', {}, { deadline: Number.POSITIVE_INFINITY });
  } catch (error) {
    session.report(error);
    return [];
  }
}

/** Asks how many, and a seed where chance has a part in it. */
function ask(parts: SampleParts, words: string, strategy: SampleStrategy): void {
  const seeded = strategy.kind !== 'extreme';
  const title = seeded ? 'How many, or how many and a seed' : 'How many';
  askLabel(parts.anchor, title, [], '100', (said) => {
    const [, wanted, seed = '1'] = /^(\d{1,9})(?:\D{1,20}(\d{1,9}))?$/.exec(said) ?? [];
    if (wanted === undefined) parts.find.session.say('Say how many images, or how many and a seed: 100, or 100 7.');
    else void sample(parts, words, strategy, Number(wanted), Number(seed));
  });
}

async function sample(
  { find: { session } }: SampleParts,
  words: string,
  strategy: SampleStrategy,
  wanted: number,
  seed: number,
): Promise<void> {
  const view = session.listing.value.found?.view.view ?? null;
  const listed = session.listing.value.found?.view.images ?? session.listing.value.count;
  try {
    const params = { view, strategy, count: wanted, seed };
    const found = await session.host.call('set/sample', params, { deadline: Number.POSITIVE_INFINITY });
    if (found === null) return;
    const { images, absent } = found;
    session.selection.images.set(new Set(images));
    const seeded = strategy.kind === 'extreme' ? '' : `, seed ${seed}`;
    const lacks = strategy.kind === 'farthest' ? 'vector' : 'value';
    const without = absent === 0 ? '' : ` ${count(absent)} have no ${lacks}.`;
    session.say(`${count(images.length)} of ${counted(listed, 'image')} are selected: ${words}${seeded}.${without}`);
  } catch (error) {
    session.report(error);
  }
}
