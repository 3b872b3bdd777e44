import type { DatasetAction } from '../../src/protocol/datasetEditor';
import { type HelpRow, helpRows, pressedName } from '../ui/keyNames';
import { type DetailAction, detailKeys, type MarkAction, markKeys } from './detail/detailKeys';

/** Actions of the dataset editor that a key reaches; those the host knows too are commands. */
export type KeyAction =
  | DatasetAction
  | DetailAction
  | MarkAction
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'extendLeft'
  | 'extendRight'
  | 'extendUp'
  | 'extendDown'
  | 'toggleSelected'
  | 'nextSection'
  | 'previousSection';

/** Where a key counts: `all` in both modes, else only among all images or only at one. */
export type KeyPlace = 'all' | 'grid' | 'detail';

export interface KeyRow extends HelpRow {
  readonly action: KeyAction;
  readonly place: KeyPlace;
  readonly topic: 'Images' | 'Selection' | 'Find' | 'View' | 'Draw' | 'Annotations' | 'Picture' | 'Video' | 'Curate';
}

/** The one table of keys of the dataset editor: the handler, the help sheet and the docs read it. */
export const datasetKeys: readonly KeyRow[] = [
  { action: 'left', keys: ['ArrowLeft'], place: 'grid', label: 'Image to the left', topic: 'Images' },
  { action: 'right', keys: ['ArrowRight'], place: 'grid', label: 'Image to the right', topic: 'Images' },
  { action: 'up', keys: ['ArrowUp'], place: 'grid', label: 'Image above', topic: 'Images' },
  { action: 'down', keys: ['ArrowDown'], place: 'grid', label: 'Image below', topic: 'Images' },
  { action: 'pageUp', keys: ['PageUp'], place: 'grid', label: 'One page up', topic: 'Images' },
  { action: 'pageDown', keys: ['PageDown'], place: 'grid', label: 'One page down', topic: 'Images' },
  { action: 'home', keys: ['Home'], place: 'grid', label: 'First image', topic: 'Images' },
  { action: 'end', keys: ['End'], place: 'grid', label: 'Last image', topic: 'Images' },
  { action: 'nextSection', keys: [']'], place: 'grid', label: 'Next section', topic: 'Images' },
  { action: 'previousSection', keys: ['['], place: 'grid', label: 'Previous section', topic: 'Images' },
  { action: 'openImage', keys: ['Enter'], place: 'grid', label: 'Show the image alone', topic: 'Images' },
  { action: 'closeImage', keys: ['Escape'], place: 'detail', label: 'Back to all images', topic: 'Images' },
  { action: 'nextImage', keys: ['j', 'n'], place: 'all', label: 'Next image', topic: 'Images' },
  { action: 'previousImage', keys: ['k', 'p'], place: 'all', label: 'Previous image', topic: 'Images' },
  { action: 'toggleSelected', keys: [' '], place: 'grid', label: 'Select or leave out', topic: 'Selection' },
  { action: 'extendLeft', keys: ['Shift+ArrowLeft'], place: 'grid', label: 'Select a range', topic: 'Selection' },
  { action: 'extendRight', keys: ['Shift+ArrowRight'], place: 'grid', label: 'Select a range', topic: 'Selection' },
  { action: 'extendUp', keys: ['Shift+ArrowUp'], place: 'grid', label: 'Select a range', topic: 'Selection' },
  { action: 'extendDown', keys: ['Shift+ArrowDown'], place: 'grid', label: 'Select a range', topic: 'Selection' },
  { action: 'selectAll', keys: ['Ctrl+a'], place: 'grid', label: 'Select all that is listed', topic: 'Selection' },
  { action: 'clearSelection', keys: ['Escape'], place: 'grid', label: 'Select nothing', topic: 'Selection' },
  { action: 'search', keys: ['/'], place: 'grid', label: 'Search file names', topic: 'Find' },
  { action: 'addFilter', keys: ['F'], place: 'grid', label: 'Add a filter', topic: 'Find' },
  { action: 'sql', keys: ['w'], place: 'grid', label: 'SQL condition', topic: 'Find' },
  { action: 'sort', keys: ['s'], place: 'grid', label: 'Sort', topic: 'Find' },
  { action: 'group', keys: ['g'], place: 'grid', label: 'Group', topic: 'Find' },
  { action: 'clearFilter', keys: ['x'], place: 'grid', label: 'Clear filter, order and groups', topic: 'Find' },
  { action: 'findDuplicates', keys: ['d'], place: 'grid', label: 'Find near-duplicates', topic: 'Find' },
  { action: 'toggleStatistics', keys: ['o'], place: 'grid', label: 'Statistics', topic: 'View' },
  { action: 'toggleList', keys: ['l'], place: 'grid', label: 'List or grid', topic: 'View' },
  { action: 'toggleBoxes', keys: ['b'], place: 'grid', label: 'Boxes', topic: 'View' },
  { action: 'larger', keys: ['+', '='], place: 'grid', label: 'Larger thumbnails', topic: 'View' },
  { action: 'smaller', keys: ['-', '_'], place: 'grid', label: 'Smaller thumbnails', topic: 'View' },
  ...markKeys.map((row) => ({ ...row, place: 'all' as const })),
  ...detailKeys.map((row) => ({ ...row, place: 'detail' as const })),
  { action: 'threshold', keys: ['T'], place: 'grid', label: 'Threshold through a column', topic: 'Curate' },
  { action: 'sampleImages', keys: ['R'], place: 'grid', label: 'Select a sample', topic: 'Curate' },
  { action: 'difficulty', keys: ['D'], place: 'grid', label: 'Difficulty', topic: 'Curate' },
  { action: 'importScores', keys: ['I'], place: 'grid', label: 'Import scores', topic: 'Curate' },
  { action: 'propose', keys: ['B'], place: 'all', label: 'Propose regions: ask a policy', topic: 'Curate' },
  { action: 'showRollouts', keys: ['J'], place: 'all', label: 'Show rollouts of traces', topic: 'Curate' },
  { action: 'exportImages', keys: ['E'], place: 'all', label: 'Export images', topic: 'Curate' },
  { action: 'showProblems', keys: ['e'], place: 'all', label: 'Problems', topic: 'View' },
  { action: 'toggleHelp', keys: ['?'], place: 'all', label: 'Keys', topic: 'View' },
];

/** What a pressed key means in a mode; null when it is not ours. */
export function findKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>,
  mode: 'grid' | 'detail',
): KeyRow | null {
  const command = event.ctrlKey || event.metaKey;
  if (event.altKey) return null;
  const name = command ? `Ctrl+${event.key.toLowerCase()}` : pressedName(event);
  return datasetKeys.find((row) => row.keys.includes(name) && (row.place === 'all' || row.place === mode)) ?? null;
}

/** The table for a reader. */
export const keyHelp = (): readonly HelpRow[] => helpRows(datasetKeys);
