import * as vscode from 'vscode';
import type { ImageSetQuery } from '../../../protocol/imageSet';
import { SavedQueries } from '../../traces/savedFilters';
import { columnsOfChips, describeChips, type QueryWords } from '../filterPicks';
import { imageSetQuery } from '../querySchema';

/** Filters of images, kept in the workspace. */
export const imageFilters = (state: vscode.Memento): SavedQueries<ImageSetQuery> =>
  new SavedQueries(state, 'saccade.imageFilters', imageSetQuery);

/** Kept filters of images in words. */
export const imageQueryWords: QueryWords<ImageSetQuery> = {
  get none() {
    return vscode.l10n.t('No filter of images is saved in this workspace. Filter or sort, then save what you set.');
  },
  describe: ({ chips, where, sort, groupBy }) => {
    const order = sort === null ? [] : [vscode.l10n.t('sorted by {0}', sort.column)];
    const grouped = groupBy === null ? [] : [vscode.l10n.t('grouped by {0}', groupBy)];
    return [...describeChips(chips, where), ...order, ...grouped].join(' · ');
  },
  columnsOf: ({ chips, sort, groupBy }) => [
    ...columnsOfChips(chips),
    ...(sort === null ? [] : [sort.column]),
    ...(groupBy === null ? [] : [groupBy]),
  ],
  lacks: (columns) => vscode.l10n.t('$(warning) This set has no column {0}', columns),
};
