import type { ImageSetQuery } from '../../../protocol/imageSet';
import type { SavedQueries } from '../../traces/savedFilters';
import type { EditorServices } from '../services';

/** What every dataset editor of this window shares. */
export interface DatasetServices extends EditorServices {
  readonly imageFilters: SavedQueries<ImageSetQuery>;
}
