import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { dota } from '../dota';
import { rounded } from './boxNumbers';
import { placeIn, same } from './changes';
import { LineEdits } from './lines';
import { fileEach, recordWriter } from './recordWriter';
import { quadOf } from './sodaAWriter';

/** DOTA's lines. */
export const dotaWriter = recordWriter(
  dota,
  ({ bytes, changed, removed, added, notes }) => {
    const edits = new LineEdits(bytes);
    for (const { before, after } of changed) {
      const line = placeIn(before);
      const [...words] = edits.words(line);
      const corners = same(before.shape, after.shape) ? null : quadOf(after.shape, notes);
      for (const [i, corner] of (corners ?? []).entries()) words[i] = cornerText(words[i] ?? '', corner);
      if (before.label !== after.label) words[8] = className(after);
      if (before.ignore !== after.ignore) words[9] = after.ignore ? '1' : '0';
      edits.setWords(line, words);
    }
    for (const one of removed) edits.remove(placeIn(one));
    edits.add(
      added.flatMap((one) => {
        const corners = quadOf(one.shape, notes);
        return corners === null ? [] : [[...corners.map(rounded), className(one), one.ignore ? 1 : 0].join(' ')];
      }),
    );
    return edits.edits;
  },
  fileEach,
);

/** A word of its own: a space would begin the next. */
function className({ label }: DatasetAnnotation): string {
  return (label ?? 'object').trim().replace(/\s+/g, '-');
}

/** What stands there where the number is the same; with a point where whole numbers have one. */
function cornerText(before: string, corner: number): string {
  if (Number(before) === corner) return before;
  return /^-?\d+\.\d+$/.test(before) && Number.isInteger(corner) ? `${corner}.0` : String(rounded(corner));
}
