import type { Handlers } from '../../../../protocol/channel';
import type { ImageSetScoreMethods } from '../../../../protocol/imageSetScores';
import type { SetScores } from './setScores';

/** Scores of the sets that are open. */
export function scoreService(scores: (setId: number) => SetScores): Handlers<ImageSetScoreMethods> {
  return {
    'imageset/scoreTable': ({ setId, path }, signal) => scores(setId).look(path, signal),
    'imageset/importScores': ({ setId, source }, signal) => scores(setId).import(source, signal),
    'imageset/embeddings': ({ setId }) => scores(setId).embeddingInfos(),
    'imageset/sortedValues': ({ setId, view, column, end }, signal) =>
      scores(setId).sortedValues(view, column, end, signal),
    'imageset/difficulty': ({ setId, source }) => scores(setId).setDifficulty(source),
    'imageset/sample': ({ setId, view, strategy, count, seed }, signal) =>
      scores(setId).sample(view, strategy, count, seed, signal),
  };
}
