/** What is known of a picture that a question was asked about. */
export interface PictureFacts {
  /** Equal for equal bytes; null for a picture that could not be looked at. */
  readonly content: string | null;
  /** Equal for equal names in the log, and for pictures that no log names; null for one that only its own row holds. */
  readonly name: number | null;
}

/** Which of the pictures are one, by their place in what was asked. */
export interface SamePictures {
  /** Equal numbers for one picture. */
  readonly classes: readonly number[];
  /** Whether some picture of the class, by its number, is in it for its name alone. */
  readonly byName: ReadonlySet<number>;
}

/**
 * Tells the pictures of one question apart: by their bytes, whatever their names. A picture that could not be looked at is
 * the one of its name, unless that name stands for several: then it is none of them, but one with its likes.
 */
export function samePictures(pictures: readonly PictureFacts[]): SamePictures {
  const contents = new Map<string, number>();
  const named = new Map<number, Set<number>>();
  let count = 0;
  const classes = pictures.map(({ content, name }) => {
    if (content === null) return null;
    const known = contents.get(content) ?? count++;
    contents.set(content, known);
    if (name !== null) named.set(name, (named.get(name) ?? new Set()).add(known));
    return known;
  });
  const unseen = new Map<number, number>();
  const byName = new Set<number>();
  return {
    classes: classes.map((known, i) => {
      const name = pictures[i]?.name ?? null;
      if (known !== null) return known;
      if (name === null) return count++;
      const [only, second] = named.get(name) ?? [];
      const found = second === undefined && only !== undefined ? only : (unseen.get(name) ?? count++);
      if (found !== only) unseen.set(name, found);
      byName.add(found);
      return found;
    }),
    byName,
  };
}
