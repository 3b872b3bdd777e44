/** A number as Python's `str` writes one, `nan` and `inf` included; null for anything else. */
export function pythonNumber(text: string): number | null {
  const word = text.trim();
  // No number is that long, and the pattern below would take its time over a million digits.
  if (word.length > 64) return null;
  if (/^[-+]?nan$/i.test(word)) return Number.NaN;
  const infinite = /^([-+]?)inf(?:inity)?$/i.exec(word);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(word) ? Number(word) : null;
}
