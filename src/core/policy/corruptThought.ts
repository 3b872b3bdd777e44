const opposites: readonly (readonly [string, string])[] = [
  ['left', 'right'],
  ['top', 'bottom'],
  ['upper', 'lower'],
  ['above', 'below'],
  ['over', 'under'],
  ['front', 'back'],
  ['inside', 'outside'],
  ['near', 'far'],
  ['large', 'small'],
  ['big', 'tiny'],
  ['more', 'fewer'],
  ['open', 'closed'],
  ['empty', 'full'],
  ['bright', 'dark'],
  ['black', 'white'],
  ['red', 'green'],
  ['blue', 'yellow'],
  ['orange', 'purple'],
  ['brown', 'pink'],
  ['man', 'woman'],
  ['yes', 'no'],
];
const turned: ReadonlyMap<string, string> = new Map(
  opposites.flatMap(([one, other]): [string, string][] => [
    [one, other],
    [other, one],
  ]),
);
/** A thought is no document; what lies behind is left as it is. */
const longest = 20_000;
/** Options that are looked for in it, and characters of one: longer ones stand in no thought. */
const mostOptions = 32;
const longestOption = 200;

/**
 * A thought that says something else: an option's words become the next option's, words their opposites, numbers one more. The same
 * thought always becomes the same. Null where there is nothing to turn round: a thought left as it is would be no corruption.
 */
export function corruptThought(thought: string, options: readonly string[]): string | null {
  const named = options
    .slice(0, mostOptions)
    .filter((option) => option.trim() !== '' && option.length <= longestOption);
  const next = new Map(named.map((option, i) => [option.toLowerCase(), named[(i + 1) % named.length] ?? option]));
  // Longer options first: one may begin as another does.
  const literal = [...next.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const word = new RegExp(`(?<![\\p{L}\\d])(?:${[...literal, '\\p{L}+', '\\d+'].join('|')})(?![\\p{L}\\d])`, 'giu');
  const head = thought.slice(0, longest);
  const other = head.replace(word, (found) => {
    const key = found.toLowerCase();
    if (/^\d{1,9}$/.test(found) && !next.has(key)) return String(Number(found) + 1);
    return next.get(key) ?? turned.get(key) ?? found;
  });
  return other === head ? null : other + thought.slice(longest);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
