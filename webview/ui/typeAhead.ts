/** Milliseconds after which a letter begins a new word. */
const pause = 800;

/**
 * Finds what is typed in a list, as menus do: letters that follow each other make the beginning of a label; one letter again and
 * again goes from label to label.
 */
export class TypeAhead {
  private typed = '';
  private last = Number.NEGATIVE_INFINITY;

  /**
   * @param at place of the label that has the keyboard; −1 for none. @param now milliseconds.
   * @returns the place that is meant; `at` where no label begins so.
   */
  next(letter: string, labels: readonly string[], at: number, now: number): number {
    const lower = letter.toLowerCase();
    this.typed = now - this.last > pause ? lower : this.typed + lower;
    this.last = now;
    const again = [...this.typed].every((one) => one === lower);
    const wanted = again ? lower : this.typed;
    // A word goes on at the label it has found; a letter typed again leaves it.
    for (let step = again ? 1 : 0; step <= labels.length; step++) {
      const place = (Math.max(at, again ? -1 : 0) + step) % labels.length;
      if (labels[place]?.toLowerCase().startsWith(wanted)) return place;
    }
    return at;
  }
}
