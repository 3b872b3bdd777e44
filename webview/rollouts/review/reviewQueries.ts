import { everything, type FilterChip, type TraceQuery, type TraceSort } from '../../../src/protocol/query';
import { columnsOf, isEverything } from '../filter/queryWords';

/** Orders of what deserves a person's eyes, most first. Groups without any of it come last. */
export const reviewSorts: readonly { readonly label: string; readonly title: string; readonly sort: TraceSort }[] = [
  {
    label: 'Spread of rewards',
    title: 'Groups whose rewards differ most; those without spread come last',
    sort: { column: 'reward', of: 'std', descending: true },
  },
  {
    label: 'Differ from recomputed',
    title: 'Groups in which most logged rewards differ from the recomputed ones',
    sort: { column: 'reward_differs', of: 'sum', descending: true },
  },
  {
    label: 'Distance from recomputed',
    title: 'Groups with the logged total furthest from the recomputed one',
    sort: { column: 'reward_difference', of: 'max', descending: true },
  },
  {
    label: 'People against the log',
    title: 'Groups in which most labels and rewards of people contradict the logged reward',
    sort: { column: 'human_flip', of: 'sum', descending: true },
  },
  {
    label: 'Distance from people’s rewards',
    title: 'Groups with the logged reward furthest from the one that somebody set',
    sort: { column: 'human_difference', of: 'max', descending: true },
  },
];

const is = (column: string, value: number): FilterChip => ({ kind: 'range', column, from: value, to: value });

/** What the list shows for a review: filter and order. */
export interface ReviewKind {
  readonly id: 'reviewAll' | 'reviewSpread' | 'reviewDiffers' | 'reviewFlips';
  readonly label: string;
  readonly query: TraceQuery;
  /** Why its columns may be lacking. */
  readonly lacking: string;
}

export const reviewKinds: readonly ReviewKind[] = [
  { id: 'reviewAll', label: 'All rollouts', query: everything, lacking: '' },
  {
    id: 'reviewSpread',
    label: 'Widest spread first',
    query: {
      chips: [is('zero_variance', 0)],
      where: '',
      sort: { column: 'reward', of: 'std', descending: true },
    },
    lacking: 'No group has two rewards.',
  },
  {
    id: 'reviewDiffers',
    label: 'Differ from recomputed',
    query: {
      chips: [is('reward_differs', 1)],
      where: '',
      sort: { column: 'reward_differs', of: 'sum', descending: true },
    },
    lacking: 'Recompute the rewards of all rollouts first.',
  },
  {
    id: 'reviewFlips',
    label: 'People against the log',
    query: { ...everything, sort: { column: 'human_flip', of: 'sum', descending: true } },
    lacking: 'Nobody has labelled a turn or set a reward yet.',
  },
];

/** The kind that a query is; null for a filter of the user's own. */
export function kindOf(query: TraceQuery): ReviewKind['id'] | null {
  if (isEverything(query)) return 'reviewAll';
  return reviewKinds.find((kind) => JSON.stringify(kind.query) === JSON.stringify(query))?.id ?? null;
}

/** Whether a trace with these columns can answer. */
export function canAsk(query: TraceQuery, columns: readonly { readonly name: string }[]): boolean {
  return columnsOf(query).every((name) => columns.some((column) => column.name === name));
}

/** Whether a query's answer changes with what people say. What SQL names is only looked for, not understood. */
export function asksOfPeople(query: TraceQuery): boolean {
  return columnsOf(query).some((name) => ofPeople.test(name)) || ofPeople.test(query.where);
}

const ofPeople = /\b(?:reviewed|human_difference|human_flip)\b/;
