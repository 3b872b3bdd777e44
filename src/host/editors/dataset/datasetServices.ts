import type { ImageSetQuery } from '../../../protocol/imageSet';
import type { Policies } from '../../policies/policies';
import type { SavedQueries } from '../../traces/savedFilters';
import type { RolloutsEditors } from '../rolloutsEditors';
import type { EditorServices } from '../services';
import type { RolloutsMemory } from './rollouts/rolloutsMemory';
import type { ScoreMemory } from './scores/scoreMemory';

/** What every dataset editor of this window shares. */
export interface DatasetServices extends EditorServices {
  readonly policies: Policies;
  readonly imageFilters: SavedQueries<ImageSetQuery>;
  readonly rollouts: RolloutsMemory;
  readonly editors: RolloutsEditors;
  readonly scores: ScoreMemory;
}
