/** How an answer is compared with the ground truth. */
export type MatchRule = 'exact' | 'multipleChoice' | 'number' | 'f1';

/** A comparison with both sides as they were compared, so that a person can see why it failed. */
export interface AnswerMatch {
  readonly rule: MatchRule;
  /** 1 or 0; a share for `f1`. NaN when the ground truth is nothing the rule can compare with. */
  readonly score: number;
  /** Null when the rule finds nothing to compare in the answer. */
  readonly predicted: string | null;
  readonly expected: string | null;
}

/**
 * Compares two answers. `exact`: case, articles, punctuation and white space do not count (SQuAD's normalisation).
 * `multipleChoice`: the first option letter that stands alone, as in `(B)`, `B.` or `Answer: B`. `number`: the last number
 * in each, equal to 1e-6 relative; thousands separators and a percent sign are read. `f1`: overlap of normalised words.
 */
export function matchAnswer(predicted: string, expected: string, rule: MatchRule): AnswerMatch {
  const read = readers[rule];
  const left = read(predicted);
  const right = read(expected);
  if (right === null) return { rule, score: Number.NaN, predicted: left, expected: right };
  const score = left === null ? 0 : compare(left, right, rule);
  return { rule, score, predicted: left, expected: right };
}

/** The rule that fits a ground truth: a single letter, a number, or text. */
export function ruleFor(expected: string): MatchRule {
  const text = expected.trim();
  if (/^\(?[A-Ja-j]\)?[.:]?$/.test(text)) return 'multipleChoice';
  return /^[-+]?[\d.,]{1,40}\s?%?$/.test(text) && numberIn(text) !== null ? 'number' : 'exact';
}

/**
 * The answer a response gives: the text of its first or last `<answer>`; without one the last `\boxed{…}`; else null. VLM-R1
 * reads the first, DeepEyes the last.
 */
export function answerOf(response: string, which: 'first' | 'last'): string | null {
  const open = which === 'first' ? response.indexOf('<answer>') : response.lastIndexOf('<answer>');
  if (open >= 0) {
    const start = open + '<answer>'.length;
    const end = response.indexOf('</answer>', start);
    return response.slice(start, end < 0 ? response.length : end).trim();
  }
  return boxed(response);
}

const readers: Readonly<Record<MatchRule, (text: string) => string | null>> = {
  exact: normaliseAnswer,
  multipleChoice: letterIn,
  number: (text) => numberIn(text)?.toString() ?? null,
  f1: normaliseAnswer,
};

/** Lower case, without punctuation and the articles a, an, the; words one space apart. */
export function normaliseAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'a' && word !== 'an' && word !== 'the')
    .join(' ');
}

function compare(left: string, right: string, rule: MatchRule): number {
  if (rule === 'f1') return wordF1(left, right);
  if (rule !== 'number') return left === right ? 1 : 0;
  const [a, b] = [Number(left), Number(right)];
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b)) ? 1 : 0;
}

function wordF1(left: string, right: string): number {
  const words = left.split(' ').filter((word) => word !== '');
  const rest = right.split(' ').filter((word) => word !== '');
  if (words.length === 0 || rest.length === 0) return words.length === rest.length ? 1 : 0;
  const counts = new Map<string, number>();
  for (const word of rest) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of words) {
    const have = counts.get(word) ?? 0;
    if (have === 0) continue;
    counts.set(word, have - 1);
    shared++;
  }
  const precision = shared / words.length;
  const recall = shared / rest.length;
  return shared === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function letterIn(text: string): string | null {
  const whole = /^\s*\(?([A-Ja-j])\)?\s*[.:)]?\s*$/.exec(text);
  const found = whole ?? /(?:^|[^A-Za-z0-9])\(?([A-J])(?:\)|\.|:|,|$|(?=\s))/.exec(text);
  return found?.[1]?.toUpperCase() ?? null;
}

function numberIn(text: string): number | null {
  const found = text.match(/[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?|[-+]?\.\d+/g);
  const last = found?.at(-1);
  const value = last === undefined ? Number.NaN : Number(last.replaceAll(',', ''));
  return Number.isFinite(value) ? value : null;
}

/** Content of the last `\boxed{…}` with its braces balanced. */
function boxed(response: string): string | null {
  const open = response.lastIndexOf('\\boxed{');
  if (open < 0) return null;
  const start = open + '\\boxed{'.length;
  let depth = 1;
  for (let at = start; at < response.length; at++) {
    const letter = response[at];
    if (letter === '{') depth++;
    else if (letter === '}' && --depth === 0) return response.slice(start, at).trim();
  }
  return null;
}
