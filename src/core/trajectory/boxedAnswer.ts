import type { TextSpan } from './rollout';

const opening = '\\boxed{';

/** Inside of the last `\boxed{…}` in a span, braces balanced; null without one that closes. */
export function boxedAnswer(text: string, { start, end }: TextSpan): TextSpan | null {
  const at = text.slice(start, end).lastIndexOf(opening);
  if (at === -1) return null;
  const from = start + at + opening.length;
  let depth = 1;
  for (let i = from; i < end; i++) {
    const char = text[i];
    if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return { start: from, end: i };
  }
  return null;
}
