import type { ImageNotes, Verdict } from './imageNotes';

/** What was said of an image as a whole: what grids show and queries filter by. */
export interface ImageMarks {
  readonly verdict: Verdict | null;
  readonly tags: readonly string[];
  /** Null where nobody moved it into another split than its file's. */
  readonly split: string | null;
  readonly reviewed: boolean;
  /** Annotations that were added, changed or removed, questions that were worded anew or answered. */
  readonly edits: number;
}

/** Null where the notes say nothing. */
export function marksOf(notes: ImageNotes): ImageMarks | null {
  const { verdict, tags, split, reviewed, annotations, questions, answers } = notes;
  const edits = [annotations, questions, answers].reduce((sum, said) => sum + Object.keys(said ?? {}).length, 0);
  if (verdict === undefined && tags === undefined && split === undefined && reviewed === undefined && edits === 0)
    return null;
  return {
    verdict: verdict?.value ?? null,
    tags: tags?.value ?? [],
    split: split?.value ?? null,
    reviewed: reviewed !== undefined,
    edits,
  };
}
